import { count } from '../domain/text.ts'
import { SCHEMA_VERSION } from '../ledger/tables/commons.ts'
import { isNewer } from '../ledger/tables/upgrade-plan.ts'
import { openLedgerForCommand } from '../stores.ts'
import { agreed, type Consent } from './agreed.ts'
import { printerFor } from './output.ts'
import type { CliContext } from './subcommand.ts'

/** The part of the document of `--json` about an upgrade. */
export interface SchemaUpgrade {
  commons: string
  version: string | null
  /** Whether its schema is newer than this program, which then adds nothing. */
  isNewer: boolean
  /** Columns, tables and indexes that it lacked. */
  lacks: string[]
  added: string[]
}

/**
 * Adds what the commons lacks of the schema, whoever made it, after a preview and a confirmation. Resolves to what it
 * found and did.
 */
export async function upgradeSchema({ readConfig, createLog }: CliContext, told: Consent): Promise<SchemaUpgrade> {
  const print = printerFor(told)
  // What is not vouched for is not changed by a preview, either.
  const { ledger, close } = await openLedgerForCommand(readConfig(), createLog('warn'), { updates: false })
  try {
    const { changes, missing, version } = ledger.prepared
    const lacks = changes.map(({ name }) => name)
    const found = {
      commons: ledger.wasteland,
      version: version ?? null,
      isNewer: isNewer(version, SCHEMA_VERSION),
      lacks,
    }
    if (lacks.length === 0) {
      print(
        missing.length === 0
          ? `The commons ${ledger.wasteland} lacks nothing of the schema.`
          : `The commons ${ledger.wasteland} has schema ${version?.slice(0, 20)}, which is newer than this program. It is left as it is.`,
      )
      return { ...found, added: [] }
    }
    print(`The commons ${ledger.wasteland} lacks:`)
    for (const name of lacks) print(`  ${name}`)
    print('They are added in one Dolt commit. Nothing is dropped or renamed, and every row stays.')
    if (!(await agreed(told, TO_UPGRADE))) return { ...found, added: [] }
    const added = await ledger.upgrade({ told: true })
    print(`Added ${count(added.length, 'thing')}. A bridge that runs writes to new columns from its next start on.`)
    return { ...found, added: added.map(({ name }) => name) }
  } finally {
    await close()
  }
}

const TO_UPGRADE = {
  question: 'Add them?',
  otherwise: 'A preview only: repeat it with --yes to add them.',
  declined: 'Nothing is changed.',
}
