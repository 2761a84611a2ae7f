/**
 * Control, format and line-breaking characters, and lone surrogates: the peers' readers split rows on lines, and Dolt
 * stores such characters as they are.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu

/**
 * Characters that are shown as nothing: soft hyphen, joiners and fillers, tag characters, supplementary variation
 * selectors.
 */
const INVISIBLE =
  /\u034f|[\u00ad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u206a-\u206f\u2800\u3164\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gv
/** A variation selector that follows no emoji: it hides something. */
const LONE_SELECTOR = /(?<!\p{Emoji})[\ufe00-\ufe0f]/gv
/** U+200C and U+200D join the parts of an emoji, and spell words of Persian and of Indian scripts. */
const LONE_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f[[\p{L}\p{M}]--[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}\p{sc=Hangul}]]])[\u200c\u200d]|[\u200c\u200d](?![\p{Extended_Pictographic}[\p{L}--[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}\p{sc=Hangul}]]])/gv

/** Removes characters that nobody sees: by them two texts that look alike differ, or words are hidden. */
function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '').replace(LONE_SELECTOR, '').replace(LONE_JOINER, '')
}

/**
 * One line of ledger text: line breaks and reordering characters become one space, ends are trimmed, invisible
 * characters are left out, at most `limit` characters.
 */
export function oneLine(text: string, limit = 4000): string {
  return clip(withoutInvisible(text).replace(UNSAFE, ' ').replace(/ {2,}/g, ' ').trim(), limit)
}

/** A text that every store takes: U+FFFD replaces U+0000 and lone surrogates. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed()
}

/** The JSON value with every text made `storable`. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, storableJson(one)]))
}

/** The first `limit` characters (code points, so no surrogate is cut in half), the last one an ellipsis when something was left out. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text
  const points = Array.from(text)
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`
}

/** Whether two texts are equal but for line ends and the blanks around them, which GitHub does not keep. */
export function isSameText(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim()
  return plain(one) === plain(other)
}

/** An address or path without the slashes at its end. */
export function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** A count with its noun: `1 item`, `2 items`; with an irregular plural, `2 pushes`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`
}
