import type { Logger } from 'pino'
import { UserError } from '../domain/errors.ts'
import type { Ledger } from './ledger.ts'
import { UPGRADE_COMMAND } from './tables/upgrade.ts'

/**
 * Vouches for a history that was not signed, and upgrades the schema of a commons of our own. Runs once both stores are
 * this version's: an older replica, which does not sign, writes no more by then. Where the schema cannot be upgraded
 * the bridge works as it does with somebody else's commons.
 */
export async function bringUpToDate(ledger: Ledger, log: Pick<Logger, 'info' | 'warn'>): Promise<void> {
  const head = await ledger.vouch()
  if (head !== undefined)
    log.warn({ head }, 'the history of this ledger was not signed: it counts as it is from now on')
  try {
    const changes = await ledger.upgrade()
    if (changes.length > 0)
      log.info({ added: changes.map(({ name }) => name) }, 'the schema of this commons was upgraded')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    log.warn(error.message)
  }
}

/** Warns of columns that a commons lacks which the start does not change. */
export function warnOfMissing({ prepared: { missing, changes } }: Ledger, log: Pick<Logger, 'warn'>) {
  const indexes = changes.flatMap(({ kind, name }) => (kind === 'index' ? [name] : []))
  if (missing.length > 0)
    log.warn(
      { missing, indexes },
      `this commons lacks columns; what they hold is not written. ${UPGRADE_COMMAND} adds them`,
    )
  else if (indexes.length > 0)
    log.warn({ indexes }, `this commons lacks indexes, and grows slow. ${UPGRADE_COMMAND} adds them`)
}
