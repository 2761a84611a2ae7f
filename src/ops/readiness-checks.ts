import { diskFault } from './disk.ts'
import type { Parts } from './readiness.ts'

/** Timeout after the queue's last poll; a working queue polls every second. */
const POLLS_WITHIN_MS = 20_000

/**
 * The number of accounts that refuse us. A few of many do not make us unready. The answer is public, so it names none.
 */
export function accountNotes({ length }: readonly string[]): string[] {
  if (length === 0) return []
  const who = length === 1 ? '1 account refuses' : `${length} accounts refuse`
  return [
    `github: ${who} us (IP allow list or SAML), so work there waits. The log and wasteland-bridge doctor say which; an owner can let the App in.`,
  ]
}

/** A note about columns whose values are not written. */
export function columnNotes(columns: readonly string[]): string[] {
  if (columns.length === 0) return []
  return [
    `ledger: this commons lacks ${columns.join(', ')}, so values were not written. wasteland-bridge init --upgrade adds what it lacks.`,
  ]
}

/** The readiness checks of a bridge that has started. */
export function runningParts(bridge: {
  ledger(): Promise<unknown>
  operations(): Promise<unknown>
  /** The time of the last poll for jobs, in milliseconds since 1970. */
  lastPolledAt(): number
  /** Whether GitHub refuses the App's credentials. */
  isRefused(): boolean
  dataDir: string
}): Parts {
  return {
    ledger: {
      ask: async () => void (await bridge.ledger()),
      silent:
        'Commands wait until Dolt does again. Look at LEDGER_URL; of an embedded one at DATA_DIR/dolt/server.log.',
    },
    operations: {
      ask: async () => void (await bridge.operations()),
      silent:
        'Deliveries are refused until Postgres does again, and asked for then. ' +
        'Look at DATABASE_URL; of an embedded one at DATA_DIR/postgres/server.log.',
    },
    queue: {
      async ask() {
        const seconds = Math.floor((Date.now() - bridge.lastPolledAt()) / 1000)
        return seconds * 1000 <= POLLS_WITHIN_MS
          ? undefined
          : `has found no way to its jobs for ${seconds} seconds. If the operations store is well, start the bridge again.`
      },
    },
    github: {
      ask: async () =>
        bridge.isRefused()
          ? 'does not accept our credentials. Compare APP_ID and the private key with the App’s settings, and this machine’s clock with the time.'
          : undefined,
    },
    disk: {
      ask: () => diskFault(bridge.dataDir),
      silent: 'Look whether DATA_DIR is still mounted.',
    },
  }
}
