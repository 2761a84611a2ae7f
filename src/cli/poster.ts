import { UserError } from '../domain/errors.ts'
import type { Account } from '../domain/rig.ts'
import { connectAnonymously } from '../github/github.ts'
import type { Config } from '../config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { CliContext } from './subcommand.ts'

/**
 * Opens the ledger and runs work as the rig of `--by`, the poster of the items. Throws a UserError where there is no
 * such rig.
 */
export async function asPoster<T>(
  { createLog }: CliContext,
  config: Config,
  login: string,
  run: (ledger: Ledger, rig: string, by: { account: Account; host: string }) => Promise<T>,
): Promise<T> {
  const github = connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL })
  const account = await github.getAccount(login.replace(/^@/, ''))
  const { ledger, host, close } = await openLedgerForCommand(config, createLog('warn'))
  try {
    const rig = account && (await ledger.read((db) => findRigOf(db, host, account)))
    if (rig === undefined)
      throw new UserError(
        `${login.slice(0, 40)} has no rig in this wasteland, and nobody is registered by another. ` +
          'They take part first, by any command such as /wl post; or: wasteland-bridge init --maintainer <login>',
      )
    return await run(ledger, rig.handle, { account: account!, host })
  } finally {
    await close()
  }
}
