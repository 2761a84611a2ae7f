import { type Kysely, sql } from 'kysely'
import { Unavailable } from '../../domain/errors.ts'
import { withTimeout } from '../../ops/retry.ts'
import { type AssertNotSuspended, suspendGuard } from '../../ops/suspend-guard.ts'
import type { LedgerAuthority } from './authority.ts'
import { type Connections, isConnectionLoss } from '../connect.ts'
import { doltCommit, type LedgerCommit, type StatedCommit } from './dolt-commit.ts'
import type { Fact } from './facts.ts'
import type { CommitSigner } from './signature.ts'
import { atBranch, LedgerMismatch } from './tables.ts'
import { isLong, pickBatch, type WriteQueue } from './write-queue.ts'
import { watchStatements } from './statements.ts'
import { releaseLock, takeLock, type WriterLock } from './writer-lock.ts'
import type { BatchContext, Commons, CommonsDb } from './types.ts'

/*
 * The single writer of the commons.
 *
 * A transaction of ours is one transaction of Dolt's SQL and at most one Dolt commit: START TRANSACTION, the work reads
 * what it decides on and writes its rows, DOLT_COMMIT, COMMIT. Transactions run first in, first out on a single
 * connection, because Dolt's parallel writers on one branch lose updates without an error (`dolt.md`). That connection
 * holds a lock, which keeps out the command line and other replicas. A transaction that conflicts with a foreign writer
 * (`wl`) is retried from its reads. When the answer to a commit is lost, the caller's retry is idempotent: it finds its
 * own row.
 *
 * Where the write queue is long, the transactions of one author that name their `conflictKeys` run as a batch
 * (`write-queue.ts`): one transaction, one commit, reads of the same moment in one statement (`batch.ts`). A batch of
 * which anything fails is rolled back and its members run singly, so that none harms another.
 */

/** The outcome of the work of a transaction. */
export interface TransactionResult<T> {
  /** Undefined: nothing is written. */
  commit?: LedgerCommit | undefined
  value: T
  /** Checked after the commit, on a new read: Dolt reports no error when a foreign writer wrote the same value. */
  verifyAfter?: (db: CommonsDb) => Promise<boolean>
}

/** The data that lets a transaction join a batch. */
export interface Batchable {
  /** The author of its commit. */
  author: string
  /**
   * The ids of everything that it decides on and others may change: items, commands. Transactions that share a key run
   * in order.
   */
  conflictKeys: readonly string[]
}

export interface Writer {
  /** Runs work as a transaction. Batchable work must not write before it refuses. */
  transact<T>(
    work: (db: CommonsDb) => Promise<TransactionResult<T>>,
    batchable?: Batchable,
  ): Promise<{ value: T; hash: string | undefined }>
  /** Transactions in the write queue. */
  waiting(): number
  close(): Promise<void>
}

/**
 * Statistics of one transaction of Dolt's: the number of ours in it, their commits, and how long it took in
 * milliseconds.
 */
export interface BatchStats {
  transactions: number
  commits: number
  seconds: number
}

/** A result, with the facts about rigs and links for its commit. */
type Decided = TransactionResult<unknown> & { facts: readonly Fact[] }

/** A transaction in the write queue. */
interface Member {
  work: (db: CommonsDb) => Promise<TransactionResult<unknown>>
  batchable?: Batchable | undefined
  attempts: number
  /** Throws where this process was suspended and another has the work by now. */
  assertNotSuspended: AssertNotSuspended
  done(result: { value: unknown; hash: string | undefined }): void
  failed(error: unknown): void
}

/** What the writer's queue hears and is asked for while it is written. */
interface Steps {
  locked(): void
  next(): Member[] | undefined
  written(): void
}

const ATTEMPTS = 5
/**
 * Timeout of a batch. It takes milliseconds, and a second or two while Dolt collects garbage; after this the server
 * hangs.
 */
const BATCH_MS = 30_000
/**
 * After this time the lock is released once, for another replica or the command line, which do not always get it at
 * once: Dolt has no line for a lock. Taking it anew costs a hundredth of this.
 */
const HOLDS_LOCK_MS = 100

interface WriterOptions extends Pick<CommonsDb, 'columns' | 'database' | 'bad' | 'dropped'> {
  lock: WriterLock
  seen?: ((batch: BatchStats) => void) | undefined
  /** Signs the commits of the commons. The profile store has none, as nothing is decided by its commits. */
  signer?: CommitSigner
  authority?: LedgerAuthority
}

export function createWriter(open: () => Connections, options: WriterOptions): Writer {
  const { lock } = options
  let commons = open()
  const queue: WriteQueue<Member> = []
  let writing: Promise<void> | undefined

  async function drain() {
    // Taken from the queue, and not written yet.
    const batches: Member[][] = []
    let inBatches = false
    const next = () => {
      if (batches.length === 0 && queue.length > 0) {
        inBatches ||= isLong(queue)
        batches.push(pickBatch(queue, inBatches))
      }
      return batches[0]
    }
    while (batches.length > 0 || queue.length > 0) {
      let isLocked = false
      const locked = () => void (isLocked = true)
      try {
        await writeUnderLock({ locked, next, written: () => batches.shift() })
      } catch (error) {
        await renew()
        if (!isLocked) next()
        recover(batches, error, inBatches ? queue : [])
      }
    }
    writing = undefined
  }

  /**
   * Writes batch after batch, for as long as the lock may be held. Each is `written` once it is. The first is picked when
   * the lock is there: it has those who came while another process had it.
   */
  async function writeUnderLock({ locked, next, written }: Steps) {
    await commons.sql.connection().execute(async (connection) => {
      await withTimeout(BATCH_MS, takeLock(connection, lock), SILENT)
      locked()
      const until = performance.now() + HOLDS_LOCK_MS
      for (let batch = next(); batch !== undefined; batch = performance.now() < until ? next() : undefined) {
        await withTimeout(BATCH_MS, write(connection, batch, options), SILENT)
        written()
      }
      await releaseLock(connection, lock)
    })
  }

  /** Replaces the connection. One with an open transaction or lock must not return to the pool: ending it ends both. */
  async function renew() {
    const broken = commons
    commons = open()
    broken.sever()
    await broken.sql.destroy().catch(() => {})
  }

  return {
    transact<T>(work: (db: CommonsDb) => Promise<TransactionResult<T>>, batchable?: Batchable) {
      return new Promise<{ value: T; hash: string | undefined }>((done, failed) => {
        queue.push({
          work,
          batchable,
          attempts: ATTEMPTS,
          assertNotSuspended: suspendGuard(),
          done: done as Member['done'],
          failed,
        })
        // Starts after this tick, so that all transactions of the same tick are in the queue.
        writing ??= Promise.resolve().then(drain)
      })
    },
    waiting: () => queue.length,
    async close() {
      await writing
      await commons.sql.destroy()
    },
  }
}

const SILENT = 'the ledger does not answer'

/** Fails the batch, or has its members run singly. `others`: those that a ledger that is away would fail as well. */
function recover(batches: Member[][], error: unknown, others: Member[]) {
  const lost = isConnectionLoss(error) ? new Unavailable('the ledger cannot be reached', { cause: error }) : error
  // The ledger is away: all others in the queue fail now instead of each waiting for its timeout.
  if (lost instanceof Unavailable) {
    for (const member of [...batches.splice(0).flat(), ...others.splice(0)]) member.failed(lost)
    return
  }
  const [first, ...more] = batches.shift() ?? []
  if (first === undefined) return
  if (more.length > 0) batches.unshift(...[first, ...more].map((member) => [member]))
  else if (--first.attempts > 0 && (error instanceof LedgerMismatch || errno(error) === 1213)) batches.unshift([first])
  else first.failed(error)
}

/**
 * Writes one batch as one transaction of Dolt's. When it throws, either nothing was written, or the next attempt finds
 * what was.
 */
async function write(connection: Kysely<Commons>, batch: Member[], options: WriterOptions) {
  const { columns, database, bad, dropped, seen, authority } = options
  const began = performance.now()
  await sql`START TRANSACTION`.execute(connection)
  const context: BatchContext = { askers: new Map(), isShared: batch.length > 1 }
  const db: CommonsDb = {
    sql: connection.withPlugin(watchStatements({ writes: (table) => context.joined?.forget(table) })),
    columns,
    database,
    ...(bad && { bad }),
    ...(dropped && { dropped }),
    batch: context,
  }
  const results = await decide(db, batch, authority)
  const commits = results.flatMap(({ commit, facts }) => (commit === undefined ? [] : [{ ...commit, facts }]))
  for (const { assertNotSuspended } of batch) assertNotSuspended()
  const hash = commits.length === 0 ? undefined : await commitAll(db, commits, results, options)
  if (commits.length === 0) await sql`ROLLBACK`.execute(connection)
  for (const [n, { value, commit }] of results.entries())
    batch[n]!.done({ value, hash: commit === undefined ? undefined : hash })
  seen?.({
    transactions: batch.length,
    commits: commits.length === 0 ? 0 : 1,
    seconds: (performance.now() - began) / 1000,
  })
}

/** Makes the one Dolt commit of a transaction, then asks each member's `verifyAfter`. */
async function commitAll(
  before: CommonsDb,
  [first, ...others]: StatedCommit[],
  results: readonly Decided[],
  { database, signer, authority }: WriterOptions,
): Promise<string | undefined> {
  const connection = before.sql
  const after = { ...before, ...(authority && { authority: authority.forReading() }) }
  const { branch } = first!
  // A transaction that fails on a branch ends its connection, so none is left there.
  if (branch !== undefined) await use(connection, atBranch(after, branch))
  const { hash: made, sequence } = await doltCommit(connection, [first!, ...others], signer)
  // DOLT_COMMIT leaves the connection in a new transaction.
  await sql`COMMIT`.execute(connection)
  for (const { facts } of [first!, ...others]) authority?.apply(facts, sequence)
  if (branch !== undefined) await use(connection, database)
  const verified = await Promise.all(
    results.map(async ({ verifyAfter }) => verifyAfter === undefined || verifyAfter(after)),
  )
  if (verified.includes(false)) throw new LedgerMismatch(`${first!.subject}: another writer won`)
  return made
}

/** Runs the work of each member concurrently. Throws when the results cannot be one commit. */
async function decide(db: CommonsDb, batch: Member[], authority: LedgerAuthority | undefined): Promise<Decided[]> {
  const [only, ...others] = batch
  if (others.length === 0) {
    const own = authority?.forTransaction()
    const result = await only!.work({ ...db, ...(own && { authority: own }) })
    return [{ ...result, facts: own?.noted ?? [] }]
  }
  const ended = await Promise.allSettled(
    batch.map(async ({ work, batchable }) => {
      let wrote = false
      const own = authority?.forTransaction()
      const result = await work({ ...db, wrote: () => void (wrote = true), ...(own && { authority: own }) })
      const { commit } = result
      if (commit === undefined ? wrote : commit.author !== batchable?.author || commit.branch !== undefined)
        throw new LedgerMismatch('a transaction that no batch can have')
      return { ...result, facts: own?.noted ?? [] }
    }),
  )
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

async function use(connection: Kysely<Commons>, database: string) {
  await sql`USE ${sql.id(database)}`.execute(connection)
}

/** MySQL's error number; SQLSTATE is HY000 for most of Dolt's. */
function errno(error: unknown): number | undefined {
  const value = (error as { errno?: unknown } | null)?.errno
  return typeof value === 'number' ? value : undefined
}
