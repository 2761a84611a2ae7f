import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLocalGitHub } from '../../local-github/local-github.ts'
import { type BridgeProcess, startBridgeProcess } from '../crash/bridge-process.ts'
import { ageHeartbeats } from '../crash/life.ts'
import { askDolt, type Row, startStores } from '../crash/stores.ts'
import { startRelay } from './relay.ts'
import { missing, type Stage } from './stage.ts'
import { keptConnection } from '../kept-connection.ts'
import { countUnfinished, knownJobs, makeDue, unfinishedJobs } from '../queue-rows.ts'

const OWNER = 'ada'
const TIMEOUT_MS = 120_000
/**
 * A delivery that was asked for and whose bridge died is asked for again after minutes, and what found a store gone
 * waits a part of its age: they pass when nothing moves.
 */
const STALLED_MS = 1_500

/** A stage whose bridges are processes of their own, on stores that outlive them. */
export interface KilledStage extends Stage {
  /** SIGKILL of one, the next each time, and another in its place, once it is ready. */
  killBridge(): Promise<void>
  /** SIGSTOP of one, and SIGCONT after the work has gone on without it. */
  stopBridge(goneOn: () => Promise<unknown>): Promise<void>
  /** SIGKILL; its supervisor starts it again. */
  killDolt(): boolean
  /** How much the bridge still has to do, deliveries that it must ask for among it. */
  left(): Promise<number>
  /** Resolves to true when the bridge has asked so much more of repositories, to false when nothing is left to do. */
  works(requests: number): Promise<boolean>
  operations(query: string): Promise<Row[]>
  close(): Promise<void>
}

export async function startKilledStage(replicas = 1): Promise<KilledStage> {
  const stores = await startStores()
  const urls = await stores.fresh('histories')
  const gh = await startLocalGitHub({ app: { owner: OWNER } })
  for (const login of [OWNER, 'mia']) gh.user(login)
  gh.repository(`${OWNER}/first`)
  gh.as(OWNER).installApp({ account: OWNER })
  const relay = await startRelay()
  gh.setHookUrl(relay.url)

  const home = await mkdtemp(join(tmpdir(), 'wasteland-killed-'))
  const aheadFile = join(home, 'ahead')
  await writeFile(aheadFile, '0')
  const key = randomBytes(32)
  const places = await Promise.all(
    Array.from({ length: replicas }, async (_, n) => {
      const dataDir = join(home, String(n))
      await mkdir(dataDir, { mode: 0o700 })
      await writeFile(join(dataDir, 'hmac.key'), key, { mode: 0o600 })
      return { dataDir, aheadFile, ledgerUrl: urls.ledger, databaseUrl: urls.database }
    }),
  )
  const bridges = places.map((at) => startBridgeProcess(gh, at))
  const listening = async (but?: number) => {
    const others = bridges.filter((_, n) => n !== but)
    relay.to(await Promise.all(others.map(async (bridge) => `${await bridge.url}/api/github/webhooks`)))
  }
  async function begin(bridge: BridgeProcess) {
    await bridge.settledStart()
    if (!bridge.alive()) throw new Error(`the bridge ended by itself:\n${bridge.lines.slice(-15).join('\n')}`)
    await listening()
  }
  for (const bridge of bridges) await begin(bridge)
  let next = 0
  const inTurn = () => next++ % replicas

  const advance = async (seconds: number) => {
    gh.clock.advance(seconds)
    await writeFile(aheadFile, String(gh.clock.now() - Date.now()))
  }
  const operations = keptConnection(async () => urls.database)
  /** A bridge that died before it could answer may have kept the delivery all the same. */
  const unheard = async () => {
    const guids = missing(gh).map(({ guid }) => guid)
    if (guids.length === 0) return 0
    const known = new Set((await knownJobs(operations.ask)).map(({ id }) => String(id)))
    return guids.filter((guid) => !known.has(guid)).length
  }
  const left = async () => (await countUnfinished(operations.ask, ['deliveries'])) + (await unheard())
  return {
    gh,
    left,
    async works(requests) {
      let asked = 0
      const off = gh.onRequest(({ path }) => void (asked += /^\/(repos\/|graphql$)/.test(path) ? 1 : 0))
      while (asked < requests && (await left()) > 0) await sleep(5)
      off()
      return asked >= requests
    },
    operations: operations.ask,
    dispatch: relay.plan,
    advance,
    sql: (query, values) => retryUntilAvailable(() => askDolt(urls.ledger, query, values)),
    async rest(last) {
      await gh.settled()
      while ((await relay.flush()) > 0 && last);
      let [before, since, moved] = [0, Date.now(), Date.now()]
      for (let quiet = 0; quiet < 2;) {
        await gh.settled()
        const now = await left()
        quiet = now === 0 ? quiet + 1 : 0
        if (Date.now() - moved > TIMEOUT_MS) {
          const said = bridges.flatMap(({ lines }) => lines.slice(-15)).join('\n')
          throw new Error(`no rest: ${JSON.stringify(await unfinishedJobs(operations.ask))}\n${said}`)
        }
        if (now !== before) [before, since, moved] = [now, Date.now(), Date.now()]
        else if (Date.now() - since > STALLED_MS) {
          await makeDue(operations.ask)
          if ((await unheard()) > 0) await advance(6 * 60)
          since = Date.now()
        }
        await sleep(30)
      }
    },
    async killBridge() {
      const n = inTurn()
      await bridges[n]!.kill()
      await listening(n)
      // Beside another the heartbeats must age by themselves: its own are among them.
      if (replicas === 1) await ageHeartbeats(urls.database)
      bridges[n] = startBridgeProcess(gh, places[n]!)
      await begin(bridges[n])
    },
    async stopBridge(goneOn) {
      const n = inTurn()
      process.kill(bridges[n]!.pid, 'SIGSTOP')
      try {
        await listening(n)
        await goneOn()
      } finally {
        process.kill(bridges[n]!.pid, 'SIGCONT')
        await listening()
      }
    },
    killDolt() {
      const pid = stores.dolt.pid()
      return pid !== undefined && process.kill(pid, 'SIGKILL')
    },
    async close() {
      operations.drop()
      relay.to([])
      await Promise.all(bridges.map((bridge) => bridge.stop()))
      await gh.close()
      await relay.close()
      await stores.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** The store may have been killed just now. */
async function retryUntilAvailable<T>(ask: () => Promise<T>, tries = 100): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (tries === 0) throw error
    await sleep(100)
    return retryUntilAvailable(ask, tries - 1)
  }
}
