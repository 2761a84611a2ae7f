import { join } from 'node:path'
import type { Config } from '../config.ts'
import { findInstalledDolt } from '../ledger/dolt/dolt-binary.ts'
import { isAtLeast } from '../ledger/dolt/dolt-version.ts'
import { embeddedDoltUrl } from '../ledger/dolt/embedded-dolt.ts'
import { inspectLedger } from '../ledger/dolt/inspect.ts'
import { UPGRADE_COMMAND } from '../ledger/tables/upgrade.ts'
import { embeddedPostgresUrl } from '../operations/embedded-postgres.ts'
import { pendingMigrations } from '../operations/postgres/migrations.ts'
import { reach, serverVersion, TRIED } from '../operations/postgres/server.ts'
import { openOperations, settle } from '../operations/postgres/store.ts'
import { readHmacKey } from '../ops/data-dir.ts'
import { type DoctorFinding, runCheck, ok, warning } from './finding.ts'

/** Checks ledger and operations store as they are now: nothing is started, filled or migrated. */
export async function checkStores(config: Config): Promise<DoctorFinding[]> {
  return [
    ...(await runCheck('Dolt', () => checkDolt(config))),
    ...(await runCheck('ledger', () => checkLedger(config))),
    ...(await runCheck('operations', () => checkOperations(config))),
  ]
}

async function checkDolt({ LEDGER_URL, path, cacheDir }: Config): Promise<DoctorFinding> {
  if (LEDGER_URL !== undefined) return ok('Dolt', 'runs elsewhere (LEDGER_URL).')
  const found = await findInstalledDolt({ path, cacheDir })
  if (found === undefined)
    return warning('Dolt', '1.83 or newer is neither on PATH nor in the cache. The next start fetches it.')
  return ok('Dolt', `${found.version}, ${found.bin}.${largeJson(found.version)}`)
}

/**
 * A note for Dolt versions that return large JSON empty. The bridge reads such columns by CAST (`jsonText`); other
 * programs do not know to.
 */
function largeJson(version: string): string {
  return isAtLeast(version, EMPTY_JSON_SINCE)
    ? ' It hands out JSON above 2 KB empty where several rows are asked for: programs of yours must CAST(column AS CHAR). The bridge does.'
    : ''
}

/**
 * The first version with that fault: seen on 2.2.0, reported for 2.2.3 (dolthub/dolt#11456); no later release is known
 * to be without it.
 */
const EMPTY_JSON_SINCE = '2.2.0'

const NOT_RUNNING = 'the embedded one does not run. It starts with the bridge (npm start); then look again.'

async function checkLedger({ LEDGER_URL, dataDir }: Config): Promise<DoctorFinding> {
  const url = LEDGER_URL ?? (await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons').catch(() => undefined))
  if (url === undefined) return warning('ledger', NOT_RUNNING)
  const facts = await inspectLedger(url, keyOf(dataDir))
  const what = `${facts.database} on Dolt ${facts.doltVersion}`
  // For an embedded Dolt, the finding of its binary says it.
  const also = LEDGER_URL === undefined ? '' : largeJson(facts.doltVersion)
  if (facts.fresh) return ok('ledger', `${what}, empty: the next start fills it.${also}`)
  const lacks = [...facts.missing, ...facts.indexes]
  if (lacks.length === 0) return ok('ledger', `${what}, whole and committed.${also}`)
  const loss = facts.missing.length === 0 ? 'reading grows slow' : 'what they hold is not written'
  const mend = facts.isOurs
    ? 'The next start adds them.'
    : `Not made by this bridge, so no start changes it: ${UPGRADE_COMMAND} does.`
  return warning(
    'ledger',
    `${what} lacks ${lacks.slice(0, 6).join(', ')}${lacks.length > 6 ? ' and more' : ''}: ${loss}. ${mend}`,
  )
}

/** The ledger's key; a file that is no key has a finding of its own. */
function keyOf(dataDir: string): Buffer | undefined {
  try {
    return readHmacKey(dataDir)
  } catch {
    return undefined
  }
}

async function checkOperations({ DATABASE_URL, dataDir }: Config): Promise<DoctorFinding> {
  const url = DATABASE_URL ?? (await embeddedPostgresUrl(join(dataDir, 'postgres')).catch(() => undefined))
  if (url === undefined) return warning('operations', NOT_RUNNING)
  const db = openOperations(url)
  try {
    const pending = await reach(url, settle(pendingMigrations(db)))
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
