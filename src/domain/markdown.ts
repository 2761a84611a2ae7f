import { createContext, Script } from 'node:vm'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'

/** What a reader of the page does not take as the writer's own plain words. */
const NOT_SAID = new Set([
  'code',
  'inlineCode',
  'blockquote',
  'html',
  'link',
  'linkReference',
  'image',
  'imageReference',
  'definition',
])

/** Stands for what was left out of a line. */
export const LEFT_OUT = '\ufffc'

/**
 * The lines of a comment that begin with `start` and that their author says in plain text: without code, inline
 * code, quotes (e-mail replies too), HTML and its comments, and links. Each run left out is one LEFT_OUT, so that
 * what follows it does not begin the line. Undefined for a text too tangled to be read in time: that is neither yes nor no.
 */
export function plainLines(markdown: string, start: RegExp): string[] | undefined {
  const text = markdown.replace(/\r\n?/g, '\n')
  // Markdown is costly, and most texts are not for us.
  if (linesOf(text, start).length === 0) return []
  const plain = plainText(text)
  return plain === undefined ? undefined : linesOf(plain, start)
}

/** One event reads the same body several times, and none may hold the parser more than once. */
let last: { text: string; plain: string | undefined } | undefined

function plainText(text: string): string | undefined {
  if (last?.text !== text) {
    const tree = parseInTime(text)
    last = { text, plain: tree === undefined ? undefined : blank(text, hiddenRanges(text, tree)) }
  }
  return last.plain
}

function linesOf(text: string, start: RegExp): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => start.test(line))
}

/** An honest 64 kB take 0.3 s on a free core. */
const PARSE_MS = 3000
/** Emphasis hides nothing, and looking for it is slow. */
const EXTENSIONS = [{ disable: { null: ['attention'] } }]
const context = createContext({ text: '', parse: (text: string) => fromMarkdown(text, { extensions: EXTENSIONS }) })
const script = new Script('parse(text)')

/**
 * 2026-11-21: anybody may write 64 kB of nested list marks or half-open HTML, which hold the parser, and so the whole
 * process, for minutes. A vm script is the only call with a time limit that needs no thread.
 */
function parseInTime(text: string): Nodes | undefined {
  try {
    context['text'] = text
    return script.runInContext(context, { timeout: PARSE_MS }) as Nodes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' || error instanceof RangeError)
      return undefined
    throw error
  }
}

type Range = [from: number, to: number]

function hiddenRanges(text: string, tree: Nodes): Range[] {
  const ranges: Range[] = []
  const html: Range[] = []
  const open: Nodes[] = [tree]
  // A stack and no recursion: a comment of nested quotes is as deep as it is long.
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const from = node.position?.start.offset
    const to = node.position?.end.offset
    if (NOT_SAID.has(node.type) && from !== undefined && to !== undefined) {
      ranges.push([from, to])
      if (node.type === 'html') html.push([from, to])
    } else if ('children' in node) open.push(...node.children)
  }
  return [...ranges, ...htmlQuotes(text, html)]
}

const QUOTING_TAG = /<(\/?)(?:a|blockquote|code|kbd|pre|q|samp|tt)\b/gi

/** What stands between HTML tags that make a quote, code or a link of it. */
function htmlQuotes(text: string, html: readonly Range[]): Range[] {
  const ranges: Range[] = []
  let depth = 0
  let begin = 0
  for (const [from, to] of html.toSorted((a, b) => a[0] - b[0])) {
    const tags = text.slice(from, to).replace(/<!--[^]*?(?:-->|$)/g, '')
    for (const [, closing] of tags.matchAll(QUOTING_TAG)) {
      if (depth === 0) begin = from
      depth = Math.max(0, depth + (closing === '' ? 1 : -1))
      if (depth === 0) ranges.push([begin, to])
    }
  }
  return depth === 0 ? ranges : [...ranges, [begin, text.length]]
}

function blank(text: string, ranges: readonly Range[]): string {
  let out = ''
  let at = 0
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (to <= at) continue
    const begin = Math.max(from, at)
    out += text.slice(at, begin) + text.slice(begin, to).replace(/[^\n]+/g, LEFT_OUT)
    at = to
  }
  return out + text.slice(at)
}
