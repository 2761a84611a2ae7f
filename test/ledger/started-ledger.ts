import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { silent } from '../ops/fake-server.ts'
import { prepareServer } from '../prepared-stores.ts'
import { installedDolt } from './installed-dolt.ts'
import { KEY } from './key.ts'

/** A ledger on a Dolt of its own. */
export interface StartedLedger {
  /** The folder that Dolt's lies in. */
  home: string
  /** Dolt's program. */
  bin: string
  dolt: EmbeddedDolt
  ledger: Ledger
  stop(): Promise<void>
}

/** Starts one, in a temporary folder whose name begins with `name`. */
export async function startLedger(
  name: string,
  options: Partial<Parameters<typeof openLedger>[1]> = {},
): Promise<StartedLedger> {
  const home = mkdtempSync(join(tmpdir(), `${name}-`))
  let dolt: EmbeddedDolt | undefined
  const end = async () => {
    await dolt?.stop()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const { bin } = await installedDolt()
    await prepareServer('dolt', join(home, 'dolt'))
    dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
    const ledger = await openLedger(dolt.url('commons'), { key: KEY, ...options })
    const stop = async () => {
      await ledger.close()
      await end()
    }
    return { home, bin, dolt, ledger, stop }
  } catch (error) {
    await end()
    throw error
  }
}
