import { join } from 'node:path'
import type { Config } from '../config.ts'
import { lookForDolt } from '../ledger/dolt-binary.ts'
import { embeddedDoltUrl } from '../ledger/embedded-dolt.ts'
import { inspectLedger } from '../ledger/inspect.ts'
import { embeddedPostgresUrl } from '../operations/embedded-postgres.ts'
import { pendingMigrations } from '../operations/migrations.ts'
import { serverVersion, TRIED } from '../operations/server.ts'
import { openOperations, settle } from '../operations/store.ts'
import { type Finding, look, ok, warning } from './finding.ts'

/** Ledger and operations store, as they are now: nothing is started, filled or migrated. */
export async function lookAtStores(config: Config): Promise<Finding[]> {
  return [
    ...(await look('Dolt', () => lookAtDolt(config))),
    ...(await look('ledger', () => lookAtLedger(config))),
    ...(await look('operations', () => lookAtOperations(config))),
  ]
}

async function lookAtDolt({ LEDGER_URL, path, cacheDir }: Config): Promise<Finding> {
  if (LEDGER_URL !== undefined) return ok('Dolt', 'runs elsewhere (LEDGER_URL).')
  const found = await lookForDolt({ path, cacheDir })
  if (found === undefined)
    return warning('Dolt', '1.83 or newer is neither on PATH nor in the cache. The next start fetches it.')
  return ok('Dolt', `${found.version}, ${found.bin}.`)
}

const NOT_RUNNING = 'the embedded one does not run. It starts with the bridge (npm start); then look again.'

async function lookAtLedger({ LEDGER_URL, dataDir }: Config): Promise<Finding> {
  const url = LEDGER_URL ?? (await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons').catch(() => undefined))
  if (url === undefined) return warning('ledger', NOT_RUNNING)
  const { database, doltVersion, fresh, missing } = await inspectLedger(url)
  const what = `${database} on Dolt ${doltVersion}`
  if (fresh) return ok('ledger', `${what}, empty: the next start fills it.`)
  if (missing.length === 0) return ok('ledger', `${what}, whole and committed.`)
  return warning(
    'ledger',
    `${what} lacks ${missing.slice(0, 6).join(', ')}${missing.length > 6 ? ' and more' : ''}: what they hold is not written.`,
  )
}

async function lookAtOperations({ DATABASE_URL, dataDir }: Config): Promise<Finding> {
  const url = DATABASE_URL ?? (await embeddedPostgresUrl(join(dataDir, 'postgres')).catch(() => undefined))
  if (url === undefined) return warning('operations', NOT_RUNNING)
  const db = openOperations(url)
  try {
    const pending = await settle(pendingMigrations(db))
    const { version, major } = await settle(serverVersion(db))
    const what = `Postgres ${version}`
    if (pending.length > 0)
      return warning('operations', `${what}, reached; ${pending.join(', ')} is applied at the next start.`)
    if (major < TRIED) return warning('operations', `${what}, untried: our tests run on ${TRIED} and newer.`)
    return ok('operations', `${what}, reached, with every migration.`)
  } finally {
    await db.destroy()
  }
}
