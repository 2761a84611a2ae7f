import type { z } from 'zod'
import { LEFT_OUT, plainText } from '../../domain/markdown.ts'
import { oneLine } from '../../domain/text.ts'
import { commandLine } from '../../replies/command-line.ts'
import { unread } from '../../replies/unread.ts'
import type { Command, CommandOptions } from '../command.ts'
import { denies } from './denials.ts'
import { keyOf } from './option-names.ts'
import type { WrittenCommand } from './parse.ts'
import { askedAbout, askedIn, isAsking } from './questions.ts'
import { endsSomething, meantBy } from './synonyms.ts'
import { MAX_TEXT, tokenize } from './tokens.ts'
import { type Understood, understand } from './understand.ts'
import type { IdsInLine } from '../../services/context.ts'

export type ReadCommand =
  | {
      command: Command
      args: z.output<CommandOptions>
      /**
       * True when the command is written exactly as help shows it, so that every version of this bridge reads it the
       * same.
       */
      isPlain: boolean
      /** The words behind the command that were taken for prose. */
      prose: string[]
      /** The ones of them that people may miss, for they are not stored. */
      unkept?: string | undefined
    }
  | {
      error: string
      /** The ids and names in the line; undefined where something in it may name something else. */
      named?: IdsInLine
    }

type Words = Pick<WrittenCommand, 'line' | 'name' | 'rest'> &
  Partial<Pick<WrittenCommand, 'source' | 'isPlain' | 'lines' | 'hasTable'>>

/** Reads one written command: its arguments, or all of its faults and, where that is clear, the correct line. */
export function readCommand(commands: readonly Command[], written: Words): ReadCommand {
  if (written.rest.length > MAX_TEXT) return { error: unread.tooLong(written.line, written.rest.length, MAX_TEXT) }
  const two = secondCommand(commands, written)
  if (two !== undefined) return { error: two }
  const asked = askedHelp(commands, written)
  if (asked !== undefined) return asked
  const command = findCommand(commands, written)
  if (command === undefined) return { error: unknownCommand(commands, written) }
  const understood = understandAll(command, written)
  if ('faults' in understood) {
    const error = refusal(commands, command, written, understood)
    const { named } = understood
    return named === undefined || namesMore(written, named) ? { error } : { error, named }
  }
  const isPlain = understood.isPlain && written.isPlain !== false && !/^\s*\/wl/i.test(written.rest)
  return { command, ...understood, isPlain }
}

/** Whether a line has an id that was read for no option, or hidden text. */
function namesMore({ rest }: Words, named: IdsInLine): boolean {
  const own = Object.values(named)
  const ids = rest.match(/(?<![\w-])[wcs]-[0-9a-f]{3,20}/gi) ?? []
  // An address or a number may name an item, and so may a second person.
  if (/#[0-9]|:\/\//.test(rest) || (rest.match(/[@＠]/g) ?? []).length > 1) return true
  return rest.includes(LEFT_OUT) || ids.some((id) => !own.includes(id.toLowerCase()))
}

function understandAll(command: Command, written: Words): Understood {
  const name = /^\W{0,40}wl\s+(\S+)/i.exec(written.line)?.[1] ?? ''
  return understand(command, forHelp(command, written.rest), { name, hidden: hiddenOf(written) })
}

export function findCommand(commands: readonly Command[], { name }: Pick<WrittenCommand, 'name'>): Command | undefined {
  return commands.find((known) => known.name === name || known.aliases?.includes(name))
}

const HELP = /^(?:--?h(?:elp)?|\/\?|\?|help|usage)$/i

/**
 * Reads a request for help: `/wl stamp --help`, `/wl stamp help`, `/wl --help`, and questions:
 * `/wl how do I claim this?`.
 */
function askedHelp(commands: readonly Command[], { name, rest }: Words): ReadCommand | undefined {
  const help = commands.find((one) => one.name === 'help')
  if (help === undefined) return undefined
  const all = { command: help, isPlain: false, prose: [] }
  if (
    /^(?:--?h(?:elp)?|-?\?|)$/.test(name) &&
    /^(?:--?h(?:elp)?|\?)?$/i.test(rest.trim()) &&
    (name !== '' || rest.trim() !== '')
  )
    return { ...all, args: {} }
  const known = findCommand(commands, { name })
  const about =
    known === undefined
      ? askedAbout(commands, { name, rest })
      : known.name === 'help' && /\S\s+\S/.test(rest.trim()) && !/[=:＝：]/.test(rest)
        ? askedIn(commands, rest)
        : undefined
  if (about !== undefined) return { ...all, args: about }
  const word = rest.trim()
  if (known === undefined || known.name === 'help' || !HELP.test(word)) return undefined
  // A rig may have this handle.
  if (/^[a-z]/i.test(word) && known.words.includes('handle')) return undefined
  return { ...all, args: { command: known.name } }
}

/** The text after the name, without a second `/wl` in help: `/wl help /wl stamp` is help on `stamp`. */
function forHelp({ name }: Command, rest: string): string {
  return name === 'help' ? rest.replace(/^(\s*)\/wl(?=\s|$)/i, '$1') : rest
}

/** The fault of a second command on the line: it is not clear which of them is meant, so neither runs. */
function secondCommand(commands: readonly Command[], { name, rest, line }: Words): string | undefined {
  const command = findCommand(commands, { name })
  if (name === 'help' || !/\/wl/i.test(rest)) return undefined
  const { tokens } = tokenize(rest, (key) => command !== undefined && keyOf(command, key) !== undefined)
  const second = tokens.find((token) => token.kind === 'word' && /^\/wl$/i.test(token.word))
  if (second === undefined || !('from' in second)) return undefined
  const lines = [`${name}${rest.slice(0, second.from)}`, rest.slice(second.from + second.source.length)].map((one) =>
    toLine(commandLine(one)),
  )
  return unread.twoCommands(line, lines.every((one) => isGood(commands, one)) ? lines : undefined)
}

/** Whether a line can be offered: it is read without a fault, and Markdown changes nothing in it. */
function isGood(commands: readonly Command[], line: string): boolean {
  const [, name = '', rest = ''] = /^\/wl\s+(\S+)(.*)$/is.exec(line) ?? []
  const command = findCommand(commands, { name: name.toLowerCase() })
  // A second command would lead to this check again.
  if (command === undefined || rest.length > MAX_TEXT || /\/wl/i.test(rest) || !survives(line)) return false
  return 'args' in understand(command, rest, { name })
}

/** The longest line with Markdown in it that is offered, for rendering it takes this thread's time. */
const LONGEST_MARKED = 300

function survives(line: string): boolean {
  if (line.includes(LEFT_OUT) || oneLine(line, MAX_TEXT) !== line) return false
  if (!/[<>`*_~[\]&\\:|^]/.test(line)) return true
  return line.length <= LONGEST_MARKED && plainText(line) === line
}

/** The longest corrected line, with room for the longest text that an option takes. */
const MAX_CORRECTED = 1500

function refusal(
  commands: readonly Command[],
  command: Command,
  written: Words,
  { faults, corrected, toFill }: Extract<Understood, { faults: string[] }>,
): string {
  const line = correctedLine(commands, written, corrected)
  const gaps = toFill === undefined ? undefined : toLine(commandLine(`${written.name} ${toFill}`))
  const what = unread.faulty(written.line, faults, { command: command.name, hasTable: written.hasTable === true })
  if (line !== undefined) return unread.withLine(what, line)
  return gaps === undefined || !isGood(commands, filled(gaps)) ? what : unread.withGaps(what, gaps)
}

/** The line with its gaps filled in, to test whether it can be read. */
function filled(line: string): string {
  return line.replaceAll('="…"', '="x"').replaceAll('=…', '=3')
}

/** The corrected line, if it is read without a fault. */
function correctedLine(
  commands: readonly Command[],
  { name, rest, source, lines }: Words,
  corrected: string | undefined,
): string | undefined {
  // Code is not read; without its marks, the same text may be right.
  const uncoded =
    rest.includes(LEFT_OUT) && lines === 1
      ? (source ?? '')
          .trim()
          .replaceAll('`', '')
          .replace(/^\/wl\s+\S+/i, '')
      : undefined
  const options = corrected ?? uncoded
  if (options === undefined || options.length > MAX_CORRECTED) return undefined
  const right = toLine(commandLine(`${name} ${options.trim()}`))
  return isGood(commands, right) ? right : undefined
}

function toLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The pieces of a line that Markdown hides: code, links, HTML. */
function hiddenOf({ line, source, rest, lines }: Words): string[] {
  if (!rest.includes(LEFT_OUT)) return []
  if (source === undefined || lines !== 1) return [source ?? '']
  const pieces: string[] = []
  const all = source.trim()
  let at = 0
  const said = line.split('…')
  for (const [index, one] of said.entries()) {
    const found = index === said.length - 1 ? all.length - one.length : all.indexOf(one, at)
    if (found < at) continue
    if (found > at) pieces.push(all.slice(at, found))
    at = found + one.length
  }
  return pieces
}

/** The most words that are read of a line whose command is not known. */
const MOST_WORDS = 20

/** The command behind other words, as in `/wl please stamp 4`, as a line to copy; never one that ends something. */
function commandBehind(commands: readonly Command[], name: string, rest: string): string | undefined {
  const words = rest.trim().split(/\s+/, MOST_WORDS)
  if (denies(name) || words.some(denies)) return undefined
  const at = [name, ...words].findIndex((word) => !BEFORE_A_COMMAND.has(word.toLowerCase()))
  const known = at < 1 ? undefined : findCommand(commands, { name: words[at - 1]!.toLowerCase() })
  if (known === undefined || endsSomething(known.name)) return undefined
  const said = rest
    .trim()
    .split(/\s+/)
    .slice(at - 1)
    .join(' ')
  const line = toLine(commandLine(said.replaceAll(LEFT_OUT, '…')))
  return isGood(commands, line) ? line : commandLine(known.name)
}

const BEFORE_A_COMMAND = new Set(
  'please pls kindly just bitte i we want need like wish to would let me us lets now show run do give'.split(' '),
)

function unknownCommand(commands: readonly Command[], { name, line, rest }: Words): string {
  if (name === '') return unread.noName(line)
  if (isAsking(name)) return unread.asks(name)
  const behind = commandBehind(commands, name, rest)
  if (behind !== undefined) return unread.standsBehind(name, behind)
  const meant = meantBy(commands, name)
  const isSaid = meant !== undefined && 'words' in meant
  if (!isSaid && (denies(name) || rest.split(/\s+/, MOST_WORDS).some(denies))) return unread.takesBack(line)
  if (meant === undefined) return unread.unknown(name)
  if ('words' in meant) return unread.several(name, meant.words)
  if ('ends' in meant) return unread.endsSomething(name, meant.ends)
  const [first, ...more] = meant.lines
  if (more.length > 0) return unread.meant(name, meant.lines.map(commandLine))
  const whole = toLine(commandLine(`${first} ${rest.replaceAll(LEFT_OUT, '…')}`))
  // The words after the name are kept only where the command takes them.
  const corrected = isGood(commands, whole) ? whole : commandLine(first!)
  const example = findCommand(commands, { name: first!.split(' ')[0]! })?.examples[0]
  // Where values were written, an example would be copied with other numbers.
  const isOther = rest.trim() !== ''
  return unread.meant(name, [corrected], isGood(commands, corrected) || isOther ? undefined : example)
}
