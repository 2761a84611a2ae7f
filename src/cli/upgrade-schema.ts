import { count } from '../domain/text.ts'
import { openLedgerForCommand } from '../stores.ts'
import { agreed } from './agreed.ts'
import type { CliContext } from './subcommand.ts'

/** Adds what the commons lacks of the schema, whoever made it, after a preview and a yes. Resolves to the exit code. */
export async function upgradeSchema({ readConfig, createLog }: CliContext, yes: boolean): Promise<number> {
  // What is not vouched for is not changed by a preview, either.
  const { ledger, close } = await openLedgerForCommand(readConfig(), createLog('warn'), { updates: false })
  try {
    const { changes, missing, version } = ledger.prepared
    if (changes.length === 0) {
      say(
        missing.length === 0
          ? `The commons ${ledger.wasteland} lacks nothing of the schema.`
          : `The commons ${ledger.wasteland} has schema ${version?.slice(0, 20)}, which is newer than this program. It is left as it is.`,
      )
      return 0
    }
    say(`The commons ${ledger.wasteland} lacks:`)
    for (const { name } of changes) say(`  ${name}`)
    say('They are added in one Dolt commit. Nothing is dropped or renamed, and every row stays.')
    if (!(await agreed(yes, TO_UPGRADE))) return 0
    const added = await ledger.upgrade({ told: true })
    say(`Added ${count(added.length, 'thing')}. A bridge that runs writes to new columns from its next start on.`)
    return 0
  } finally {
    await close()
  }
}

const TO_UPGRADE = {
  question: 'Add them?',
  otherwise: 'A preview only: repeat it with --yes to add them.',
  declined: 'Nothing is changed.',
}

function say(text: string) {
  process.stdout.write(`${text}\n`)
}
