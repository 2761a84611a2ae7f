import { execFile } from 'node:child_process'
import { lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pino from 'pino'
import { openStoresForCommand } from '../src/stores.ts'
import { readConfig } from '../src/config.ts'
import { removeEmbeddedPostgres } from '../src/operations/embedded-postgres.ts'

/** The folder that `global.setup.ts` removes when all tests are over. */
export const PREPARED_IN = 'TEST_PREPARED_STORES'

/** What a server that starts makes anew; of the rest a copy is as good as one's own. */
const OF_A_RUN = ['lock.db', 'owner.json', 'dolt/port', 'dolt/server.log', 'postgres/port', 'postgres/server.log']

// Vitest reads this file again for every test file.
const shared = globalThis as { preparedStores?: Promise<string | undefined> }

/**
 * Puts embedded stores into an empty DATA_DIR as a first start leaves them. They are made once in a process: initdb,
 * `dolt init` and the schemas take a second and a half of a processor, copying them a tenth of it.
 */
export async function prepareStores(dataDir: string): Promise<void> {
  shared.preparedStores ??= make()
  const prepared = await shared.preparedStores
  if (prepared !== undefined) await promisify(execFile)('cp', ['-a', `${prepared}/.`, dataDir])
}

/** Undefined where Postgres' user keeps its cluster elsewhere: a link is not to be copied. */
async function make(): Promise<string | undefined> {
  const dataDir = mkdtempSync(join(process.env[PREPARED_IN]!, 'stores-'))
  const config = readConfig({ PATH: process.env['PATH'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] })
  const stores = await openStoresForCommand({ ...config, dataDir }, pino({ level: 'silent' }))
  await stores.close()
  for (const file of OF_A_RUN) rmSync(join(dataDir, file), { force: true })
  if (!lstatSync(join(dataDir, 'postgres', 'cluster')).isSymbolicLink()) return dataDir
  removeEmbeddedPostgres(join(dataDir, 'postgres'))
  return undefined
}
