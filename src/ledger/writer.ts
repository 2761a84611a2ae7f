import { type Kysely, sql } from 'kysely'
import { commitMessage, type Trailers } from '../domain/commit-message.ts'
import { Unavailable } from '../domain/errors.ts'
import { within } from '../ops/patience.ts'
import type { Connections } from './connect.ts'
import { atBranch, type Commons, type CommonsDb, LedgerMismatch } from './tables.ts'

/**
 * The one writer of the commons.
 *
 * A turn is one transaction and at most one Dolt commit: lock, START TRANSACTION, the work reads what it
 * decides on and writes its rows, DOLT_COMMIT, COMMIT, unlock. Turns run first in, first out on a single
 * connection, for Dolt's parallel writers on one branch lose updates without an error (`dolt.md`). GET_LOCK
 * keeps out the command line and other replicas. A turn that loses against a foreign writer (`wl`) runs again
 * from its reads. When the answer to a commit is lost, the caller's retry finds its own row.
 */
export interface Commit {
  /** `name <mail>` of the acting rig. */
  author: string
  /** In the protocol's words, `wl claim: w-…`. */
  subject: string
  trailers: Trailers
  /** True for a note without rows. */
  empty?: boolean
  /** Of an entry of an open bounty, the branch that its row was written to; else main. */
  branch?: string
}

export interface TurnResult<T> {
  /** Undefined: nothing is written. */
  commit?: Commit | undefined
  value: T
  /** Read again after the commit: a foreign writer of the same value is reported by no error. */
  stands?: (db: CommonsDb) => Promise<boolean>
}

export interface Writer {
  turn<T>(work: (db: CommonsDb) => Promise<TurnResult<T>>): Promise<{ value: T; hash: string | undefined }>
  close(): Promise<void>
}

const ATTEMPTS = 5
const LOCK_SECONDS = 8
/** A turn takes milliseconds, and a second or two while Dolt collects garbage. After this the server hangs. */
const TURN_MS = 30_000

export function createWriter(
  open: () => Connections,
  lock: string,
  { columns, database }: Pick<CommonsDb, 'columns' | 'database'>,
): Writer {
  let commons = open()
  let line: Promise<unknown> = Promise.resolve()

  async function attempt<T>(work: (db: CommonsDb) => Promise<TurnResult<T>>) {
    return commons.sql.connection().execute(async (connection) => {
      await takeLock(connection, lock)
      await sql`START TRANSACTION`.execute(connection)
      const db = { sql: connection, columns, database }
      const { commit, value, stands } = await work(db)
      if (commit === undefined) {
        await sql`ROLLBACK`.execute(connection)
        await releaseLock(connection, lock)
        return { value, hash: undefined }
      }
      // A turn that fails on a branch ends its connection, so none is left there.
      if (commit.branch !== undefined) await use(connection, atBranch(db, commit.branch))
      const hash = await doltCommit(connection, commit)
      // DOLT_COMMIT leaves the connection in a new transaction.
      await sql`COMMIT`.execute(connection)
      if (commit.branch !== undefined) await use(connection, database)
      if (stands !== undefined && !(await stands(db))) throw new LedgerMismatch(`${commit.subject}: another writer won`)
      await releaseLock(connection, lock)
      return { value, hash }
    })
  }

  /** A connection with an open transaction or lock must not come back from the pool: end it, and with it both. */
  async function renew() {
    const broken = commons
    commons = open()
    broken.sever()
    await broken.sql.destroy().catch(() => {})
  }

  async function take<T>(work: (db: CommonsDb) => Promise<TurnResult<T>>, attempts = ATTEMPTS) {
    try {
      return await within(TURN_MS, attempt(work), 'the ledger does not answer')
    } catch (error) {
      await renew()
      if (attempts > 1 && (error instanceof LedgerMismatch || errno(error) === 1213)) return take(work, attempts - 1)
      throw isConnectionLoss(error) ? new Unavailable('the ledger cannot be reached', { cause: error }) : error
    }
  }

  return {
    turn(work) {
      const mine = line.then(() => take(work))
      line = mine.catch(() => {})
      return mine
    },
    async close() {
      await line
      await commons.sql.destroy()
    },
  }
}

async function takeLock(connection: Kysely<Commons>, lock: string) {
  const { rows } = await sql<{ taken: number }>`SELECT GET_LOCK(${lock}, ${LOCK_SECONDS}) AS taken`.execute(connection)
  if (Number(rows[0]?.taken) !== 1) throw new Unavailable('another process is writing to the ledger')
}

async function releaseLock(connection: Kysely<Commons>, lock: string) {
  await sql`SELECT RELEASE_LOCK(${lock})`.execute(connection)
}

async function use(connection: Kysely<Commons>, database: string) {
  await sql`USE ${sql.id(database)}`.execute(connection)
}

async function doltCommit(connection: Kysely<Commons>, commit: Commit): Promise<string | undefined> {
  const message = commitMessage(commit.subject, commit.trailers)
  const whenEmpty = commit.empty === true ? '--allow-empty' : '--skip-empty'
  const { rows } = await sql<{
    hash: string
  }>`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${commit.author}, ${whenEmpty})`.execute(connection)
  return rows[0]?.hash
}

/** MySQL's error number; SQLSTATE is HY000 for most of Dolt's. */
function errno(error: unknown): number | undefined {
  const value = (error as { errno?: unknown } | null)?.errno
  return typeof value === 'number' ? value : undefined
}

const LOST = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ER_CON_COUNT_ERROR',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
])

/** True when the server went away rather than refused. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, fatal, cause } = (error ?? {}) as { code?: string; fatal?: boolean; cause?: unknown }
  if (error instanceof Unavailable) return false
  return (code !== undefined && LOST.has(code)) || fatal === true || (cause !== undefined && isConnectionLoss(cause))
}
