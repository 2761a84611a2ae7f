import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findEvent } from '../../src/events/registry.ts'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import type { LocalGitHub } from '../../local-github/local-github.ts'
import { embeddedPostgresUrl, removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { type BridgeProcess, type BridgeStores, startBridgeProcess } from './bridge-process.ts'
import { askDolt, askPostgres, type Stores } from './stores.ts'
import { act, type Outcome, outcome, startStoryGitHub, STEPS } from './story.ts'
import { keptConnection } from '../kept-connection.ts'
import { prepareStores } from '../prepared-stores.ts'
import { startTap, type Tap } from './tap.ts'
import { ageHeartbeats as ageRows, knownJobs } from '../queue-rows.ts'

const TIMEOUT_MS = 60_000

/** One run of the story: a GitHub, a bridge that may be killed and is started again, and its stores. */
export interface Life {
  gh: LocalGitHub
  dataDir: string
  bridge(): BridgeProcess
  /** How often the bridge was killed. */
  deaths(): number
  /** SIGKILL, now. `rest` starts the bridge again. */
  strike(): void
  /** Starts the bridge if it is not running. */
  begin(): Promise<void>
  /** The same, and waits until it is ready. */
  revive(): Promise<void>
  /** Restarts what was killed and redelivers what GitHub got no 2xx for, and nothing else, until all work is done. */
  rest(): Promise<void>
  /** Plays the whole story, or the steps before `end`. `begins` is told of the start (0) and of each step (from 1). */
  play(end?: number, begins?: (phase: number) => void): Promise<void>
  /** What came of it; asks for the whole story. */
  outcome(): Promise<Outcome>
  ledger(query: string, values?: unknown[]): ReturnType<typeof askDolt>
  operations(query: string, values?: unknown[]): ReturnType<typeof askPostgres>
  close(): Promise<void>
}

interface Home {
  at: BridgeStores
  urls(): Promise<{ ledger: string; database: string }>
  /** Runs before a killed bridge is started again. */
  beforeRevival?(): Promise<void>
  close(): Promise<void>
}

/** A bridge on stores of the operator's: fresh databases, each behind a tap. */
export async function beginTapped(
  stores: Stores,
  name: string,
  port: number,
  heartbeats: 'age at once' | 'age by themselves' = 'age at once',
  aheadFile?: string,
): Promise<Life & { dolt: Tap; postgres: Tap }> {
  const urls = await stores.fresh(name)
  const dolt = await startTap(stores.dolt.port)
  const postgres = await startTap(stores.postgres.port)
  const at = {
    dataDir: await mkdtemp(join(tmpdir(), 'wasteland-crash-data-')),
    ledgerUrl: dolt.through(urls.ledger),
    databaseUrl: postgres.through(urls.database),
    aheadFile,
  }
  const life = await begin(port, {
    at,
    urls: async () => urls,
    beforeRevival: async () => {
      if (heartbeats === 'age at once') await ageHeartbeats(urls.database)
    },
    close: async () => void (await Promise.all([dolt.close(), postgres.close()])),
  })
  return { ...life, dolt, postgres }
}

/** A bridge with its own embedded stores, as a first start leaves them, or yet to be made. */
export async function beginEmbedded(stores: 'prepared' | 'none' = 'prepared'): Promise<Life> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wasteland-crash-data-'))
  if (stores === 'prepared') await prepareStores(dataDir)
  return begin(0, {
    at: { dataDir },
    urls: async () => ({
      ledger: await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons'),
      database: await embeddedPostgresUrl(join(dataDir, 'postgres')),
    }),
    async close() {
      removeEmbeddedPostgres(join(dataDir, 'postgres'))
    },
  })
}

async function begin(port: number, { at, urls, beforeRevival, close }: Home): Promise<Life> {
  const gh = await startStoryGitHub(port)
  const operations = keptConnection(async () => (await urls()).database)
  let bridge = startBridgeProcess(gh, at)
  let deaths = 0
  let atRest = 0

  const life: Life = {
    gh,
    dataDir: at.dataDir,
    bridge: () => bridge,
    deaths: () => deaths,
    strike: () => void process.kill(bridge.pid, 'SIGKILL'),
    async begin() {
      if (bridge.alive()) return
      const code = await bridge.ended
      if (code !== null && !bridge.told()) throw new Error(`the bridge ended by itself:\n${tail(bridge)}`)
      if (++deaths > atRest + 5) throw new Error('the bridge dies again and again')
      await beforeRevival?.()
      bridge = startBridgeProcess(gh, at)
    },
    async revive() {
      for (await bridge.settledStart(); !bridge.alive(); await bridge.settledStart()) await life.begin()
      gh.setHookUrl(`${await bridge.url}/api/github/webhooks`)
    },
    async rest() {
      const deadline = Date.now() + TIMEOUT_MS
      for (let quiet = 0; quiet < 2;) {
        if (Date.now() > deadline) throw new Error(`no rest:\n${tail(bridge)}`)
        await life.revive()
        await gh.settled()
        if (!bridge.alive()) continue
        const failed = gh.deliveries.filter(({ attempts }) => !isTaken(attempts))
        for (const { guid } of failed) await gh.redeliver(guid)
        const waiting = failed.length > 0 || (await isBusy(life))
        quiet = waiting ? 0 : quiet + 1
        if (waiting || quiet < 2) await sleep(20)
      }
      atRest = deaths
    },
    async play(end = STEPS.length, begins = () => {}) {
      begins(0)
      await life.revive()
      for (let step = 0; step < end; step++) {
        begins(step + 1)
        act(gh, step)
        await life.rest()
      }
    },
    async outcome() {
      const { ledger, database } = await urls()
      // One that was killed at the end of the story may not be back.
      await untilAnswered(() => askDolt(ledger, 'SELECT 1'))
      await untilAnswered(() => askPostgres(database, 'SELECT 1'))
      return outcome(gh, ledger, database)
    },
    ledger: async (query, values) => askDolt((await urls()).ledger, query, values),
    operations: operations.ask,
    async close() {
      operations.drop()
      // SIGTERM, for it also ends the embedded stores.
      if (bridge.alive()) await bridge.stop()
      await gh.close()
      await close()
      await rm(at.dataDir, { recursive: true, force: true })
    },
  }
  return life
}

/** Asks until a store answers. Throws what it last said when TIMEOUT_MS have gone by. */
async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS
  for (;;) {
    try {
      return void (await ask())
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(50)
    }
  }
}

function tail({ lines }: BridgeProcess): string {
  return lines.slice(-15).join('\n')
}

function isTaken(attempts: readonly { statusCode: number }[]): boolean {
  return attempts.some(({ statusCode }) => statusCode >= 200 && statusCode < 300)
}

/** Whether there is work. Throws when a delivery that GitHub got a 2xx for is not in the store. */
async function isBusy(life: Life): Promise<boolean> {
  const taken = life.gh.deliveries.filter(
    ({ event, action, attempts }) => isTaken(attempts) && findEvent(event, action) !== undefined,
  )
  const jobs = await knownJobs(life.operations).catch(() => undefined)
  if (jobs === undefined) return true // its store is being restarted
  const known = new Set(jobs.map(({ id }) => String(id)))
  const lost = taken.find(({ guid }) => !known.has(guid))
  if (lost !== undefined) throw new Error(`the bridge answered 2xx for ${lost.event}.${lost.action} and lost it`)
  return jobs.some(
    ({ queue, state }) => queue === 'deliveries' && ['created', 'retry', 'active'].includes(String(state)),
  )
}

/**
 * On a store of the operator's the bridge waits until a dead process's heartbeats are old. Here they grow old at
 * once; that the wait itself is short enough has a test of its own.
 */
export async function ageHeartbeats(database: string) {
  await ageRows((query) => askPostgres(database, query)).catch((error: unknown) => {
    if ((error as { code?: string }).code !== '42P01') throw error // killed before its tables were there
  })
}
