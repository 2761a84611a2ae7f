import fc from 'fast-check'
import { z } from 'zod'
import type { Command } from '../../src/commands/command.ts'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))

/** Every kind of value that an option of some command takes, and much that none does. */
const kinds: fc.Arbitrary<string>[] = [
  hex(10).map((id) => `w-${id}`),
  hex(16).map((id) => `c-${id}`),
  hex(16).map((id) => `s-${id}`),
  hex(40),
  fc.stringMatching(/^@[a-z0-9][a-z0-9-]{0,20}$/),
  fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/),
  fc.integer({ min: 0, max: 5 }).map(String),
  fc.integer({ min: 0, max: 1000 }).map((n) => String(n / 1000)),
  fc
    .uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9+#.-]{0,20}$/), { minLength: 1, maxLength: 5 })
    .map((names) => names.join(',')),
  fc.stringMatching(/^https:\/\/example\.com\/[a-z0-9/?&=%.-]{0,40}$/),
  fc
    .string({
      unit: fc.constantFrom('a', 'Z', '7', ' ', '"', '\\', '=', '“', '”', 'é', '😀', "'", '@', ',', '/', '雪'),
      minLength: 1,
      maxLength: 60,
    })
    .filter((text) => text.trim() !== ''),
]
const TRIES = 50

/** Texts that an option takes: of the kinds above, and the words that its schema lists. */
function textsFor(option: z.ZodType): fc.Arbitrary<string> | undefined {
  const taken = (text: string) => option.safeParse(text).success
  const fitting = kinds.filter((kind) => fc.sample(kind, { numRuns: TRIES, seed: 1 }).some(taken))
  const words = wordsOf(option)
  const all = [...(words.length === 0 ? [] : [fc.constantFrom(...words)]), ...(words.length > 0 ? [] : fitting)]
  return all.length === 0 ? undefined : fc.oneof(...all).filter(taken)
}

function wordsOf(option: z.ZodType): string[] {
  if (option instanceof z.ZodEnum) return option.options.map(String)
  if (option instanceof z.ZodLiteral) return [...option.values].map(String)
  if (option instanceof z.ZodOptional) return wordsOf(option.unwrap() as z.ZodType)
  if (option instanceof z.ZodPipe) return [...wordsOf(option.in as z.ZodType), ...wordsOf(option.out as z.ZodType)]
  return []
}

/** Options of a command as texts, such that its schema takes them together. Throws for an option it has no values for. */
export function optionsFor(command: Command): fc.Arbitrary<Record<string, string>> {
  const shape = Object.entries(command.options.shape)
  const texts = shape.map(([key, option]) => {
    const arbitrary = textsFor(option)
    if (arbitrary === undefined) throw new Error(`no values are known for ${command.name} ${key}=`)
    return [key, arbitrary] as const
  })
  return fc
    .record(Object.fromEntries(texts), { requiredKeys: [] })
    .map((given) =>
      Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    )
    .filter((given) => command.options.safeParse(given).success)
}

/** A line that says a command, by its name or an alias, with these options; `bare` leaves out the names and quotes that it can. */
export function print(command: Command, name: string, given: Readonly<Record<string, string>>, bare: boolean): string {
  const takers = (text: string) => command.words.filter((word) => command.options.shape[word]!.safeParse(text).success)
  const isBare = (key: string, text: string) =>
    bare && command.words.includes(key) && /^[@\w-]+$/.test(text) && takers(text).length === 1
  const entries = Object.entries(given)
  const words = entries.filter(([key, text]) => isBare(key, text)).map(([, text]) => text)
  const options = entries
    .filter(([key, text]) => !isBare(key, text))
    .map(([key, text]) =>
      bare && /^[\w.-]+$/.test(text) ? `${key}=${text}` : `${key}="${text.replace(/["\\]/g, String.raw`\$&`)}"`,
    )
  return ['/wl', name, ...words, ...options].join(' ')
}
