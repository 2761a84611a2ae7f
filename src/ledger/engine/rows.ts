import { sql } from 'kysely'
import { z } from 'zod'
import type { CommonsDb } from './types.ts'

/**
 * Schemas of the rows that this program reads. Peers write the same tables, and a merge may even change the type of a
 * column, so every reader validates its rows here. A list leaves out a row that does not match, and logs it once. A
 * check for a row's existence reads as much of it as it can, because a malformed row is not a missing one.
 */
const text = z.string().nullish()
/** `2026-11-21 10:02:03`, UTC; Dolt may send fractions. */
const time = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}/)
/**
 * JSON arrives as text (`jsonText`), and a peer's may be JSON text within JSON. Text that does not parse fails the
 * schema.
 */
const json = <T extends z.ZodType>(schema: T) => z.preprocess((value) => parsed(parsed(value)), schema)

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const SkillTags = json(z.array(z.string()).nullish())
const Valence = json(z.record(z.string(), z.unknown()))

/**
 * Selects a JSON column as text. Dolt 2.2.0 returns a JSON value above 2 KB as an empty string, without an error, where
 * a query yields several rows; a cast value is whole (`test/contract/dolt.test.ts`). Every reader of such a column must
 * use this: tags that look empty would grant what they restrict.
 */
export function jsonText<T extends string>(column: T) {
  return sql<string | null>`CAST(${sql.ref(column)} AS CHAR)`.as(column)
}

/** A JSON list of words; empty for any other value. */
export function wordsOf(value: unknown): string[] {
  const list = parsed(parsed(value))
  return Array.isArray(list) ? list.filter((word) => typeof word === 'string') : []
}

/** A stamp, with the columns that every commons has. */
export const StampRow = z.object({
  id: z.string(),
  author: z.string().min(1),
  subject: z.string().min(1),
  valence: Valence,
  confidence: z.number().nullish(),
  severity: text,
  context_id: text,
  skill_tags: SkillTags,
  message: text,
  hop_uri: text,
  created_at: time,
})

/** The columns of a stamp that a character sheet reads. */
export const SheetStampRow = StampRow.pick({
  id: true,
  author: true,
  context_id: true,
  valence: true,
  skill_tags: true,
  created_at: true,
})

const EPOCH = '1970-01-01 00:00:00'

/** The time in a row that must not be ignored; an unreadable one counts as the oldest time. */
export function timeOf(value: unknown): string {
  const read = time.safeParse(value)
  return read.success ? read.data.slice(0, 19) : EPOCH
}

/** The text in a row that must not be ignored; null for any other value. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function numberOf(value: unknown, otherwise: number): number {
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : otherwise
}

/** The rows that match the schema. Each other row is logged once, by its id and never with its content. */
export function wellFormed<T extends z.ZodType>(
  { bad }: Pick<CommonsDb, 'bad'>,
  table: string,
  schema: T,
  rows: readonly object[],
): z.output<T>[] {
  return rows.flatMap((row): z.output<T>[] => {
    const read = schema.safeParse(row)
    if (read.success) return [read.data]
    const columns = [...new Set(read.error.issues.map(({ path }) => String(path[0] ?? '')))]
    bad?.(table, String((row as { id?: unknown }).id), columns)
    return []
  })
}
