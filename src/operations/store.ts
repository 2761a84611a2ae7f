import { readdirSync, readFileSync } from 'node:fs'
import { type ColumnType, type Generated, Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import { Unavailable, UserError } from '../domain/errors.ts'
import type { CommentRef } from '../domain/ids.ts'
import type { Outcome } from './seeding.ts'
import type { ImportState, ImportThread } from '../domain/imports.ts'

/** Our own tables, `schema/operations/`. Ids of GitHub fit a JS number. */
export interface Operations {
  ledger_heads: { wasteland: string; hash: string }
  commands_run: { wasteland: string; command: string; hash: string }
  stamps_given: {
    wasteland: string
    stamp: string
    given: string
    head: string | null
    diff: string | null
    hash: string
  }
  flags: { wasteland: string; stamp: string; reason: string; hash: string }
  rejections: { wasteland: string; completion: string; head: string; reason: string; hash: string }
  reverts: {
    wasteland: string
    completion: string
    revert: string
    by: string
    url: string
    stands: boolean
    hash: string
  }
  seen_reverts: {
    wasteland: string
    host: string
    repository_id: number
    reverted: string
    reverting: string
    number: number | null
  }
  bounties: { wasteland: string; wanted_id: string; told: string }
  pull_request_items: {
    wasteland: string
    host: string
    pull_request_id: number
    wanted_id: string
    installation_id: number
    repository_id: number
    owner: string
    repo: string
    number: number
    author_id: number
    linked_at: Date | string
    linked: boolean
    capped: Generated<boolean>
  }
  pull_request_heads: {
    wasteland: string
    host: string
    repository_id: number
    pull_request_id: number
    head: string
    seen_at: Date | string
  }
  held_stamps: {
    wasteland: string
    command: string
    host: string
    pull_request_id: number
    wanted_id: string
    comment_kind: CommentRef['kind']
    comment_id: number
    author_id: number
    login: string
    line: string
    given: ColumnType<Record<string, number>, string, never>
    head: string
    diff: string
    said_at: Date | string
    ended: string | null
  }
  claims: {
    wasteland: string
    wanted_id: string
    host: string
    rig: string
    person_id: number
    login: string
    claimed_at: Date | string
    announce_at: Date | string
    ends_at: Date | string
    announced: boolean
    installation_id: number | null
    owner: string | null
    repo: string | null
    number: number | null
  }
  replies: {
    wasteland: string
    key: string
    body: string
    comment_id: number | null
    sent_body: string | null
    refused: string | null
    updated_at: Date | string
  }
  imports: {
    wasteland: string
    id: string
    host: string
    login: string
    github_id: number | null
    line: string
    token: string | null
    asked_by: number | null
    thread: ColumnType<ImportThread | null, string | null, never>
    state: ImportState
    done: Generated<number>
    of: Generated<number>
    waits_until: Date | string | null
    kept: Record<string, unknown> | null
    failure: string | null
    handle: string | null
    changed: boolean | null
    created_at: Date | string
    started_at: Date | string | null
    ended_at: Date | string | null
  }
  seeding: {
    wasteland: string
    host: string
    place: number
    login: string
    github_id: number | null
    outcome: Outcome | null
    reason: string | null
  }
  forgetting: { wasteland: string; host: string; github_id: number; login: string }
  opt_outs: { wasteland: string; person: string; since: Date | string }
  settings: {
    wasteland: string
    host: string
    repository_id: number
    sha: string
    broken: boolean
    good: string | null
  }
  delivery_looks: {
    wasteland: string
    since: Date | string
    mark: Date | string | null
    cursor: string | null
    newest: Date | string | null
  }
  missed_deliveries: {
    wasteland: string
    guid: string
    attempt: string
    event: string
    delivered_at: Date | string
    answered: boolean
    asked: Generated<number>
    asked_at: Date | string | null
    lost: Generated<boolean>
  }
  reconciled: { wasteland: string; host: string; repository_id: number; mark: Date | string }
}

/** The operations store of one wasteland. */
export interface OperationsStore {
  db: Kysely<Operations>
  wasteland: string
}

const MIGRATIONS = new URL('../../schema/operations/', import.meta.url)
const CONNECTIONS = 6

/** As pg reads columns, but a bigint as a number. */
function readNumbers(type: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text') {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format)
}

/** Opens DATABASE_URL. Queries reject with the driver's errors; `settle` turns a lost store into Unavailable. */
export function openOperations(url: string): Kysely<Operations> {
  if (!URL.canParse(url) || !['postgres:', 'postgresql:'].includes(new URL(url).protocol)) {
    throw new UserError(
      'DATABASE_URL is not an address of a Postgres database. Expected postgres://user:password@host:5432/name.',
    )
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    types: { getTypeParser: readNumbers as typeof pg.types.getTypeParser },
  })
  // A connection that the server ends is no fault of ours: the pool opens another, and its query is rejected.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Operations>({ dialect: new PostgresDialect({ pool }) })
}

/** Brings our tables to this version. Throws UserError when a newer one has been here. */
export async function migrateOperations(db: Kysely<Operations>): Promise<void> {
  await pendingMigrations(db)
  const migrations = readMigrations()
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
  if (error !== undefined) throw error
}

/** Migrations of this version that the store does not have yet. Throws as `migrateOperations` does. */
export async function pendingMigrations(db: Kysely<Operations>): Promise<string[]> {
  const migrations = readMigrations()
  const applied = await appliedMigrations(db).catch((error: unknown) => {
    throw addressFault(error) ?? error
  })
  const unknown = applied.filter((name) => !(name in migrations))
  if (unknown.length > 0) {
    throw new UserError(
      `The operations store was written by a newer wasteland-bridge (it has ${unknown.join(', ')}). ` +
        'Use that version, or name another DATABASE_URL.',
    )
  }
  return Object.keys(migrations).filter((name) => !applied.includes(name))
}

/** What Postgres says of an address that is not right, in words for who wrote DATABASE_URL. */
function addressFault(error: unknown): UserError | undefined {
  const { code } = (error ?? {}) as { code?: unknown }
  if (code === '28P01' || code === '28000')
    return new UserError('Postgres does not let the user of DATABASE_URL in. Correct the user or the password.')
  if (code === '3D000')
    return new UserError(
      'There is no database of the name in DATABASE_URL. Create it (CREATE DATABASE), or correct DATABASE_URL.',
    )
  return undefined
}

async function appliedMigrations(db: Kysely<Operations>): Promise<string[]> {
  const { rows } = await sql<{ found: string | null }>`SELECT to_regclass('kysely_migration') AS found`.execute(db)
  if (rows[0]?.found == null) return []
  return (await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)).rows.map(
    (row) => row.name,
  )
}

function readMigrations(): Record<string, Migration> {
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'))
  return Object.fromEntries(
    files.map((name) => {
      const text = readFileSync(new URL(name, MIGRATIONS), 'utf8')
      const up = async (tx: Kysely<unknown>) => void (await sql.raw(text).execute(tx))
      return [name.slice(0, -'.sql'.length), { up }]
    }),
  )
}

/** Awaits an answer of Postgres; a store that is away becomes Unavailable. */
export async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw isStoreLoss(error) ? new Unavailable('the operations store cannot be reached', { cause: error }) : error
  }
}

const LOST = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08|57P0|53)/

function isStoreLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return LOST.test(code)
  // pg gives these two no code.
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout/.test(message)
  )
}
