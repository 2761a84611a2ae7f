import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'

/**
 * A parsed YAML text: its value and the lines of its keys, from 1; or its fault. The reason may repeat words of the
 * text.
 */
export type Yaml = { value: unknown; lines: Map<string, number> } | { fault: { line: number; reason: string } }

/** Keys that are nested deeper get the line of the key above. */
const DEEPEST = 8

/** Parses YAML without aliases; no key may occur twice. */
export function parseYaml(text: string): Yaml {
  try {
    return parsed(text)
  } catch {
    // An alias, or nesting too deep for the parser.
    return { fault: { line: 1, reason: 'aliases and deep nesting are not read' } }
  }
}

function parsed(text: string): Yaml {
  const counter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    // Its warnings would carry words of the text into our log.
    logLevel: 'error',
    // Converting a key that is a collection to text takes time exponential in its depth.
    stringKeys: true,
    // The parser's check for duplicate keys takes quadratic time.
    uniqueKeys: false,
  })
  const wrong = document.errors[0] ?? document.warnings[0] ?? keyTwice(document)
  if (wrong !== undefined) return { fault: { line: counter.linePos(wrong.pos[0]).line, reason: wrong.message } }
  const lines = new Map<string, number>()
  const lineOf = (node: Node | null) => counter.linePos(node?.range?.[0] ?? 0).line
  const note = (node: Node | null, path: readonly string[]) => {
    if (!isMap(node) || path.length > DEEPEST) return
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const here = [...path, String(key.value)]
      lines.set(keyOf(here), lineOf(key))
      note(value as Node | null, here)
    }
  }
  lines.set(keyOf([]), lineOf(document.contents))
  note(document.contents, [])
  return { value: document.toJS({ maxAliasCount: 0 }) as unknown, lines }
}

function keyTwice(document: ReturnType<typeof parseDocument>) {
  let found: { pos: [number, number]; message: string } | undefined
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name)) found ??= { pos: [key.range![0], key.range![1]], message: 'Map keys must be unique' }
        seen.add(name)
      }
      return found && visit.BREAK
    },
  })
  return found
}

/** The line of a path's last key, or of the deepest key of it that is there. */
export function lineOf(lines: ReadonlyMap<string, number>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const line = lines.get(keyOf(path.slice(0, length).map(String)))
    if (line !== undefined) return line
  }
  return 1
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path)
}
