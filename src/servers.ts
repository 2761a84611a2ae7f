import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { findDolt } from './ledger/dolt/dolt-binary.ts'
import { embeddedDoltUrl, startEmbeddedDolt } from './ledger/dolt/embedded-dolt.ts'
import { startEmbeddedPostgres } from './operations/embedded-postgres.ts'
import type { Cleanup } from './ops/cleanup.ts'
import { progressOn } from './ops/progress.ts'

/*
 * The embedded servers of the stores. It imports little, so that they come up while the rest of the program is loaded.
 */

/** The addresses of the stores, once their servers answer. */
export interface Servers {
  ledger: Promise<string>
  operations: Promise<string>
}

interface ServerStart {
  config: Config
  log: Logger
  cleanup: Cleanup
}

/** Starts the servers of the stores that are no operator's own. */
export function startServers(start: ServerStart): Servers {
  const servers = { ledger: ledgerUrl(start), operations: operationsUrl(start) }
  // Whoever opens the stores awaits them, and hears of a fault.
  for (const url of Object.values(servers)) url.catch(() => {})
  return servers
}

/** LEDGER_URL, or the address of an embedded Dolt, which is started. */
export async function ledgerUrl({ config, cleanup, log }: ServerStart): Promise<string> {
  if (config.LEDGER_URL !== undefined) return config.LEDGER_URL
  const progress = progressOn(process.stderr)
  const { bin, version } = await findDolt({ path: config.path, cacheDir: config.cacheDir, report: progress.report })
  progress.end()
  const server = await startEmbeddedDolt({ dir: doltDir(config), bin, version, log })
  cleanup.add('Dolt', () => server.stop())
  return server.url('commons')
}

/** DATABASE_URL, or the address of an embedded Postgres, which is started. */
export async function operationsUrl({ config, cleanup, log }: ServerStart): Promise<string> {
  if (config.DATABASE_URL !== undefined) return config.DATABASE_URL
  const server = await startEmbeddedPostgres({ dir: postgresDir(config), log })
  cleanup.add('Postgres', () => server.stop())
  return server.url
}

/** The address of the embedded Dolt that the running server has started. */
export function runningDolt(config: Config): Promise<string> {
  return embeddedDoltUrl(doltDir(config), 'commons')
}

export function doltDir({ dataDir }: Config): string {
  return join(dataDir, 'dolt')
}

export function postgresDir({ dataDir }: Config): string {
  return join(dataDir, 'postgres')
}
