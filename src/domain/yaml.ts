import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'

/** A YAML text: its value and the lines of its keys, from 1, or what is wrong with it. The reason may repeat its words. */
export type Yaml = { value: unknown; lines: Map<string, number> } | { fault: { line: number; reason: string } }

/** Deeper keys have the line of the one above. */
const DEEPEST = 8

/** Without aliases, and with no key twice. Costly: many keys take time by the square, so it runs where ops/text-reader.ts bounds it. */
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
  // Its warnings would carry words of the text into our log.
  const options = { lineCounter: counter, prettyErrors: false, logLevel: 'error', stringKeys: true } as const
  const document = parseDocument(text, options)
  const wrong = document.errors[0] ?? document.warnings[0]
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

/** The line of a path's last key, or of as much of it as is there. */
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
