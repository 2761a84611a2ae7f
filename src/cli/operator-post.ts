import { UserError } from '../domain/errors.ts'
import { type Account, BRIDGE_AUTHOR } from '../domain/rig.ts'
import { postedIn } from '../domain/wanted.ts'
import { connectAnonymously } from '../github/github.ts'
import { getAccount } from '../github/repositories.ts'
import type { Config } from '../config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findRigOf } from '../ledger/rigs.ts'
import { findWanted, insertWanted, type NewWanted } from '../ledger/wanted.ts'
import { openLedgerForCommand } from './stores.ts'
import type { CliContext } from './subcommand.ts'

/** Opens the ledger and finds the rig of `--by`, whose items they will be. Throws UserError when there is none. */
export async function asPoster(
  { createLog }: CliContext,
  config: Config,
  login: string,
  run: (ledger: Ledger, rig: string, by: { account: Account; host: string }) => Promise<number>,
): Promise<number> {
  const client = connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL })
  const account = await getAccount(client, login.replace(/^@/, ''))
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

/** Posts an item on the operator's authority. The caps do not hold for the operator. */
export async function postForOperator(
  ledger: Ledger,
  item: NewWanted,
  { parent, repositoryId }: { parent?: string | undefined; repositoryId?: number } = {},
): Promise<'posted' | 'known' | 'no-parent'> {
  const { value } = await ledger.transact<'posted' | 'known' | 'no-parent'>(async (db) => {
    if ((await findWanted(db, item.id)) !== undefined) return { value: 'known' }
    if (parent !== undefined && (await findWanted(db, parent)) === undefined) return { value: 'no-parent' }
    await insertWanted(db, item)
    const trailers = {
      Authority: 'operator',
      ...(parent === undefined ? {} : { Parent: parent }),
      ...(repositoryId !== undefined && { 'Posted-In': postedIn(repositoryId, item.id) }),
    }
    return { value: 'posted', commit: { author: BRIDGE_AUTHOR, subject: `wl post: ${item.id}`, trailers } }
  })
  return value
}
