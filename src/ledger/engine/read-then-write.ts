import { withTimeout } from '../../ops/retry.ts'
import { suspendGuard } from '../../ops/suspend-guard.ts'
import { watchStatements } from './statements.ts'
import type { Writer } from './writer.ts'
import type { CommonsDb } from './types.ts'

const SILENT_MS = 30_000

/**
 * Optimistic transaction, for work that most often writes nothing. The work runs first outside the write queue, as a
 * reader. Where it writes nothing and the ledger's head did not move meanwhile, its result stands; otherwise it runs
 * again in the write queue.
 */
export function readThenWrite(
  db: CommonsDb,
  head: () => Promise<string>,
  transact: Writer['transact'],
): Writer['transact'] {
  return async (work, batchable) => {
    const assertNotSuspended = suspendGuard()
    const { reader, isOfHead } = createReader(db)
    // An error of the read is no result: the transaction meets it again.
    const result = await withTimeout(SILENT_MS, work(reader), 'the ledger does not answer').catch(() => undefined)
    const isNothing = result !== undefined && result.commit === undefined
    if (!isNothing || !(await isOfHead(head))) return transact(work, batchable)
    assertNotSuspended()
    return { value: result.value, hash: undefined }
  }
}

/** A reader whose first read tells of which commit it is, where that is a joined one (`joined-read.ts`). */
function createReader(db: CommonsDb) {
  const heads = new Set<string>()
  let isUnknown = false
  const watched = watchStatements({ reads: () => (isUnknown ||= heads.size === 0), writes: refuse })
  const reader: CommonsDb = {
    ...db,
    sql: db.sql.withPlugin(watched),
    // The askers of other readers are not watched, and those of this one are nobody else's.
    ...(db.batch && { batch: { ...db.batch, askers: new Map() } }),
    wrote: refuse,
    saw: (head) => void heads.add(head),
  }
  /** Whether all was read of the commit that is the head now. Without a read of the ledger that is not known. */
  async function isOfHead(head: () => Promise<string>): Promise<boolean> {
    return !isUnknown && heads.size === 1 && heads.has(await head())
  }
  return { reader, isOfHead }
}

function refuse(): never {
  throw new Error('only a transaction may write')
}
