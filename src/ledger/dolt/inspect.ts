import { sql } from 'kysely'
import { inspectCommons } from '../tables/commons.ts'
import { isCreatedBy } from '../tables/upgrade.ts'
import { commitsSince } from '../engine/log.ts'
import { createCommitSigner } from '../engine/signature.ts'
import { addressFault, ledgerAddress, notReached, openCommons, isConnectionLoss } from '../connect.ts'

/** The state of a ledger, for doctor. */
export interface LedgerFacts {
  database: string
  doltVersion: string
  /** True for a database that is filled at the first start. */
  fresh: boolean
  /** Columns of the protocol that it lacks, such as `stamps.stamp_index`. */
  missing: string[]
  /** Indexes of the protocol that it lacks. */
  indexes: string[]
  /** True where the next start adds what is missing: a commons that this bridge made. */
  isOurs: boolean
}

/**
 * Checks LEDGER_URL and changes nothing. Throws UserError for a wrong address, and for a database that is no wasteland,
 * of a newer version, or has uncommitted changes; Unavailable when nothing answers there.
 *
 * @param key of DATA_DIR/hmac.key, where there is one
 */
export async function inspectLedger(url: string, key?: Buffer): Promise<LedgerFacts> {
  const address = ledgerAddress(url)
  const { sql: commons, sever } = openCommons(address, 1)
  try {
    const { rows } = await sql<{ version: string }>`SELECT DOLT_VERSION() AS version`.execute(commons)
    const schema = await inspectCommons(commons, address.database)
    const isAsked = schema.changes.length > 0 && schema.createdHere && key !== undefined
    const history = isAsked ? await commitsSince(commons, createCommitSigner(key), undefined) : undefined
    return {
      database: address.database,
      doltVersion: rows[0]?.version ?? 'unknown',
      fresh: schema.fresh,
      missing: schema.missing,
      indexes: schema.changes.flatMap(({ kind, name }) => (kind === 'index' ? [name] : [])),
      isOurs: history !== undefined && (history.unsigned === 'all' || isCreatedBy(schema, history.commits)),
    }
  } catch (error) {
    throw addressFault(address, error) ?? (isConnectionLoss(error) ? notReached(address, error) : error)
  } finally {
    sever()
    await commons.destroy()
  }
}
