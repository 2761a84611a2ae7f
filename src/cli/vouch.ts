import { UserError } from '../domain/errors.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { Subcommand } from './subcommand.ts'

export const vouch: Subcommand = {
  name: 'vouch',
  usage: 'wasteland-bridge vouch --yes',
  summary: 'believes the ledger as it is, where its signatures are of a key that is lost',
  async run(args, { readConfig, createLog }) {
    if (args.length !== 1 || args[0] !== '--yes')
      throw new UserError(
        'This makes every commit of the ledger so far count as if this bridge had made it, trust levels and links ' +
          `included, whoever wrote them. Look through it first (dolt log, rigs.trust_level, rig_links). Then: ${vouch.usage}`,
      )
    const { ledger, close } = await openLedgerForCommand(readConfig(), createLog('warn'), { updates: false })
    try {
      const head = await ledger.vouch({ again: true })
      process.stdout.write(`The history of the ledger up to ${head} counts as it is.\n`)
    } finally {
      await close()
    }
    return 0
  },
}
