import { Unavailable, UserError } from '../domain/errors.ts'
import type { EndedTie } from '../domain/ties.ts'
import { oneLine } from '../domain/text.ts'
import { createCoalescer } from '../ops/batcher.ts'
import { withTimeout } from '../ops/retry.ts'
import { createAuthority, readBase } from './engine/authority.ts'
import { type Prepared, prepareCommons, readCommonsSchema } from './tables/commons.ts'
import { addressFault, ledgerAddress, notReached, openCommons, isConnectionLoss } from './connect.ts'
import { commitsSince, headCommit, type History } from './engine/log.ts'
import { joinOverTime } from './engine/joined-read.ts'
import { readThenWrite } from './engine/read-then-write.ts'
import { LOST_MS } from './engine/batch.ts'
import { tiesEndedBy } from './tables/tie-history.ts'
import { createCommitSigner } from './engine/signature.ts'
import { isCreatedBy, UPGRADE_COMMAND, upgradeCommons } from './tables/upgrade.ts'
import type { SchemaChange } from './tables/upgrade-plan.ts'
import type { WriterLock } from './engine/writer-lock.ts'
import { vouchForHistory } from './engine/vouch.ts'
import { type BatchStats, createWriter, type Writer } from './engine/writer.ts'
import type { BatchContext, CommonsDb } from './engine/types.ts'

/** The commons of one wasteland. Only this folder has SQL for it. */
export interface Ledger {
  /** The wasteland's name in the operations store. */
  wasteland: string
  /** The schema as it was found; `upgrade` updates it. */
  prepared: Prepared
  /** Columns that this commons lacks and a value was dropped for, such as `stamps.stamp_index`. */
  dropped(): string[]
  transact: Writer['transact']
  /** A transaction that most often writes nothing: then it never enters the write queue. The work may run twice. */
  readThenWrite: Writer['transact']
  /** Transactions in the write queue. */
  waiting: Writer['waiting']
  /** Reads main outside any transaction. Throws Unavailable when Dolt is away. */
  read<T>(query: (db: CommonsDb) => Promise<T>): Promise<T>
  head(): Promise<string>
  /** The commits that the bridge signed or vouched for; a peer's commit is not among them. */
  commitsSince(hash: string | undefined): Promise<History>
  tiesEndedBy(commits: ReadonlyMap<string, Date>): Promise<EndedTie[]>
  /** Must be called before any read: as `vouchForHistory`. */
  vouch(options?: { again?: boolean }): Promise<string | undefined>
  /**
   * Adds what the schema of the commons lacks, in one commit, once its history is vouched for; resolves to the changes.
   * Leaves a commons that another made, unless `told`: then throws UserError where another is writing, too.
   */
  upgrade(options?: { told?: boolean }): Promise<SchemaChange[]>
  close(): Promise<void>
}

const READERS = 4
/** Timeout of a read, long enough for a scan of a large history. */
const READ_MS = 60_000

/**
 * Opens LEDGER_URL, and creates the commons when the database is empty. Throws UserError for a database that is no
 * wasteland of ours to serve.
 *
 * @param options.key of DATA_DIR/hmac.key, which signs our commits
 * @param options.seen called after the writer has written
 */
export async function openLedger(url: string, options: LedgerOptions): Promise<Ledger> {
  const address = ledgerAddress(url)
  const reader = openCommons(address, READERS)
  const signer = createCommitSigner(options.key)
  const bad = logOnce(options.log)
  let prepared = await settle(prepareCommons(reader.sql, address.database, signer)).catch(async (error: unknown) => {
    await reader.sql.destroy()
    throw (
      addressFault(address, error) ?? (isConnectionLoss((error as Error).cause) ? notReached(address, error) : error)
    )
  })
  // One map shared by all writers and readers; an upgrade refills it.
  const columns = new Map(prepared.columns)
  const { dropped, noteDropped } = collectDropped(options.log)
  const head = createCoalescer(() => settle(headCommit(reader.sql)), { waitsMs: LOST_MS })
  const since = (hash: string | undefined) => settle(commitsSince(reader.sql, signer, hash))
  const authority = createAuthority({ head, since, baseAt: (hash) => settle(readBase(reader.sql, hash)) })
  const lock: WriterLock = { name: `wasteland-bridge/${address.database}`.slice(0, 64), cutsOff: true }
  const writer = createWriter(() => openCommons(address, 1), {
    lock,
    columns,
    database: address.database,
    signer,
    authority,
    seen: options.seen,
    bad,
    dropped: noteDropped,
  })
  // Concurrent reads with the same question share one query.
  const batch: BatchContext = { askers: new Map(), batchesOverTime: true }
  const db: CommonsDb = {
    sql: reader.sql,
    columns,
    database: address.database,
    batch,
    authority: authority.forReading(),
    bad,
    dropped: noteDropped,
  }
  batch.joined = joinOverTime(db)
  const vouch: Ledger['vouch'] = async (how) => {
    const hash = await vouchForHistory({ transact: writer.transact, head, since }, how)
    await authority.refresh()
    return hash
  }
  return {
    wasteland: address.database,
    get prepared() {
      return prepared
    },
    dropped,
    transact: writer.transact,
    readThenWrite: readThenWrite(db, head, writer.transact),
    waiting: writer.waiting,
    read: (query) => settle(query(db)),
    head,
    commitsSince: since,
    tiesEndedBy: (commits) => settle(tiesEndedBy(reader.sql, commits)),
    vouch,
    async upgrade({ told = false } = {}) {
      if (prepared.changes.length === 0) return []
      try {
        // Vouching comes first: a signed commit would say that there is nothing left to vouch for.
        await vouch()
        if (!told && !(await isOurs(prepared, since))) return []
        const changes = await upgradeCommons(address, { signer, lock })
        prepared = { ...(await settle(readCommonsSchema(reader.sql))), created: prepared.created }
        for (const [table, names] of prepared.columns) columns.set(table, names)
        return changes
      } catch (error) {
        throw told && error instanceof Unavailable ? busy(address.database, error) : error
      }
    },
    async close() {
      await writer.close()
      reader.sever()
      await reader.sql.destroy()
    },
  }
}

interface LedgerOptions {
  key: Buffer
  seen?: ((batch: BatchStats) => void) | undefined
  log?: { warn(fields: object, message: string): void } | undefined
}

async function isOurs(prepared: Prepared, since: Ledger['commitsSince']): Promise<boolean> {
  return prepared.createdHere && isCreatedBy(prepared, (await since(undefined)).commits)
}

function busy(database: string, cause: Unavailable): UserError {
  return new UserError(
    `The commons "${database}" was not upgraded: ${cause.message}. Stop the other bridge, or try again when it has nothing to write.`,
    { cause },
  )
}

/** Logs once for each column that this commons lacks that its values are dropped. */
function collectDropped(log: LedgerOptions['log']) {
  const logged = new Set<string>()
  return {
    dropped: () => [...logged],
    noteDropped(table: string, column: string) {
      const name = `${table}.${column}`
      if (logged.has(name)) return
      logged.add(name)
      log?.warn(
        { column: name },
        `a value is not written, as this commons lacks its column; ${UPGRADE_COMMAND} adds it`,
      )
    },
  }
}

/** The largest number of bad rows that are logged; nobody reads on beyond that. */
const MOST_BAD = 1_000

/** Logs each bad row once. */
function logOnce(log: LedgerOptions['log']): NonNullable<CommonsDb['bad']> {
  const logged = new Set<string>()
  return (table, id, columns) => {
    const key = JSON.stringify([table, id])
    if (logged.has(key) || logged.size >= MOST_BAD) return
    logged.add(key)
    log?.warn(
      { table, row: oneLine(id, 64), columns },
      'a row of the ledger has another shape than the protocol’s: it is left out',
    )
  }
}

async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await withTimeout(READ_MS, answer, 'the ledger does not answer')
  } catch (error) {
    throw isConnectionLoss(error) ? new Unavailable('the ledger cannot be reached', { cause: error }) : error
  }
}
