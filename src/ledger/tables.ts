import type { ColumnType, Kysely } from 'kysely'
import type { Authority } from './authority.ts'
import { jsonText } from './rows.ts'
import type { BatchContext } from './batch.ts'

/** JSON is written as text: a JSON_OBJECT of Dolt stores a fraction as a string. */
type JsonColumn<T> = ColumnType<T, string | null, string | null>

/** The columns of the commons that we read or write; `schema/commons.sql` has them all. Times are `2026-11-21 10:02:03`, UTC. */
export interface Commons {
  _meta: { key: string; value: string | null }
  rigs: {
    handle: string
    display_name: string | null
    hop_uri: string | null
    owner_email: string | null
    trust_level: number | null
    registered_at: string | null
    last_seen: string | null
    rig_type: string | null
    parent_rig: string | null
  }
  wanted: {
    id: string
    title: string
    description: string | null
    project: string | null
    type: string | null
    priority: number | null
    tags: JsonColumn<string[] | null>
    posted_by: string | null
    claimed_by: string | null
    status: string | null
    effort_level: string | null
    evidence_url: string | null
    created_at: string | null
    updated_at: string | null
  }
  completions: {
    id: string
    wanted_id: string | null
    completed_by: string | null
    evidence: string | null
    validated_by: string | null
    stamp_id: string | null
    parent_completion_id: string | null
    block_hash: string | null
    hop_uri: string | null
    completed_at: string | null
    validated_at: string | null
  }
  stamps: {
    id: string
    author: string
    subject: string
    valence: JsonColumn<Record<string, unknown>>
    confidence: number | null
    severity: string | null
    context_id: string | null
    context_type: string | null
    stamp_type: string | null
    skill_tags: JsonColumn<string[] | null>
    message: string | null
    stamp_index: number | null
    prev_stamp_hash: string | null
    block_hash: string | null
    hop_uri: string | null
    created_at: string | null
  }
  /** Empty in the commons: imported sheets lie in the pile, which has the same columns. */
  boot_blocks: {
    handle: string
    source: string
    sheet_json: JsonColumn<unknown>
    confidence: number
    version: string
    created_at: string
  }
  rig_links: {
    id: string
    rig_a: string
    rig_b: string
    link_type: string | null
    assertion_a: string | null
    assertion_b: string | null
    status: string | null
    created_at: string | null
    completed_at: string | null
    revoked_at: string | null
    revoked_by: string | null
  }
}

/** Which columns this commons has: `wl` and `gt` each lack some of the other's. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>

/** The commons inside one transaction or one read. */
export interface CommonsDb {
  sql: Kysely<Commons>
  columns: Columns
  /** As LEDGER_URL names it. */
  database: string
  /** What the bridge itself said of rigs and links; without it, as in the pile, no row is believed. */
  authority?: Authority
  /** Told of a row of another shape than the protocol's, which is left out. */
  bad?(table: string, id: string, columns: readonly string[]): void
  /** Where transactions run as a batch. */
  batch?: BatchContext
  /** In a set: told of each write. */
  wrote?(): void
}

/** Names a branch of the database that LEDGER_URL names, which may have named another. */
export function atBranch({ database }: Pick<CommonsDb, 'database'>, branch: string): string {
  return `${database.split('/')[0]}/${branch}`
}

/** Only the values whose column this commons has. */
export function present<T extends object>(db: CommonsDb, table: keyof Commons, values: T): T {
  const columns = db.columns.get(table)
  return Object.fromEntries(Object.entries(values).filter(([name]) => columns?.has(name))) as T
}

const JSON_COLUMNS = new Set(['valence', 'skill_tags', 'tags'])

/**
 * Of these columns the ones that this commons has, to select; JSON comes as text (`jsonText`). A row lacks the others,
 * whatever its type says.
 */
export function known<T extends string>(db: CommonsDb, table: keyof Commons, names: readonly T[]): T[] {
  const found = names.filter((name) => db.columns.get(table)?.has(name))
  return found.map((name) => (JSON_COLUMNS.has(name) ? (jsonText(name) as unknown as T) : name))
}

/** A guarded write touched another number of rows than the decision expected: somebody else wrote in between. */
export class LedgerMismatch extends Error {
  override name = 'LedgerMismatch'
}

interface Changed {
  numUpdatedRows?: bigint
  numDeletedRows?: bigint
}

/** Throws LedgerMismatch unless exactly one row was changed. */
export function expectOne(result: Changed, what: string): void {
  expectAll(result, [what])
}

/** Throws LedgerMismatch unless exactly these rows were changed. */
export function expectAll(result: Changed, what: readonly string[]): void {
  const rows = result.numUpdatedRows ?? result.numDeletedRows ?? 0n
  if (rows !== BigInt(what.length))
    throw new LedgerMismatch(`${what.join(', ')}: ${rows} rows instead of ${what.length}`)
}
