import { type Kysely, sql } from 'kysely'
import type { Commons } from './tables.ts'
import { isConnectionLoss } from './writer.ts'

export interface LoggedCommit {
  hash: string
  message: string
  /** When it was made, and not before any below it. */
  date: Date
}

/** The hash of main's newest commit. */
export async function headCommit(commons: Kysely<Commons>): Promise<string> {
  const { rows } = await sql<{ hash: string }>`SELECT DOLT_HASHOF('HEAD') AS hash`.execute(commons)
  return rows[0]!.hash
}

/** `whole`: from the beginning, because the commit asked for is not one of main's (a new or replaced ledger). */
export interface History {
  commits: LoggedCommit[]
  whole: boolean
}

/** The commits after `hash`, oldest first; all of them when `hash` is not an ancestor of main. */
export async function commitsSince(commons: Kysely<Commons>, hash: string | undefined): Promise<History> {
  const known = hash !== undefined && (await isAncestor(commons, hash))
  const { rows } = known
    ? await sql<Row>`SELECT commit_hash AS hash, message, date FROM DOLT_LOG(${`${hash}..HEAD`})`.execute(commons)
    : await sql<Row>`SELECT commit_hash AS hash, message, date FROM DOLT_LOG('HEAD')`.execute(commons)
  return { commits: inOrder(rows), whole: !known }
}

type Row = Omit<LoggedCommit, 'date'> & { date: string }

/** Oldest first. Whoever commits may write any date: none is taken to be before that of a commit below it. */
function inOrder(rows: readonly Row[]): LoggedCommit[] {
  let latest = 0
  return rows.toReversed().map((row) => {
    latest = Math.max(latest, Date.parse(`${row.date.replace(' ', 'T')}Z`))
    return { ...row, date: new Date(latest) }
  })
}

async function isAncestor(commons: Kysely<Commons>, hash: string): Promise<boolean> {
  if (!/^[0-9a-v]{32}$/.test(hash)) return false
  const { rows } = await sql<{ base: string | null }>`SELECT DOLT_MERGE_BASE(${hash}, 'HEAD') AS base`
    .execute(commons)
    .catch((error: unknown) => {
      if (isConnectionLoss(error)) throw error
      return { rows: [] }
    })
  return rows[0]?.base === hash
}
