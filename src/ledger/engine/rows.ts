import { sql } from 'kysely'
import { z } from 'zod'
import type { CommonsDb } from './types.ts'

/**
 * The shapes of rows as this program reads them. Peers write the same tables, and a merge may even change what a
 * column holds, so every reader passes its rows through here. A list leaves a row of another shape out and says so
 * once; what asks whether a row is there reads of it what can be read, for a row that is there is not absent.
 */
const text = z.string().nullish()
/** `2026-11-21 10:02:03`, UTC; Dolt may send fractions. */
const time = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}/)
/** JSON comes as text (`jsonText`), and that of a peer may be text within. What is no JSON is of another shape. */
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
 * A JSON column to select, as text. Dolt 2.2.0 hands a JSON value above 2 KB out as an empty string, without an error,
 * where a query yields several rows; cast it is whole (`test/contract/dolt.test.ts`). Every reader of such a column
 * asks for it so, for tags that look empty would open what they close.
 */
export function jsonText<T extends string>(column: T) {
  return sql<string | null>`CAST(${sql.ref(column)} AS CHAR)`.as(column)
}

/** A list of words in JSON; empty for anything else. */
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

/** What a character sheet reads of a stamp. */
export const SheetStampRow = StampRow.pick({
  id: true,
  author: true,
  context_id: true,
  valence: true,
  skill_tags: true,
  created_at: true,
})

const EPOCH = '1970-01-01 00:00:00'

/** A time of a row that is there whatever it says: without one it is as old as can be. */
export function timeOf(value: unknown): string {
  const read = time.safeParse(value)
  return read.success ? read.data.slice(0, 19) : EPOCH
}

/** Text of a row that is there whatever it says; null for none. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function numberOf(value: unknown, otherwise: number): number {
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : otherwise
}

/** The rows of this shape. Of each other one it is said once which it is, and never what is in it. */
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
