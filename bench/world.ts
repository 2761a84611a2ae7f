import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { embeddedDoltUrl } from '../src/ledger/dolt/embedded-dolt.ts'
import { type Delivery, type LocalGitHub, startLocalGitHub } from '../local-github/local-github.ts'
import { embeddedPostgresUrl, removeEmbeddedPostgres } from '../src/operations/embedded-postgres.ts'
import { type Bridge, type BridgeOptions, startBridge } from './bridge.ts'
import { connectLedger, type LedgerSql, postItems, rowsOf } from './ledger-rows.ts'

export const OWNER = 'ada'
export const MAINTAINER = 'mia'
const TIMEOUT_MS = 180_000

/** The whole program: a local GitHub here, the bridge with its embedded stores in a process of its own. */
export interface World {
  gh: LocalGitHub
  /** A repository of ada's, whose App it is, with the maintainer mia. */
  repo: string
  dataDir: string
  bridge: Bridge
  ledger: LedgerSql
  database: pg.Client
  /** Resolves when every delivery was answered and no work is left. */
  idle(): Promise<void>
  close(): Promise<void>
}

interface WorldOptions extends Omit<BridgeOptions, 'dataDir'> {
  /** GitHub's, in milliseconds; none where it is undefined. */
  latency?: number | undefined
}

export async function startWorld({ latency = 0, ...options }: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'wasteland-bench-'))
  const dataDir = join(dir, 'data')
  const gh = await startLocalGitHub({ app: { owner: OWNER } })
  gh.setLatency(latency)
  gh.user(OWNER)
  gh.user(MAINTAINER)
  const repo = `${OWNER}/first`
  gh.repository(repo, { files: { 'src/a.ts': 'one\n' }, collaborators: { [MAINTAINER]: 'maintain' } })
  gh.as(OWNER).installApp({ account: OWNER })
  const bridge = await startBridge(gh, { ...options, dataDir })
  gh.setHookUrl(`${bridge.url}/api/github/webhooks`)
  const { ledger, database } = await connect(dataDir)
  const world: World = {
    gh,
    repo,
    dataDir,
    bridge,
    ledger,
    database,
    async idle() {
      const deadline = Date.now() + TIMEOUT_MS
      for (let quiet = 0; quiet < 2;) {
        if (Date.now() > deadline) throw new Error('the bridge does not come to rest')
        await gh.settled()
        quiet = (await waiting(world.database)) === 0 ? quiet + 1 : 0
        if (quiet < 2) await sleep(20)
      }
    },
    async close() {
      await leave(world)
      await world.bridge.stop() // another may have taken its place
      await gh.close()
      removeEmbeddedPostgres(join(dataDir, 'postgres'))
      await rm(dir, { recursive: true, force: true })
    },
  }
  return world
}

async function connect(dataDir: string): Promise<Pick<World, 'ledger' | 'database'>> {
  const ledger = await connectLedger(await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons'))
  const database = new pg.Client({ connectionString: await embeddedPostgresUrl(join(dataDir, 'postgres')) })
  database.on('error', () => {})
  await database.connect()
  return { ledger, database }
}

async function leave({ ledger, database }: World): Promise<void> {
  ledger.destroy()
  await database.end().catch(() => {})
}

/** Ends the bridge, and starts it again on the stores that are there. */
export async function restart(world: World, options: Omit<BridgeOptions, 'dataDir'>): Promise<void> {
  const { gh, dataDir } = world
  await leave(world)
  await world.bridge.stop()
  world.bridge = await startBridge(gh, { ...options, dataDir })
  gh.setHookUrl(`${world.bridge.url}/api/github/webhooks`)
  Object.assign(world, await connect(dataDir))
}

/** Deliveries that are not done. */
export async function waiting(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM jobs
      WHERE queue = 'deliveries' AND state IN ('created', 'retry', 'active')`,
  )
  return rows[0]!.n
}

export interface Pull {
  number: number
  wanted: string
  author: { id: number; login: string }
}

const AUTHORS = 20

/** A pull request for each of these items, by twenty people in turn; one whose `body` names no item is for none. */
export function openPulls(
  { gh, repo }: Pick<World, 'gh' | 'repo'>,
  items: readonly string[],
  body = (item: string) => `Wanted: ${item}`,
): Pull[] {
  return items.map((wanted, n) => {
    const { id, login } = gh.user(`author-${n % AUTHORS}`)
    const { number } = gh.as(login).openPullRequest({
      repo,
      title: `Do ${wanted}`,
      body: body(wanted),
      head: `do-${wanted}`,
      commits: [{ message: 'Do it', files: { [`src/${wanted}.ts`]: 'export const n = 1\nexport const m = 2\n' } }],
    })
    return { number, wanted, author: { id, login } }
  })
}

/** Pull requests whose work the bridge has brought into review, one after the other or many at once. */
export async function pullsInReview(world: World, name: string, count: number): Promise<Pull[]> {
  return bringIntoReview(world, await postItems(world.ledger, name, count))
}

/** The same for items that are there. */
export async function bringIntoReview(world: World, items: readonly string[]): Promise<Pull[]> {
  const pulls = openPulls(world, items)
  await world.idle()
  const rows = await rowsOf(world.ledger, `SELECT id FROM wanted WHERE status = 'in_review' AND id IN (?)`, [
    pulls.map(({ wanted }) => wanted),
  ])
  if (rows.length !== items.length) throw new Error(`${rows.length} of ${items.length} pull requests are in review`)
  return pulls
}

/** The maintainer stamps; the webhook is kept back for the bench to send. */
export function sayStamp(
  { gh, repo }: Pick<World, 'gh' | 'repo'>,
  { number }: Pull,
): { comment: number; delivery: Delivery } {
  gh.hold()
  const { id } = gh.as(MAINTAINER).comment(repo, number, '/wl stamp quality=4')
  const delivery = gh.deliveries.findLast(
    ({ event, payload }) => event === 'issue_comment' && payload.comment.id === id,
  )!
  return { comment: id, delivery }
}
