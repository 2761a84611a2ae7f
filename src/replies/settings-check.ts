import { clip, oneLine } from '../domain/text.ts'
import type { WrongLogin } from '../domain/wrong-login.ts'
import { quote } from './markdown.ts'

export const SETTINGS_CHECK = 'Wasteland settings'

/** The reasons why a settings file cannot be used, where no key of it is at fault. */
export const unusable = {
  noPlainFile: 'it is no plain file, or too large',
  tooLong(most: number): string {
    return `the file is longer than ${most} characters`
  },
  tooSlow: 'it takes too long to read: write it with less nesting and fewer keys',
  twoNames(old: string, name: string): string {
    return `${old} is the older name of ${name}: write ${name} alone`
  },
} as const

/** The check run for a settings file that cannot be used. */
export function brokenSettings(path: string, { line, reason }: { line: number; reason: string }, isKept: boolean) {
  const meanwhile = isKept
    ? 'The last good version stays in force, but `private` counts as `keep`.'
    : 'The defaults are in force.'
  return {
    title: `${path} is not usable`,
    summary: `Line ${line}: ${quote(reason)}\n\n${meanwhile} Correct the file on the default branch; README of wasteland-bridge lists its keys.`,
    message: clip(oneLine(reason, 300), 300),
  }
}

export const mendedSettings = {
  title: 'The settings are in force',
  summary: 'The file was not usable before; now it is read again.',
}

/** The check run for a file that is easily taken for the settings file. */
export function nearSettings(path: string, settings: string) {
  return {
    title: `${clip(oneLine(path, 60), 60)} is not read`,
    summary: `Settings are read from ${quote(settings)} and from nowhere else, so ${quote(path)} changes nothing. If it is meant, rename it to that.`,
  }
}

/** The check run for listed logins that mean nobody, or somebody who has another login now. */
export function wrongLogins(path: string, wrong: readonly WrongLogin[]) {
  const shown = wrong.slice(0, MOST_SHOWN).map((one) => `- ${quote(one.login)}: ${whatIsWrong(one)}`)
  const more = wrong.length > shown.length ? [`- and ${wrong.length - shown.length} more.`] : []
  return {
    title: `${path} lists logins that are not right`,
    summary: `The file is in force. Of the accounts that it lists:\n\n${[...shown, ...more].join('\n')}`,
  }
}

const MOST_SHOWN = 20
const ANEW = 'take the entry out, and add it again by a later commit'

/**
 * The fault of a login that a settings file lists: what is wrong, what counts meanwhile, and what to do. Plain text.
 */
export function whatIsWrong(one: WrongLogin): string {
  switch (one.is) {
    case 'unknown':
      return `when it was listed, GitHub knew no such account, so it means nobody. Correct it; if there is such an account now, ${ANEW}.`
    case 'moved':
      return (
        `it means account ${one.from}, which had this login when it was listed. ` +
        (one.to === undefined ? 'Nobody has it now. ' : `Account ${one.to} has it now, and gets nothing by it. `) +
        `Write the present login of the account that you mean; if that is this one, ${ANEW}.`
      )
    case 'too-many':
      return `a file lists at most ${one.most} accounts. This one is beyond them, so it means nobody. Name a team instead.`
    case 'untold':
      return 'GitHub does not tell us who that is, so it means nobody for now. It is asked again within minutes.'
    default:
      return one satisfies never
  }
}
