import { commandLine } from './command-line.ts'
import { faults } from './faults.ts'
import { fence, quote } from './markdown.ts'

const REOPEN =
  '`/wl undo` takes back a stamp of yours within a day, and its work waits to be judged again; `/wl unclaim` opens an item that is ' +
  'claimed; what was withdrawn or closed does not come back: open a new issue and `/wl post` it'
const CONFIRM =
  'it is the second word of a command that ends something: `/wl withdraw`, `/wl close`, `/wl forget` and `/wl decline` say ' +
  'what would happen, and give the whole line'

/**
 * The commands that may be meant by words with several meanings. There is no line to copy, because each of them ends
 * something.
 */
export const SEVERAL_MEANINGS: Readonly<Record<string, string>> = {
  cancel:
    '`/wl unclaim` releases a claim, `/wl undo` takes back a stamp of yours within a day, `/wl withdraw` takes an item of yours off the board',
  delete:
    '`/wl withdraw` takes an item of yours off the board, `/wl undo` takes back a stamp of yours within a day, `/wl forget` removes your imported profile, `/wl decline` takes you out',
  remove:
    '`/wl withdraw` takes an item of yours off the board, `/wl undo` takes back a stamp of yours within a day, `/wl forget` removes your imported profile, `/wl decline` takes you out',
  stop: '`/wl unclaim` releases a claim, `/wl withdraw` takes an item of yours off the board, `/wl decline` takes you out; the last two ask first',
  reopen: REOPEN,
  unclose: REOPEN,
  unwithdraw: REOPEN,
  restore: `\`/wl join\` takes \`/wl decline\` and \`/wl forget\` back; ${REOPEN}`,
  confirm: CONFIRM,
  yes: CONFIRM,
  demote: '`/wl promote` sets a trust level, a lower one too, and `/wl suspend` takes all rights: `/wl help promote`',
  reset: '`/wl undo` takes back a stamp of yours within a day, `/wl correct` changes one',
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}

function noCommand(name: string): string {
  return `There is no command ${quote(name)}.`
}

/** Replies to a line that is no command as it is written. Nothing of it has run. */
export const unread = {
  tooLong(line: string, length: number, most: number): string {
    return (
      `${quote(line)}: a command has at most ${most} characters and this one has ${length}, so it was not read. ` +
      'Say what is not meant for it in another paragraph.'
    )
  },
  /** `lines`: the two commands, where both are right. */
  twoCommands(line: string, lines: readonly string[] | undefined): string {
    const both = lines === undefined ? '' : `\n\nReady to copy:\n\n${fence(lines)}`
    return `${quote(line)}: two commands stand on one line, so neither was run. Put each on a line of its own.${both}`
  },
  /** Lists all that is wrong with a line of a known command. */
  faulty(
    line: string,
    found: readonly string[],
    { command, hasTable }: { command: string; hasTable: boolean },
  ): string {
    const help = `\`/wl help ${command}\` explains it.`
    const all = hasTable ? [...found, faults.table] : found
    return all.length === 1
      ? `${quote(line)}: ${sentence(all[0]!)} ${help}`
      : `${quote(line)} was not run:\n${all.map((one) => `- ${sentence(one)}`).join('\n')}\n\n${help}`
  },
  /** Appends the right line to what is wrong. */
  withLine(wrong: string, right: string): string {
    return `${wrong}\n\nIs this what you mean? Ready to copy:\n\n${fence([right])}`
  },
  /** Appends a line with `…` in the place of what only its author knows. */
  withGaps(wrong: string, line: string): string {
    return `${wrong}\n\nIs this what you mean, with what is missing in the place of ${quote('…')}?\n\n${fence([line])}`
  },
  noName(line: string): string {
    return `${quote(line)}: a command is missing. \`/wl help\` lists them.`
  },
  asks(name: string): string {
    const [status, help, helpOnOne] = ['status', 'help', 'help stamp'].map((one) => quote(commandLine(one)))
    return `${noCommand(name)} What is meant? ${status} says where this stands and what comes next; ${help} lists the commands, ${helpOnOne} explains one.`
  },
  /** `behind`: the command that follows a word that is no command. */
  standsBehind(name: string, behind: string): string {
    return `There is no command ${quote(name)}, so nothing was done. Did you mean ${quote(behind)}?`
  },
  takesBack(line: string): string {
    return `${quote(line)} seems to take something back, so nothing was done. ${quote(commandLine('help'))} lists the commands.`
  },
  unknown(name: string): string {
    return `${noCommand(name)} \`/wl help\` lists them.`
  },
  /** `meanings`: a value of `SEVERAL_MEANINGS`. */
  several(name: string, meanings: string): string {
    return `${noCommand(name)} What is meant? ${sentence(meanings)} \`/wl help\` lists them all.`
  },
  /** `ends`: the command that is meant. It ends something, so no line to copy is given. */
  endsSomething(name: string, ends: string): string {
    return `${noCommand(name)} Did you mean \`${ends}\`? It ends or takes back something, so read ${quote(commandLine(`help ${ends}`))} first.`
  },
  /** `lines`: the lines that may be meant. `example`: an example for the first, where that alone is not enough. */
  meant(name: string, lines: readonly string[], example?: string): string {
    const such = example === undefined ? '' : ` For example: ${quote(example)}.`
    return `${noCommand(name)} Did you mean ${lines.map((one) => quote(one)).join(' or ')}?${such}`
  },
} as const
