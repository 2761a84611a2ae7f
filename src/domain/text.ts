/** Every control, format and line-breaking character, and lone surrogates: their readers split rows on lines, and Dolt stores them as they are. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu

/** One line of ledger text: what could break a line or reorder it becomes one space, ends are trimmed, at most `limit` characters. */
export function oneLine(text: string, limit = 4000): string {
  return clip(text.replace(UNSAFE, ' ').replace(/ {2,}/g, ' ').trim(), limit)
}

/** The first `limit` characters (code points, so no surrogate is cut in half), the last one an ellipsis when something was left out. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text
  const points = Array.from(text)
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`
}

/** `1 item`, `2 items`; of another plural, `2 pushes`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`
}
