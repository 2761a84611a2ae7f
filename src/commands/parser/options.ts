import { z } from 'zod'
import { readCompletionId, readStampId, readWantedId } from '../../domain/ids.ts'
import { SEVERITIES, SKILL, SKILL_LIMIT } from '../../domain/stamp.ts'
import { oneLine } from '../../domain/text.ts'

/** The schemas of options that more than one command takes. Each reads a string or refuses it; nothing is rounded. */
const score = z
  .string()
  .regex(/^[1-5]$/, 'expected a whole number from 1 to 5')
  .transform(Number)

const confidence = z
  .string()
  .regex(/^(?:0(?:\.[0-9]{1,3})?|1(?:\.0{1,3})?)$/, 'expected a number from 0 to 1, such as 0.8')
  .transform(Number)

const severity = z
  .string()
  .toLowerCase()
  .pipe(z.enum(SEVERITIES, `expected one of ${SEVERITIES.join(', ')}`))

const NONE = new Set(['none', 'null', 'nil', 'na', 'nothing', 'empty'])

/** Names in lower case, separated by commas, without doubles, in the order given. */
export const skills = z.string().transform((text, context) => {
  const names = [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim().toLowerCase())
        .filter((name) => name !== ''),
    ),
  ]
  if (names.length === 1 && NONE.has(names[0]!)) {
    context.addIssue('expected names: where there are none, leave the option out')
    return z.NEVER
  }
  if (names.length >= 1 && names.length <= SKILL_LIMIT && names.every((name) => SKILL.test(name))) return names
  context.addIssue(
    `expected 1 to ${SKILL_LIMIT} names separated by commas, such as typescript,api-design; a name begins with a letter or digit, + # . _ - may follow`,
  )
  return z.NEVER
})

/** One tag of items. GitHub's labels become tags, so blanks and signs may be in it. */
export const tag = z
  .string()
  .transform((text) => oneLine(text, 50).toLowerCase())
  .refine((text) => text !== '', 'expected a tag, such as typescript')

/** Options that are sentences: without quotes the first word would be taken for the whole. */
export const TEXTS = new WeakSet<z.ZodType>()

export function line(limit: number) {
  const text = z
    .string()
    .transform((text) => oneLine(text, limit + 1))
    .refine((text) => text !== '', 'expected some text')
    // A line that the bridge offered, copied without filling it in.
    .refine((text) => !/^[.…]+$/.test(text), 'expected words of your own in the place of `…`')
    .refine((text) => Array.from(text).length <= limit, `expected at most ${limit} characters`)
    .optional()
  TEXTS.add(text)
  return text
}

/** A required text. */
export function neededLine(limit: number, expected = 'expected a sentence in quotes') {
  const text = line(limit)
  const needed = z.string(expected).pipe(text.unwrap())
  TEXTS.add(needed)
  return needed
}

export const wantedId = z.string().transform((text, context) => {
  const id = readWantedId(text)
  if (id !== undefined) return id
  context.addIssue('expected a whole wanted id, `w-` and ten hex digits')
  return z.NEVER
})

export const priority = z
  .string()
  .regex(/^[0-4]$/, 'expected a whole number from 0 (highest) to 4')
  .transform(Number)

/** The id of a wanted item or of one completion of it. */
export const workId = z.string().transform((text, context) => {
  const id = readCompletionId(text) ?? readWantedId(text)
  if (id !== undefined) return id
  context.addIssue('expected a whole id: a wanted item, `w-` and ten hex digits, or a completion, `c-` and sixteen')
  return z.NEVER
})

export const stampId = z.string().transform((text, context) => {
  const id = readStampId(text)
  if (id !== undefined) return id
  context.addIssue('expected a whole stamp id, `s-` and sixteen hex digits')
  return z.NEVER
})

export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z
    .string(`expected one of ${words.join(', ')}`)
    .toLowerCase()
    .pipe(z.enum(words, `expected one of ${words.join(', ')}`))
}

/** The second word of a command that ends something for good. */
export const confirm = z
  .string()
  .toLowerCase()
  .pipe(z.literal('confirm', 'expected the word `confirm`, without a sign or a value'))
  .optional()

/** A person, for GitHub to resolve to an id: `@login`. */
export const person = z
  .string('expected a GitHub login, such as @octocat')
  .regex(/^@[a-z0-9-][a-z0-9_-]{0,98}(?:\[bot\])?$/i, 'expected a GitHub login, such as @octocat')
  .transform((text) => text.slice(1))

/** A rig's handle as it is in the ledger, in upper or lower case. */
export const handle = z
  .string('expected the handle of a rig, such as octocat')
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'expected the handle of a rig without `@`, such as octocat')

/** The options with a stamp's values, for `stamp` and `correct`. */
export const judgement = {
  quality: score.optional(),
  reliability: score.optional(),
  creativity: score.optional(),
  confidence: confidence.optional(),
  severity: severity.optional(),
  skills: skills.optional(),
}
