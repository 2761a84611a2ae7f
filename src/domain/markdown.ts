import type { Heading, Nodes, Paragraph } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'

/** Node types that are not the author's own plain words. */
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

/** Placeholder for the text that was left out of a line. */
export const LEFT_OUT = '\ufffc'

/** Emphasis is not parsed: it hides nothing, and finding it is slow. */
const EXTENSIONS = [{ disable: { null: ['attention'] } }]

/** The tree of a text. Costly: nested marks take time by the square, so it runs where ops/text-reader.ts bounds it. */
export function parseMarkdown(text: string): Nodes {
  return fromMarkdown(text, { extensions: EXTENSIONS })
}

/**
 * The author's plain text of a comment, without code, inline code, quotes (e-mail replies too), HTML and its comments,
 * and links. Each run that is left out is one LEFT_OUT, so that the text behind it does not begin the line. As costly
 * as `parseMarkdown`.
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

/** A paragraph or a heading as somebody who reads the page sees it. */
export interface Block {
  kind: 'paragraph' | 'heading'
  lines: string[]
}

/**
 * The paragraphs and headings of a text in order, those of lists included; quotes, code, HTML and HTML tags that quote
 * are left out. Code within a line stands between two LEFT_OUT; HTML and images are one; a link leaves its text. Marks
 * of emphasis stay. As costly as `parseMarkdown`.
 */
export function readBlocks(text: string): Block[] {
  const tree = parseMarkdown(text)
  const isHidden = insideOf(htmlQuotes(text, unsaidNodes(tree)))
  const blocks: Block[] = []
  const open: Nodes[] = [tree]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'paragraph' || node.type === 'heading')
      blocks.push({ kind: node.type, lines: visibleText(node, isHidden).split(/\r\n?|\n/) })
    else if (node.type !== 'blockquote' && 'children' in node) open.push(...node.children.toReversed())
  }
  return blocks
}

/** The text of a paragraph or heading without its links' addresses, HTML and images. Marks of emphasis stay. */
export function textOf(node: Paragraph | Heading): string {
  return visibleText(node, () => false).replaceAll(LEFT_OUT, '')
}

/** Lines as `readBlocks` gives them. */
function visibleText(block: Paragraph | Heading, isHidden: (offset: number) => boolean): string {
  const parts: string[] = []
  const open: Nodes[] = block.children.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isHidden(node.position?.start.offset ?? 0)) parts.push(LEFT_OUT)
    else if (node.type === 'text') parts.push(node.value)
    else if (node.type === 'inlineCode') parts.push(LEFT_OUT, node.value.replaceAll('\n', ' '), LEFT_OUT)
    else if (node.type === 'break') parts.push('\n')
    else if ('children' in node) open.push(...node.children.toReversed())
    else parts.push(LEFT_OUT)
  }
  return parts.join('')
}

/** Tests whether an offset lies in one of the sorted ranges. Must be called with ascending offsets. */
function insideOf(ranges: readonly Range[]): (offset: number) => boolean {
  let n = 0
  return (offset) => {
    while (n < ranges.length && ranges[n]![1] <= offset) n++
    return n < ranges.length && ranges[n]![0] <= offset
  }
}

function hiddenRanges(text: string, tree: Nodes): Range[] {
  const nodes = unsaidNodes(tree)
  return [...nodes.map(rangeOf), ...htmlQuotes(text, nodes)]
}

/**
 * The outermost nodes that are not the author's plain words. Iterative: nested quotes are as deep as a comment is long,
 * which would overflow the stack.
 */
function unsaidNodes(tree: Nodes): Nodes[] {
  const found: Nodes[] = []
  const open: Nodes[] = [tree]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (NOT_SAID.has(node.type)) found.push(node)
    else if ('children' in node) open.push(...node.children)
  }
  return found
}

function rangeOf({ position }: Nodes): Range {
  return [position?.start.offset ?? 0, position?.end.offset ?? 0]
}

const QUOTING_TAG = /<(\/?)(?:a|blockquote|code|kbd|pre|q|samp|tt)\b/gi

/** The ranges between HTML tags for quotes, code and links. */
function htmlQuotes(text: string, nodes: readonly Nodes[]): Range[] {
  const html = nodes.filter(({ type }) => type === 'html').map(rangeOf)
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
