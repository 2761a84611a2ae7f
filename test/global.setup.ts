import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installedDolt } from './ledger/installed-dolt.ts'
import { PREPARED_IN } from './prepared-stores.ts'

/**
 * Finds Dolt: on a new machine it is built first, which takes longer than a test's hook may. Then makes the folder of
 * the prepared stores, which is removed when all tests are over, for vitest's workers end without a word.
 */
export async function setup(): Promise<() => Promise<void>> {
  await installedDolt()
  const folder = await mkdtemp(join(tmpdir(), 'wasteland-prepared-'))
  process.env[PREPARED_IN] = folder
  return () => rm(folder, { recursive: true, force: true })
}
