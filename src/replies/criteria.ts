import { count } from '../domain/text.ts'
import type { Refusal } from '../github/github-answer.ts'
import { login, quote } from './markdown.ts'
import { untold } from './untold.ts'

/** A criterion that a stamp needs. `waits`: it may be met without anybody doing something. */
export interface Criterion {
  /** Its name in the Dolt commit of a stamp that was given although it is not met. */
  name: string
  state: 'met' | 'unmet' | 'waits'
  /** Markdown. */
  text: string
  /** GitHub refuses to tell whether it is met, and is asked again. */
  isUntold?: true
}

/** The criteria of each kind, with their sentences. */
export const criterion = {
  checks(checks: { pass: number; failed: number; total: number } | undefined): Criterion {
    if (checks === undefined)
      return { name: 'checks', state: 'waits', text: 'Checks: none has reported on this head yet.' }
    const { pass, failed, total } = checks
    const state = pass === total ? 'met' : failed > 0 ? 'unmet' : 'waits'
    return {
      name: 'checks',
      state,
      text: `Checks: ${pass} of ${total} passed${failed > 0 ? `, ${failed} failed` : ''}.`,
    }
  },
  approvals(here: number, needed: number, older: number): Criterion {
    const before = older === 0 ? '' : `, ${older} of an older head`
    return {
      name: 'approvals',
      state: here >= needed ? 'met' : 'unmet',
      text: `Approvals: ${here} of ${needed} at this head${before}.`,
    }
  },
  changes(against: readonly string[]): Criterion {
    return against.length === 0
      ? { name: 'changes', state: 'met', text: 'No request for changes stands.' }
      : { name: 'changes', state: 'unmet', text: `Changes are asked for by ${against.map(login).join(', ')}.` }
  },
  task(
    { text, done, by }: { text: string; done: boolean; by: { login: string } | undefined },
    counts: boolean,
  ): Criterion {
    const what = `Acceptance: ${quote(text, 120)}`
    const name = `acceptance ${text}`
    if (!done) return { name, state: 'unmet', text: `${what}, not ticked on the issue of the item.` }
    if (by === undefined) return { name, state: 'unmet', text: `${what}, ticked by nobody whom GitHub names.` }
    return counts
      ? { name, state: 'met', text: `${what}, ticked by ${login(by.login)}.` }
      : { name, state: 'unmet', text: `${what}, ticked by ${login(by.login)}, who may not stamp this work.` }
  },
  /** The criterion for tasks that are not known, and so are not met. */
  unread(why: 'gone' | 'too many edits' | 'another host' | 'too tangled'): Criterion {
    const text = {
      gone: 'the issue of the item cannot be read: it was deleted, or this App may not see it.',
      'too many edits': 'the issue of the item was edited too often to see who ticked its tasks. Post a new issue.',
      'another host': 'the issue of the item is on another GitHub, so its tasks cannot be read here.',
      'too tangled':
        'the text of the issue, as it is or was, is too long or too nested to be read. Post a new issue with a plain task list.',
    }[why]
    return { name: 'acceptance', state: 'unmet', text: `Acceptance: ${text}` }
  },
  /** The criterion for an issue without tasks. It is met, and shown because the heading may be missing by mistake. */
  noTasks(elsewhere: number): Criterion {
    const others = elsewhere === 0 ? '' : ` Tasks elsewhere in it do not count (${elsewhere}).`
    const text = `the issue of the item has no task under a heading \`Acceptance\`, so none is asked for.${others}`
    return { name: 'acceptance', state: 'met', text: `Acceptance: ${text}` }
  },
  /** The criterion that GitHub refuses to tell of. It is not met. */
  untold(what: 'Checks' | 'Acceptance', refusal: Refusal): Criterion {
    const name = what.toLowerCase()
    return { name, state: 'unmet', isUntold: true, text: `${what}: ${untold[what](refusal)}` }
  },
  tooManyTasks(most: number): Criterion {
    return { name: 'acceptance', state: 'unmet', text: `Acceptance: the list has more than ${most} tasks. Shorten it.` }
  },
} as const

/** Criteria as lines of a list, each with a box. */
export function criteriaLines(criteria: readonly Criterion[]): string[] {
  return criteria.map(({ state, text }) => `- ${BOX[state]} ${text}`)
}

const BOX = { met: '☑', unmet: '☐', waits: '⏳' } as const

/** True for a criterion that bars a stamp now: it is not met, or not decided yet. */
export function isUnmet({ state }: Criterion): boolean {
  return state !== 'met'
}

/** The refusal of a stamp whose criteria are not all met. */
export function notMet(criteria: readonly Criterion[]): string {
  const missing = criteria.filter(isUnmet)
  return (
    `This work is not ready for a stamp, ${count(missing.length, 'criterion', 'criteria')} of ${criteria.length} not met at this head:\n\n` +
    `${criteriaLines(missing).join('\n')}\n\n` +
    'Once they are, repeat the command; or stamp all the same and say why: `/wl stamp quality=4 override="reason"`. The ledger keeps that reason.'
  )
}
