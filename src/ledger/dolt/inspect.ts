import { sql } from 'kysely'
import { lookAtCommons } from '../tables/commons.ts'
import { addressFault, ledgerAddress, notReached, openCommons, isConnectionLoss } from '../engine/connect.ts'

/** What a ledger looks like from outside. */
export interface LedgerFacts {
  database: string
  doltVersion: string
  /** True of a database that is filled at the first start. */
  fresh: boolean
  /** Columns of the protocol that it lacks, `stamps.stamp_index`. */
  missing: string[]
}

/**
 * Looks at LEDGER_URL and changes nothing. Throws UserError for an address that is not right, and for a database
 * that is no wasteland, of a newer version, or has uncommitted changes; Unavailable when nothing answers there.
 */
export async function inspectLedger(url: string): Promise<LedgerFacts> {
  const address = ledgerAddress(url)
  const { sql: commons, sever } = openCommons(address, 1)
  try {
    const { rows } = await sql<{ version: string }>`SELECT DOLT_VERSION() AS version`.execute(commons)
    const { missing, fresh } = await lookAtCommons(commons, address.database)
    return { database: address.database, doltVersion: rows[0]?.version ?? 'unknown', fresh, missing }
  } catch (error) {
    throw addressFault(address, error) ?? (isConnectionLoss(error) ? notReached(address, error) : error)
  } finally {
    sever()
    await commons.destroy()
  }
}
