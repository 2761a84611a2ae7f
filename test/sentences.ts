import { type CallExpression, parseSync, Visitor } from 'oxc-parser'

/** A sentence for people in a file of the program. */
export interface Sentence {
  /** Of the file, as it was given. */
  file: string
  line: number
  text: string
}

/** What a command says of itself, and what its options expect: parts of its definition, `command({ … })`. */
const HELP = new Set(['usage', 'summary', 'who', 'note', 'examples', 'message'])

/**
 * The sentences for people in a file. By rule, these are none: what is logged, what is thrown, a command's help, what a
 * schema says of itself (`expected …`, `.describe(…)`), and a list of words (`.split(…)`).
 */
export function sentencesIn(file: string, text: string): Sentence[] {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]!.message}`)
  const excepted: { start: number; end: number }[] = []
  const commands: { start: number; end: number }[] = []
  const found: { start: number; text: string }[] = []
  const add = (start: number, said: string) => {
    if (isSentence(said)) found.push({ start, text: said })
  }
  new Visitor({
    ThrowStatement: (node) => void excepted.push(node),
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name.endsWith('Error')) excepted.push(node)
    },
    CallExpression: (node) => {
      if (isLog(node) || calls(node) === 'describe') excepted.push(node)
      if (calls(node) === 'split' && node.callee.type === 'MemberExpression') excepted.push(node.callee.object)
      const name = node.callee.type === 'Identifier' ? node.callee.name : undefined
      if (name === 'command') commands.push(node)
      // It throws its text.
      if (name === 'withTimeout') excepted.push(...node.arguments.slice(2))
    },
    Property: (node) => {
      const isHelp = node.key.type === 'Identifier' && HELP.has(node.key.name)
      if (isHelp && commands.some((one) => isWithin(node, one))) excepted.push(node)
    },
    Literal: (node) => {
      if (typeof node.value === 'string') add(node.start, node.value)
    },
    // Whatever is put in is a word.
    TemplateLiteral: (node) => add(node.start, node.quasis.map(({ value }) => value.cooked ?? '').join('X')),
  }).visit(program)
  return found
    .filter(({ start }) => !excepted.some((one) => isWithin({ start, end: start }, one)))
    .map((one) => ({ file, line: text.slice(0, one.start).split('\n').length, text: one.text }))
}

/** Fewer are a name, or a state. */
const LEAST_WORDS = 5

/**
 * Speaks of a command; or has words and the end of a sentence, which is a mark behind a word, and a blank or nothing behind
 * it; or has many words, as a part of a sentence may.
 */
function isSentence(text: string): boolean {
  if (text.includes('/wl ')) return true
  const hasEnd = /[\p{L}\p{N}],? \p{L}/u.test(text) && /[\p{L}\p{N}"'`*)…][.!?](?:\s|$)/u.test(text)
  const words = text.match(/(?<=^| )\p{L}[\p{L}'’]+(?=[,;:]? |$)/gu) ?? []
  return !text.startsWith('expected ') && (hasEnd || words.length >= LEAST_WORDS)
}

/** The name of the method that is called, if one is. */
function calls({ callee }: CallExpression): string | undefined {
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined
}

/** `log.warn(…)`, `deps.log.warn(…)`. */
function isLog({ callee }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression') return false
  const { object } = callee
  const name =
    object.type === 'Identifier'
      ? object.name
      : object.type === 'MemberExpression' && object.property.type === 'Identifier'
        ? object.property.name
        : undefined
  return name === 'log'
}

function isWithin(inner: { start: number; end: number }, outer: { start: number; end: number }): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}
