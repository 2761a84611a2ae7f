import { z } from 'zod'
import type { ImportView } from '../domain/imports.ts'
import { DIMENSIONS } from '../domain/stamp.ts'
import { count } from '../domain/text.ts'
import { duration } from '../domain/time.ts'
import { quote } from './markdown.ts'

/**
 * Sentences about imports. Those that answer a command or an event name nobody, because they are kept, and an erasure
 * must leave no name in them. A `login` in the others was checked, and may stand in plain text on a thread, a page or a
 * terminal.
 */
export const imports = {
  declined:
    'The owner of this profile takes no part, or asked to be forgotten, so nothing of them is fetched or stored. ' +
    'They can take that back: /wl join.',
  notALogin:
    'That is no login of GitHub. Expected are up to 39 letters, digits, hyphens and underscores, as in the address of a profile.',
  again: (at: Date) => `This sheet is fresh: a profile is fetched once a day at most. Ask again after ${utc(at)}.`,
  noToken:
    'The operator of this bridge has set no IMPORT_TOKEN, so profiles can be imported only by their owners: ' +
    'signed in on the import page, or with the command /wl import.',
  noProfiles:
    'Profiles cannot be imported here yet: the operator’s ledger server has no database for them. The log of the bridge says what to do.',
  signInAgain: 'The sign-in for this import cannot be used any more. Sign in and ask again.',
  underWay: 'This profile is being imported already, and the answer comes where that was asked for.',
  begun: (login: string, page: string | undefined) =>
    `Importing the public profile of ${login} from GitHub. ` +
    (page === undefined ? 'The answer comes here.' : `The answer comes here; [its progress](${page}).`),
  waits: (until: Date) => `GitHub’s limit is reached: it goes on at ${utc(until)}.`,
  done: ({ login, handle, json, changed }: DoneSheet, page: string | undefined) =>
    [
      `${changed ? 'Imported' : 'Nothing has changed in'} the character sheet of ${login}` +
        `${page === undefined ? `, kept under the handle ${quote(handle)}` : `: [the sheet](${page})`}.`,
      sheetLines(json),
      'It shows public work on GitHub and is nobody’s judgement: stamps, levels and trust come from work done here. ' +
        '`/wl forget` removes it, and asks first.',
    ].join('\n\n'),
  failed: (login: string, why: string) => `The profile of ${login} was not imported. ${why}`,
  cancelled: (login: string) => `The import of ${login} was cancelled; nothing was stored.`,
  takenBack: 'This character sheet was removed at the wish of its owner.',
  fault: 'That is a fault of this bridge, not yours; its log says more to the operator. Nothing was stored.',
} as const

interface DoneSheet {
  login: string
  handle: string
  json: unknown
  changed: boolean
}

const Shown = z.object({
  value_dimensions: z.record(z.enum(DIMENSIONS), z.number()),
  not_enough_evidence: z.boolean(),
  skills: z.object({ primary_languages: z.array(z.object({ language: z.string(), proficiency_tier: z.string() })) }),
})
const SHOWN_LANGUAGES = 5

function sheetLines(json: unknown): string {
  const { value_dimensions: dimensions, not_enough_evidence: isPoor, skills } = Shown.parse(json)
  const languages = skills.primary_languages.slice(0, SHOWN_LANGUAGES)
  const lines = [
    isPoor
      ? 'Not enough public evidence for scores.'
      : DIMENSIONS.map((name) => `${name} ${Math.round(dimensions[name] * 100)} %`).join(', '),
    ...(languages.length === 0
      ? []
      : [
          languages
            .map(({ language, proficiency_tier: tier }) => `${quote(language, 40)} ${quote(tier, 20)}`)
            .join(', '),
        ]),
  ]
  return lines.map((line) => `- ${line}`).join('\n')
}

function utc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** The state of an import, in one line. */
export function stateLine({ login, state, progress, queue, waitsUntil, failure, sheet }: ImportView): string {
  if (waitsUntil !== undefined) return `${login}: ${imports.waits(waitsUntil)}`
  switch (state) {
    case 'queued':
      return `${login}: ${queue === undefined || queue.before === 0 ? 'begins' : `${count(queue.before, 'import')} before it, ${about(queue.seconds)}`}`
    case 'fetching':
      return `${login}: fetched ${progress.done} of ${Math.max(progress.of, progress.done)}`
    case 'done':
      return `${login}: ${sheet?.changed === true ? 'imported' : 'nothing has changed'}, under the handle ${sheet?.handle}`
    case 'failed':
      return `${login}: not imported. ${failure}`
    case 'scoring':
    case 'writing':
    case 'cancelled':
      return `${login}: ${state}`
    default:
      return state satisfies never
  }
}

/** The approximate waiting time, in words. */
function about(seconds: number): string {
  return `about ${duration(Math.max(seconds, 1))}`
}
