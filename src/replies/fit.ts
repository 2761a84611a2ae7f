/** The most characters of a comment's text; GitHub's own limit leaves room for the marker. */
export const MOST_OF_COMMENT = 65_000
/** The most bytes of a check run's summary: GitHub takes 65,535. */
export const MOST_OF_SUMMARY = 65_000

/** Our own hidden markers, which must stay whole, because what they store is read again. */
const MARKER = /<!-- wasteland-bridge [^\s>]{1,1000} [0-9a-f]{32} -->/g

const CUT = '_Shortened: there is more than GitHub takes in one comment._'

/**
 * Shortens a text to what GitHub takes. Whole lines and paragraphs are left out from its end, and the text says so. Our
 * markers stay. Nothing is cut within a line, which could let other people's words out of their quotes.
 */
export function fit(text: string, most: number, lengthOf: (text: string) => number = characters): string {
  if (lengthOf(text) <= most) return text
  const markers = (text.match(MARKER) ?? []).join('\n')
  const room = most - lengthOf(CUT) - lengthOf(markers) - 4
  const lines = text.replaceAll(MARKER, '').split('\n')
  const kept: string[] = []
  let used = 0
  for (const line of lines) {
    used += lengthOf(line) + 1
    if (used > room) break
    kept.push(line)
  }
  return [closed(kept).join('\n').trimEnd(), CUT, markers].filter((part) => part !== '').join('\n\n')
}

/** Like `fit`, where GitHub counts bytes. */
export function fitBytes(text: string, most: number): string {
  return fit(text, most, (part) => Buffer.byteLength(part))
}

function characters(text: string): number {
  return text.length
}

/** The lines without a code block whose end was cut off. */
function closed(lines: readonly string[]): readonly string[] {
  const fences = lines.flatMap((line, at) => (line.startsWith('```') ? [at] : []))
  return fences.length % 2 === 0 ? lines : lines.slice(0, fences.at(-1))
}
