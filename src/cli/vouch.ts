import { UserError } from '../domain/errors.ts'
import { readArguments } from './arguments.ts'
import { JSON_OPTION, logToStderr, say, sayJson } from './output.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { Subcommand } from './subcommand.ts'

export const vouch: Subcommand = {
  name: 'vouch',
  usage: 'wasteland-bridge vouch --yes [--json]',
  summary: 'believes the ledger as it is, where its signatures are of a key that is lost',
  async run(args, context) {
    const { yes, json } = readArguments(args, vouch.usage, { yes: { type: 'boolean' }, ...JSON_OPTION }).values
    if (yes !== true)
      throw new UserError(
        'This makes every commit of the ledger so far count as if this bridge had made it, trust levels and links ' +
          'included, whoever wrote them. Look through it first (dolt log, rigs.trust_level, rig_links). Then: wasteland-bridge vouch --yes',
      )
    const { readConfig, createLog } = json ? logToStderr(context) : context
    const { ledger, close } = await openLedgerForCommand(readConfig(), createLog('warn'), { updates: false })
    try {
      const head = await ledger.vouch({ again: true })
      if (json) sayJson({ head })
      else say(`The history of the ledger up to ${head} counts as it is.`)
    } finally {
      await close()
    }
    return 0
  },
}
