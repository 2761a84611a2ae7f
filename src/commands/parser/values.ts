import { toAscii } from './tokens.ts'

const EFFORT: Readonly<Record<string, string>> = { xs: 'trivial', s: 'small', m: 'medium', l: 'large', xl: 'epic' }
const TYPE: Readonly<Record<string, string>> = {
  feat: 'feature',
  bugfix: 'bug',
  doc: 'docs',
  documentation: 'docs',
  enhancement: 'feature',
}

/**
 * The one form that an option's schema reads, for the many in which people write a value: `4/5` and `4.0` are 4, `S` is
 * small, `P1` is 1. Anything else stays as it is, for the schema to refuse: nothing is rounded or guessed.
 */
export function plainValue(key: string, value: string): string {
  const text = toAscii(value).trim()
  switch (key) {
    case 'quality':
    case 'reliability':
    case 'creativity':
      return /^([1-5])(?:\/5|\.0{1,3})$/.exec(text)?.[1] ?? text
    case 'level':
      return /^([1-3])\.0$/.exec(text)?.[1] ?? text
    case 'priority':
      return /^p([0-4])$/i.exec(text)?.[1] ?? text
    case 'effort':
      return own(EFFORT, text) ?? text
    case 'type':
      return own(TYPE, text) ?? text
    default:
      return value
  }
}

function own(words: Readonly<Record<string, string>>, text: string): string | undefined {
  const key = text.toLowerCase()
  return Object.hasOwn(words, key) ? words[key] : undefined
}
