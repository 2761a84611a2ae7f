import { type Kysely, sql } from 'kysely'
import { BRIDGE_AUTHOR, entityHost } from '../../domain/rig.ts'
import { findRow, type PersonKey } from './read.ts'
import type { Commons } from '../engine/types.ts'

/**
 * Words that occur in the rows of one person only, and in no profile store without anybody's rows: where one of them is
 * found on the disk, data of that person is left.
 */
export type Marks = readonly string[]

/** The message of the one commit that an erasure leaves. */
export const ERASED = 'Imported character sheets'

const LEAST = 6
/** The largest number of marks: each is searched in every chunk. */
const MOST = 40

/**
 * Collects a person's marks from their rows, before those are removed. None when there are no rows, which an
 * interrupted erasure may have removed: `mentions` still finds the person by their id.
 */
export async function marksOf(profiles: Kysely<Commons>, person: PersonKey): Promise<Marks> {
  const rig = await findRow(profiles, person)
  if (rig === undefined) return []
  const [own = '', ...texts] = await textsOf(profiles, sql`= ${rig.handle}`)
  const empty = await textOfNobody(profiles)
  const [mine, others] = [[own], texts.flatMap(saidIn)].map((some) =>
    some.flatMap(wordsOf).filter((word) => !empty.includes(word)),
  )
  const longest = [...new Set(others)].toSorted((a, b) => b.length - a.length).slice(0, MOST)
  return [...new Set([...mine!, ...longest])]
}

/**
 * The text of a profile store that has nobody's rows: its tables and columns as Dolt names them, its version, and the
 * commit that an erasure leaves. No import changes any of it, so a word that it has tells of nobody.
 */
async function textOfNobody(profiles: Kysely<Commons>): Promise<string> {
  const tables = await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'`.execute(profiles)
  const texts = [ERASED, BRIDGE_AUTHOR]
  for (const { name } of tables.rows) {
    const made = await sql<Record<string, string>>`SHOW CREATE TABLE ${sql.id(name)}`.execute(profiles)
    texts.push(...made.rows.flatMap((row) => Object.values(row)))
  }
  const version = await sql<TextColumn>`SELECT CONCAT_WS('\n', \`key\`, value) AS text FROM _meta`.execute(profiles)
  return [...texts, ...version.rows.map(({ text }) => text)].join('\n')
}

/** Keeps those of a person's words that nobody else's rows have. Must be called when the person's rows are gone. */
export async function withoutOthers(profiles: Kysely<Commons>, words: Marks): Promise<Marks> {
  let left = [...words]
  for (let after = ''; left.length > 0;) {
    const next = await nextHandles(profiles, after)
    if (next.length === 0) break
    const others = (await textsOf(profiles, sql`IN (${sql.join(next)})`)).join('\n')
    left = left.filter((word) => !others.includes(word))
    after = next.at(-1)!
  }
  return left
}

/** Tests whether text has a mark, or the person's id as in hop_uri. */
export function mentions(person: PersonKey, marks: Marks): (part: Buffer) => boolean {
  const words = marks.map((mark) => Buffer.from(mark))
  const id = Buffer.from(`/${person.id}`)
  const host = entityHost(person.host).replace(/[^a-z0-9]/gi, '\\$&')
  const uri = new RegExp(`entity://${host}/[^/\\s]{1,100}/${person.id}(?![0-9])`)
  return (part) => words.some((word) => part.includes(word)) || (part.includes(id) && uri.test(part.toString('latin1')))
}

async function nextHandles(profiles: Kysely<Commons>, after: string): Promise<string[]> {
  const rows = await profiles
    .selectFrom('rigs')
    .select('handle')
    .where('handle', '>', after)
    .orderBy('handle')
    .limit(500)
    .execute()
  return rows.map((row) => row.handle)
}

/** Every text of the rigs whose handle matches. Three queries, because Dolt takes 20 times as long for a UNION. */
async function textsOf(profiles: Kysely<Commons>, matches: ReturnType<typeof sql>): Promise<string[]> {
  const queries = [
    sql<TextColumn>`SELECT CONCAT_WS('\n', handle, display_name, hop_uri) AS text FROM rigs WHERE handle ${matches}`,
    sql<TextColumn>`SELECT CAST(sheet_json AS CHAR) AS text FROM boot_blocks WHERE handle ${matches}`,
    sql<TextColumn>`SELECT CONCAT_WS('\n', message, CAST(skill_tags AS CHAR)) AS text FROM stamps WHERE subject ${matches}`,
  ]
  const texts: string[] = []
  for (const query of queries) for (const row of (await query.execute(profiles)).rows) texts.push(row.text ?? '')
  return texts
}

/**
 * The strings of a sheet, or a text that is no JSON as it is. Its keys are the importer's, the same for everybody, and the
 * time of the fetch is the bridge's: the server's log has the same hour.
 */
function saidIn(text: string): string[] {
  const strings: string[] = []
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (typeof value === 'string' && key !== 'fetched_at') strings.push(value)
      return value
    })
    return strings
  } catch {
    return [text]
  }
}

interface TextColumn {
  text: string | null
}

/** The words that look alike in JSON and in a column: without any character that JSON escapes. */
function wordsOf(text: string): string[] {
  return text.split(/[\p{Cc}\p{Zl}\p{Zp}"\\{}[\]<>&,:]+/u).flatMap((run) => {
    const word = run.trim()
    return word.length < LEAST || /^[0-9.]+$/.test(word) ? [] : [word]
  })
}
