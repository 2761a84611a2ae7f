import type { KyselyPlugin, PluginTransformQueryArgs, RootOperationNode } from 'kysely'
import { withTimeout } from '../../ops/retry.ts'
import { suspendGuard } from '../../ops/suspend-guard.ts'
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
  const reader: CommonsDb = { ...db, sql: db.sql.withPlugin(readsOnly), wrote: refuse }
  return async (work, batchable) => {
    const assertNotSuspended = suspendGuard()
    const before = await head()
    // An error of the read is no result: the transaction meets it again.
    const result = await withTimeout(SILENT_MS, work(reader), 'the ledger does not answer').catch(() => undefined)
    const isNothing = result !== undefined && result.commit === undefined
    if (!isNothing || (await head()) !== before) return transact(work, batchable)
    assertNotSuspended()
    return { value: result.value, hash: undefined }
  }
}

function refuse(): never {
  throw new Error('only a transaction may write')
}

const readsOnly: KyselyPlugin = {
  transformQuery: ({ node }: PluginTransformQueryArgs) => (reads(node) ? node : refuse()),
  transformResult: async ({ result }) => result,
}

function reads(node: RootOperationNode): boolean {
  if (node.kind === 'RawNode') return /^\s*\(?SELECT\b/i.test(node.sqlFragments[0] ?? '')
  return node.kind === 'SelectQueryNode'
}
