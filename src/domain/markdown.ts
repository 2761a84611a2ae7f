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

/** Emphasis hides nothing, and looking for it is slow. */
const EXTENSIONS = [{ disable: { null: ['attention'] } }]

/** The tree of a text. Costly: nested marks take time by the square, so it runs where ops/text-reader.ts bounds it. */
export function parseMarkdown(text: string): Nodes {
  return fromMarkdown(text, { extensions: EXTENSIONS })
}

/**
 * A comment without what its author does not say in plain text: code, inline code, quotes (e-mail replies too), HTML
 * and its comments, and links. Each run left out is one LEFT_OUT, so that what follows it does not begin the line.
 * As costly as `parseMarkdown`.
 */
export function plainText(text: string): string {
  return blank(text, hiddenRanges(text, parseMarkdown(text)))
}

/** The trimmed lines of a text that begin with `start`. */
export function linesOf(text: string, start: RegExp): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => start.test(line))
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
    const tags = withoutComments(text.slice(from, to))
    for (const [, closing] of tags.matchAll(QUOTING_TAG)) {
      if (depth === 0) begin = from
      depth = Math.max(0, depth + (closing === '' ? 1 : -1))
      if (depth === 0) ranges.push([begin, to])
    }
  }
  return depth === 0 ? ranges : [...ranges, [begin, text.length]]
}

/** HTML without its comments; one that is not closed hides the rest. */
function withoutComments(html: string): string {
  const parts: string[] = []
  let at = 0
  for (let open = html.indexOf('<!--'); open !== -1; open = html.indexOf('<!--', at)) {
    parts.push(html.slice(at, open))
    const close = html.indexOf('-->', open + 4)
    if (close === -1) return parts.join('')
    at = close + 3
  }
  return [...parts, html.slice(at)].join('')
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
