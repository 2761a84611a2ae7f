import { stamp } from '../stamp.ts'
import type { StampArgs } from '../../services/judgement-args.ts'

const SMART = '\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb'
/**
 * An option or a word: `key="…"`, the same in the quotes that phones write, `key=value`, or a word. A backslash escapes
 * the quote after it.
 */
const TOKEN = new RegExp(
  String.raw`([a-zA-Z][\w-]*)\s*=(?:\s+(?![a-zA-Z][\w-]*\s*=))?` +
    String.raw`(?:"((?:[^"\\]|\\.)*)"?|[${SMART}]((?:[^${SMART}\\]|\\.)*)[${SMART}]?|([^\s"${SMART}]*))|(\S+)`,
  'gs',
)
const START = /^\/wl\s+\S+/i

/**
 * Reads the line of a stamp in plain text like the version before `text_forms`: `key=value` in any place, and words
 * until the first that is neither a person nor an id. `tokens.ts` reads more, so that a stamp which that version
 * deferred would change without its author's doing. Undefined for a line that the old version would not have taken:
 * with wrong values, or with more than one line.
 */
export function readOldStamp(line: string): StampArgs | undefined {
  if (line.includes('\n')) return undefined
  const given = new Map<string, string>()
  const words: string[] = []
  for (const [, key, quoted, smart, bare, word] of line.replace(START, '').matchAll(TOKEN)) {
    if (key === undefined) words.push(word!)
    else if (!given.has(key.toLowerCase())) given.set(key.toLowerCase(), valueOf(quoted ?? smart, bare))
  }
  for (const word of words) {
    const name = stamp.words.find((one) => !given.has(one) && stamp.options.shape[one]!.safeParse(word).success)
    if (name === undefined) break
    given.set(name, word)
  }
  const read = stamp.options.safeParse(Object.fromEntries(given))
  return read.success ? read.data : undefined
}

function valueOf(quoted: string | undefined, bare = ''): string {
  return quoted?.replace(/\\(.)/gs, '$1') ?? bare
}
