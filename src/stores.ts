import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { causeOf } from './deliveries/job-cause.ts'
import type { Job } from './deliveries/work.ts'
import type { ImportJob } from './imports/deps.ts'
import { hostAsStored } from './ledger/tables/host-spelling.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { bringUpToDate } from './ledger/bring-up-to-date.ts'
import { openProfileStore, type ProfileStore, profileStoreUrl } from './ledger/profiles/profile-store.ts'
import { embeddedPostgresUrl } from './operations/embedded-postgres.ts'
import { migrateOperations } from './operations/postgres/migrations.ts'
import { startCarryOver } from './operations/queue/carry-over.ts'
import { countJobs } from './operations/queue/counts.ts'
import type { DeathCount } from './operations/queue/death-count.ts'
import { createJobDeaths } from './operations/queue/job-deaths.ts'
import { openQueue, type Queue } from './operations/queue/queue.ts'
import { reach } from './operations/postgres/server.ts'
import { openOperations, settle } from './operations/postgres/store.ts'
import { type Cleanup, CLOSES_MS, createCleanup } from './ops/cleanup.ts'
import { DataDirTaken, hmacKey, ownDataDir } from './ops/data-dir.ts'
import type { Metrics } from './ops/metrics.ts'
import { retryUntilAvailable } from './ops/retry.ts'
import type { OperationsStore } from './operations/schema.ts'
import { doltDir, ledgerUrl, operationsUrl, postgresDir, runningDolt, type Servers } from './servers.ts'

/** Timeout of a store for a command of the command line, in milliseconds. */
const COMMAND_WAITS_MS = 5_000

/** Timeout of the carry-over, in milliseconds: a queue of an older version may hold many jobs. */
const CARRIES_OVER_MS = 600_000

/** The names of our queues. */
export const QUEUES = ['deliveries', 'imports'] as const

/** Context for starting a store. */
export interface Starting {
  config: Config
  log: Logger
  /** Aborted when the program is to end before it has started. */
  signal: AbortSignal
  cleanup: Cleanup
  /** The embedded servers, where they have been started before the stores are opened. */
  servers?: Servers | undefined
  metrics?: Pick<Metrics, 'wrote' | 'jobEnded'>
  /** Called when what came of a queued job has been stored. */
  outcomeStored?: (() => void) | undefined
}

export interface OpenedLedger {
  ledger: Ledger
  /** `github` or the host of the Enterprise Server, as this ledger spells it: ids and hop_uri have it. */
  host: string
  close(): Promise<void>
}

export interface OpenedStores extends OpenedLedger {
  store: OperationsStore
  startProfileStore(): Promise<ProfileStore>
  queue: Queue<Job>
  imports: Queue<ImportJob>
  /** Whether they belong to a server that runs. */
  isRunning: boolean
}

/** Promise.all that waits for both even where one rejects: cleaning up must not overtake what still starts. */
export async function settleBoth<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return Promise.all([a, b])
}

/** Opens the ledger, an embedded one where LEDGER_URL names none, and has the profile store beside it opened. */
export async function startLedger(
  start: Starting,
): Promise<{ ledger: Ledger; startProfileStore(): Promise<ProfileStore> }> {
  const { config, cleanup, log, signal } = start
  const url = await (start.servers?.ledger ?? ledgerUrl(start))
  const options = { key: hmacKey(config.dataDir), seen: start.metrics?.wrote, log }
  const ledger = await retryUntilAvailable(() => openLedger(url, options), signal, log)
  cleanup.add('ledger', () => ledger.close(), CLOSES_MS)
  const isOurs = config.LEDGER_URL === undefined || config.LEDGER_URL === (await runningDolt(config).catch(() => ''))
  return {
    ledger,
    /** Throws UserError where the server has no database for it, and we may make none. */
    async startProfileStore() {
      const profiles = await retryUntilAvailable(
        () => openProfileStore(profileStoreUrl(url), isOurs ? doltDir(config) : undefined),
        signal,
        log,
      )
      cleanup.add('pile', () => profiles.close(), CLOSES_MS)
      return profiles
    },
  }
}

/**
 * The configuration with GHE_HOST as this ledger spells it (`host-spelling.ts`); to be called once the ledger's history
 * is vouched for.
 */
export async function withStoredHost(config: Config, ledger: Ledger, log: Pick<Logger, 'warn'>): Promise<Config> {
  const { GHE_HOST: given, GHE_PROTOCOL: protocol } = config
  if (given === undefined) return config
  const stored = await hostAsStored(ledger, given, protocol)
  if (stored === given) return config
  log.warn(
    { stored },
    'this ledger was begun with another spelling of GHE_HOST, which stays its name for ids and people; nothing is to be done',
  )
  return { ...config, GHE_HOST: stored }
}

/** `github`, or the Enterprise Server's. */
function hostOf({ GHE_HOST }: Config): string {
  return GHE_HOST ?? 'github'
}

/** Opens the operations store, an embedded one where DATABASE_URL names none, and its queue. */
export async function startOperations(start: Starting) {
  const { config, cleanup, log } = start
  const url = await (start.servers?.operations ?? operationsUrl(start))
  const db = openOperations(url)
  cleanup.add('operations store', () => db.destroy(), CLOSES_MS)
  await retryUntilAvailable(() => reach(url, settle(migrateOperations(db))), start.signal, log)
  // A connection pool of its own, so that the heartbeat of active jobs never waits for the store's connections.
  const jobs = openOperations(url)
  cleanup.add('queue', () => jobs.destroy(), CLOSES_MS)
  // With an embedded store no other process can work on it: we hold the lock of DATA_DIR.
  const alone = config.DATABASE_URL === undefined
  const older = openOperations(url, CARRIES_OVER_MS)
  cleanup.add('older queue', () => older.destroy(), CLOSES_MS)
  const carryOver = await retryUntilAvailable(
    () => startCarryOver({ db: older, queues: QUEUES, alone, log }),
    start.signal,
    log,
  )
  cleanup.add('carry-over', async () => carryOver.stop())
  const deaths = createJobDeaths(db)
  const open = <T extends object>(name: (typeof QUEUES)[number], causeOf: DeathCount<T>['causeOf']) =>
    retryUntilAvailable(
      () =>
        openQueue<T>(
          jobs,
          name,
          alone,
          log,
          (result) => start.metrics?.jobEnded(name, result),
          { deaths, causeOf },
          start.outcomeStored,
        ),
      start.signal,
      log,
    )
  return {
    db,
    queue: await open<Job>('deliveries', causeOf),
    imports: await open<ImportJob>('imports', ({ id }) => id),
    counts: () => countJobs(jobs, QUEUES),
  }
}

/** The addresses of the stores' servers for a command, which it may read as they are: nothing is filled or migrated. */
export interface OpenedServers {
  operations: string
  /** Undefined where it lies on an operator's own server. */
  ledger: string | undefined
  close(): Promise<void>
}

export async function openServersForCommand(given: Config, log: Logger): Promise<OpenedServers> {
  const cleanup = createCleanup(log)
  try {
    const owner = tryToOwn(given.dataDir)
    cleanup.add('data directory', async () => owner?.release())
    const config = owner === undefined ? await beside(given) : given
    const start = { config, log, cleanup, signal: commandSignal() }
    const ledger = async () => (given.LEDGER_URL === undefined ? ledgerUrl(start) : undefined)
    const [dolt, postgres] = await settleBoth(ledger(), operationsUrl(start))
    return { ledger: dolt, operations: postgres, close: () => cleanup.run() }
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

/** The ledger for a command of the command line: that of the running server, or started for the command alone. */
export async function openLedgerForCommand(
  given: Config,
  log: Logger,
  { updates = true }: { updates?: boolean } = {},
): Promise<OpenedLedger> {
  const cleanup = createCleanup(log)
  try {
    const isOurs = given.LEDGER_URL === undefined
    const owner = isOurs ? tryToOwn(given.dataDir) : undefined
    cleanup.add('data directory', async () => owner?.release())
    const config = isOurs && owner === undefined ? { ...given, LEDGER_URL: await runningDolt(given) } : given
    const { ledger } = await startLedger({ config, log, cleanup, signal: commandSignal() })
    if (updates) await bringUpToDate(ledger, log)
    // In a history that is not vouched for no rig is believed.
    const host = hostOf(updates ? await withStoredHost(given, ledger, log) : given)
    return { ledger, host, close: () => cleanup.run() }
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

/** Both stores for a command: those of the running server (`isRunning`), or started for the command alone. */
export async function openStoresForCommand(given: Config, log: Logger): Promise<OpenedStores> {
  const cleanup = createCleanup(log)
  try {
    const owner = tryToOwn(given.dataDir)
    cleanup.add('data directory', async () => owner?.release())
    const config = owner === undefined ? await beside(given) : given
    const start = { config, log, cleanup, signal: commandSignal() }
    const [{ ledger, startProfileStore }, { db, queue, imports }] = await settleBoth(
      startLedger(start),
      startOperations(start),
    )
    await bringUpToDate(ledger, log)
    const host = hostOf(await withStoredHost(given, ledger, log))
    cleanup.add('queue timers', async () => void (await Promise.all([queue.stop(0), imports.stop(0)])))
    const store: OperationsStore = { db, wasteland: ledger.wasteland }
    return {
      ledger,
      host,
      startProfileStore,
      store,
      queue,
      imports,
      isRunning: owner === undefined,
      close: () => cleanup.run(),
    }
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

/** Undefined when a server has the folder. */
function tryToOwn(dataDir: string) {
  try {
    return ownDataDir(dataDir)
  } catch (error) {
    if (error instanceof DataDirTaken) return undefined
    throw error
  }
}

/** The configuration with the addresses of the stores that the server has started. */
async function beside(config: Config): Promise<Config> {
  const [LEDGER_URL, DATABASE_URL] = await Promise.all([
    config.LEDGER_URL ?? runningDolt(config),
    config.DATABASE_URL ?? embeddedPostgresUrl(postgresDir(config)),
  ])
  return { ...config, LEDGER_URL, DATABASE_URL }
}

function commandSignal(): AbortSignal {
  return AbortSignal.timeout(COMMAND_WAITS_MS)
}
