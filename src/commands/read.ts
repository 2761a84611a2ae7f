import leven from 'leven'
import { z } from 'zod'
import { LEFT_OUT } from '../domain/markdown.ts'
import { quote } from '../replies/markdown.ts'
import type { Command, Options } from './command.ts'
import { TEXTS } from './options.ts'
import type { Written } from './parse.ts'

export type Read = { command: Command; args: z.output<Options> } | { error: string }

/** What one written command means, or one sentence that says what is wrong and a line that is right. */
export function readCommand(commands: readonly Command[], written: Written): Read {
  const command = findCommand(commands, written)
  if (command === undefined) return { error: unknownCommand(commands, written) }
  const wrong = (what: string) => ({
    error: `${quote(written.line)}: ${what} Usage: \`${command.usage}\`, for example \`${command.examples[0]}\`.`,
  })
  if (written.unclosed) return wrong('its quotes `"` do not pair; `\\"` is a quote inside a value.')
  if (written.twice.length > 0) return wrong(`${quote(written.twice[0]!)} is given twice.`)

  if (losesText(command, written))
    return wrong('code, links and HTML are not read in a command. Write it as plain text.')

  const given = new Map(written.options)
  const used = new Set<string>()
  for (const word of written.words) {
    if (used.has(word)) continue
    const name = wordFor(command, word, given)
    if (name === undefined) break
    given.set(name, word)
    used.add(word)
  }
  const strayTarget = written.words.find((word) => TARGET.test(word) && !used.has(word))
  if (strayTarget !== undefined) return wrong(`${quote(strayTarget)} is not something this command can act on.`)
  for (const key of given.keys()) {
    if (!Object.hasOwn(command.options.shape, key))
      return wrong(`there is no option ${quote(key)}.${nearestOption(command, key)}`)
  }
  const cut = [...written.trailing].find((key) => isCut(command.options.shape[key], given.get(key)!))
  if (cut !== undefined) return wrong(`the value of ${quote(cut)} seems to go on after a blank: put it in quotes.`)
  const parsed = command.options.safeParse(Object.fromEntries(given))
  return parsed.success ? { command, args: parsed.data } : wrong(`${explain(parsed.error, given)}.`)
}

export function findCommand(commands: readonly Command[], { name }: Pick<Written, 'name'>): Command | undefined {
  return commands.find((known) => known.name === name || known.aliases?.includes(name))
}

/** What looks like an id or a person, in quotes or brackets too, is never taken for prose. */
const TARGET = /^[^\p{L}\p{N}@]*(?:[wcs]-[0-9a-z]|@\S)/iu

/** True when what Markdown hides stood in a value, or where a target may: leaving it out would change what is meant. */
function losesText(command: Command, { words, options }: Written): boolean {
  const said = [...options.values(), ...words.slice(0, command.words.length)]
  return said.some((text) => text.includes(LEFT_OUT))
}

/** A sentence without quotes, or a list with a blank after a comma: what was meant was longer than what was read. */
function isCut(option: z.ZodType | undefined, value: string): boolean {
  return option !== undefined && (TEXTS.has(option) || value.endsWith(','))
}

/**
 * The option that a bare word is for: the first that takes it and was not given. Prose may follow a command; what
 * no option takes but was surely meant goes to the first, whose refusal says what is wrong with it.
 */
function wordFor(command: Command, word: string, given: ReadonlyMap<string, string>): string | undefined {
  const left = command.words.filter((name) => !given.has(name))
  const takes = left.find((name) => command.options.shape[name]!.safeParse(word).success)
  if (takes !== undefined || !TARGET.test(word)) return takes
  return left.find((name) => (name === 'person') === word.includes('@')) ?? left[0]
}

function explain(error: z.ZodError, given: ReadonlyMap<string, string>): string {
  const issue = error.issues[0]!
  const key = String(issue.path[0] ?? '')
  if (key === '') return issue.message
  const value = given.get(key)
  return value === undefined
    ? `${quote(key)} is missing; ${issue.message}`
    : `${quote(`${key}=${value}`)} is not possible; ${issue.message}`
}

function unknownCommand(commands: readonly Command[], { name, line }: Written): string {
  if (name === '') return `${quote(line)}: a command is missing. \`/wl help\` lists them.`
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])])
  if (name.length > LONGEST_NAME) return `There is no command ${quote(name)}. \`/wl help\` lists them.`
  const nearest = names.toSorted((a, b) => leven(a, name) - leven(b, name))[0]!
  if (leven(nearest, name) > 2) return `There is no command ${quote(name)}. \`/wl help\` lists them.`
  const corrected = line.replace(/^(\/wl\s+)\S+/i, (_, start: string) => `${start}${nearest}`)
  return `There is no command ${quote(name)}. Did you mean ${quote(corrected)}?`
}

/** Nothing longer is near a name; comparing takes time by the length. */
const LONGEST_NAME = 40

function nearestOption(command: Command, key: string): string {
  if (key.length > LONGEST_NAME) return ''
  const nearest = Object.keys(command.options.shape).toSorted((a, b) => leven(a, key) - leven(b, key))[0]
  return nearest !== undefined && leven(nearest, key) <= 2 ? ` Did you mean ${quote(nearest)}?` : ''
}
