import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Argument,
  type CallExpression,
  type Expression as Code,
  type NewExpression,
  parseSync,
  type TemplateLiteral,
  Visitor,
} from 'oxc-parser'

type Node = Code | Argument
type Constants = ReadonlyMap<string, Node>

/** A regular expression of the program, wherever it is written. `source` is undefined where it is put together at run time. */
export interface Expression {
  /** Of the file, from the root. */
  file: string
  line: number
  source: string | undefined
  flags: string
}

/** Every one in the TypeScript and JavaScript of `folders`: literals, `RegExp(…)`, and strings that a method makes one of. */
export function collect(root: string, folders: readonly string[]): Expression[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|js)$/.test(name))
      .toSorted()
      .flatMap((name) => expressionsIn(join(folder, name), readFileSync(join(root, folder, name), 'utf8'))),
  )
}

/** Methods of strings that make an expression of a string. */
const COMPILING = new Set(['match', 'matchAll', 'search'])

export function expressionsIn(file: string, text: string): Expression[] {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]!.message}`)
  const constants = new Map<string, Node>()
  const found: Expression[] = []
  const add = (start: number, source: string | undefined, flags: string) =>
    found.push({ file, line: text.slice(0, start).split('\n').length, source, flags })
  const onCall = ({ callee, arguments: [first, second], start }: CallExpression | NewExpression) => {
    if (callee.type === 'Identifier' && callee.name === 'RegExp' && !isExpression(first))
      add(start, textOf(first, constants), second === undefined ? '' : (textOf(second, constants) ?? ''))
    if (COMPILING.has(nameOf(callee)) && isText(first)) add(start, textOf(first, constants), '')
  }
  // Constants first: they may stand below their use.
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init !== null) constants.set(id.name, init)
    },
  }).visit(program)
  new Visitor({
    Literal: (node) => {
      if ('regex' in node) add(node.start, node.regex.pattern, node.regex.flags)
    },
    CallExpression: onCall,
    NewExpression: onCall,
  }).visit(program)
  return found
}

function isExpression(node: Node | undefined): boolean {
  return node?.type === 'Literal' && 'regex' in node
}

/** Of a method that is called by name. */
function nameOf(callee: Node): string {
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : ''
}

function isText(node: Node | undefined): boolean {
  return node?.type === 'TemplateLiteral' || (node?.type === 'Literal' && typeof node.value === 'string')
}

/** What a string of literals and constants of the same file says; undefined where it says more. */
function textOf(node: Node | undefined, constants: Constants): string | undefined {
  if (node === undefined) return undefined
  if (node.type === 'Literal') return 'regex' in node ? node.regex.pattern : String(node.value)
  if (node.type === 'Identifier') return textOf(constants.get(node.name), constants)
  if (node.type === 'MemberExpression' && nameOf(node) === 'source') return textOf(node.object, constants)
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    const [left, right] = [textOf(node.left, constants), textOf(node.right, constants)]
    return left === undefined || right === undefined ? undefined : left + right
  }
  if (node.type === 'TaggedTemplateExpression' && nameOf(node.tag) === 'raw')
    return joined(node.quasi, 'raw', constants)
  return node.type === 'TemplateLiteral' ? joined(node, 'cooked', constants) : undefined
}

function joined(template: TemplateLiteral, kind: 'raw' | 'cooked', constants: Constants): string | undefined {
  let text = ''
  for (const [n, quasi] of template.quasis.entries()) {
    text += quasi.value[kind] ?? ''
    const value = template.expressions[n]
    if (value === undefined) continue
    const said = textOf(value, constants)
    if (said === undefined) return undefined
    text += said
  }
  return text
}
