import { Unavailable } from '../domain/errors.ts'
import type { EndedTie } from '../domain/ties.ts'
import { gatherOne } from '../ops/gather.ts'
import { within } from '../ops/patience.ts'
import { type Prepared, prepareCommons } from './commons.ts'
import { addressFault, ledgerAddress, openCommons } from './connect.ts'
import { commitsSince, headCommit, type History } from './log.ts'
import { lookFirst } from './look-first.ts'
import { LOST_MS } from './set.ts'
import { tiesEndedBy } from './tie-history.ts'
import type { CommonsDb } from './tables.ts'
import { type BatchSeen, createWriter, isConnectionLoss, type Writer } from './writer.ts'

/** The commons of one wasteland. Nothing outside this room speaks SQL to it. */
export interface Ledger {
  /** Names this wasteland in the operations store. */
  wasteland: string
  prepared: Prepared
  turn: Writer['turn']
  /** A turn that most often writes nothing: where it does not, it costs the line nothing. The work may run twice. */
  lookFirst: Writer['turn']
  /** Turns in line. */
  waiting: Writer['waiting']
  /** Reads main outside any turn. Throws Unavailable when Dolt is away. */
  read<T>(query: (db: CommonsDb) => Promise<T>): Promise<T>
  head(): Promise<string>
  commitsSince(hash: string | undefined): Promise<History>
  tiesEndedBy(commits: ReadonlyMap<string, Date>): Promise<EndedTie[]>
  close(): Promise<void>
}

const READERS = 4
/** Long enough for a scan of a large history. */
const READ_MS = 60_000

/**
 * Opens LEDGER_URL, filling it when it is empty. Throws UserError for a database that is no wasteland of ours to serve.
 *
 * @param options.seen told of what the writer has written
 */
export async function openLedger(url: string, options: { seen?: (batch: BatchSeen) => void } = {}): Promise<Ledger> {
  const address = ledgerAddress(url)
  const reader = openCommons(address, READERS)
  const prepared = await settle(prepareCommons(reader.sql, address.database)).catch(async (error: unknown) => {
    await reader.sql.destroy()
    throw addressFault(address, error) ?? error
  })
  const { columns } = prepared
  const writer = createWriter(() => openCommons(address, 1), {
    lock: { name: `wasteland-bridge/${address.database}`.slice(0, 64), cutsOff: true },
    columns,
    database: address.database,
    ...options,
  })
  // What many commands ask is asked once.
  const set = { askers: new Map(), gathers: true }
  const db: CommonsDb = { sql: reader.sql, columns, database: address.database, set }
  const head = gatherOne(() => settle(headCommit(reader.sql)), { waitsMs: LOST_MS })
  return {
    wasteland: address.database,
    prepared,
    turn: writer.turn,
    lookFirst: lookFirst(db, head, writer.turn),
    waiting: writer.waiting,
    read: (query) => settle(query(db)),
    head,
    commitsSince: (hash) => settle(commitsSince(reader.sql, hash)),
    tiesEndedBy: (commits) => settle(tiesEndedBy(reader.sql, commits)),
    async close() {
      await writer.close()
      reader.sever()
      await reader.sql.destroy()
    },
  }
}

async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await within(READ_MS, answer, 'the ledger does not answer')
  } catch (error) {
    throw isConnectionLoss(error) ? new Unavailable('the ledger cannot be reached', { cause: error }) : error
  }
}
