import { execFile } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pino from 'pino'
import { openStoresForCommand } from '../src/stores.ts'
import { readConfig } from '../src/config.ts'
import { startEmbeddedDolt } from '../src/ledger/dolt/embedded-dolt.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/operations/embedded-postgres.ts'
import { installedDolt } from './ledger/installed-dolt.ts'

/** The folder that `global.setup.ts` removes when all tests are over. */
export const PREPARED_IN = 'TEST_PREPARED_STORES'

/** What a server that starts makes anew; of the rest a copy is as good as one's own. */
const OF_A_RUN = ['port', 'server.log']

const SERVERS = ['dolt', 'postgres'] as const
type Server = (typeof SERVERS)[number]

/** The folders to copy from; undefined where Postgres' user keeps its cluster elsewhere: a link is not to be copied. */
type Made = Partial<Record<Server | 'both', Promise<string | undefined>>>

// Vitest reads this file again for every test file that it isolates.
const made = ((globalThis as { preparedStores?: Made }).preparedStores ??= {})
const log = pino({ level: 'silent' })

/**
 * Puts embedded stores into an empty DATA_DIR as a first start leaves them. They are made once in a process: initdb,
 * `dolt init` and the schemas take a second and a half of a processor, copying them a tenth of it.
 */
export async function prepareStores(dataDir: string): Promise<void> {
  const from = await (made.both ??= makeStores())
  if (from !== undefined) await copy(from, dataDir)
}

/** The same for the folder of one server, which has the databases of a first start and no table. */
export async function prepareServer(server: Server, dir: string): Promise<void> {
  const from = await serverFolder(server)
  if (from === undefined) return
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  await copy(from, dir)
}

function serverFolder(server: Server): Promise<string | undefined> {
  return (made[server] ??= makeServer(server))
}

async function makeServer(server: Server): Promise<string | undefined> {
  const dir = join(newFolder(), server)
  const started =
    server === 'dolt'
      ? await startEmbeddedDolt({ dir, bin: (await installedDolt()).bin, log })
      : await startEmbeddedPostgres({ dir, log })
  await started.stop()
  for (const file of OF_A_RUN) rmSync(join(dir, file), { force: true })
  if (lstatSync(join(dir, 'cluster'), { throwIfNoEntry: false })?.isSymbolicLink() !== true) return dir
  removeEmbeddedPostgres(dir)
  return undefined
}

async function makeStores(): Promise<string | undefined> {
  const dataDir = newFolder()
  for (const server of SERVERS) await prepareServer(server, join(dataDir, server))
  if ((await serverFolder('postgres')) === undefined) return undefined
  const config = readConfig({ PATH: process.env['PATH'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] })
  const stores = await openStoresForCommand({ ...config, dataDir }, log)
  await stores.close()
  for (const file of ['lock.db', 'owner.json']) rmSync(join(dataDir, file), { force: true })
  for (const file of OF_A_RUN) for (const server of SERVERS) rmSync(join(dataDir, server, file), { force: true })
  return dataDir
}

function newFolder(): string {
  return mkdtempSync(join(process.env[PREPARED_IN]!, 'stores-'))
}

async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${from}/.`, to])
}
