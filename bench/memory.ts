import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { embeddedPostgresUrl } from '../src/operations/embedded-postgres.ts'
import type { Bench, Run } from './figure.ts'
import { memoryOf, restOf, totalOf } from './processes.ts'
import { drainStamps } from './stamps.ts'
import { OWNER, restart, startWorld, type World } from './world.ts'
import { readDelivery } from '../src/deliveries/stored-event.ts'

const REST_MS = 15_000
const WATCH_MS = 15_000
const WAITING = 50_000
const BYTES = 26_000
const BRIDGE_MB = 130
const AFTER_STAMPS_MB = 250
const ALL_MB = 400

/** Memory at rest, after many stamps, and with many deliveries waiting. */
export const benchMemory: Bench = async (run) => {
  const { say, tell, quick, profiles, latency } = run
  const world = await startWorld({ latency })
  try {
    // As most are: on stores that are there.
    await restart(world, { profiles })
    await sleep(quick ? 0 : REST_MS)
    const idle = restOf(world.bridge.pid, world.dataDir)
    const { resident, anonymous } = memoryOf(world.bridge.pid)
    say(
      `At rest: bridge ${mb(idle.bridge)}, Postgres ${mb(idle.postgres)}, Dolt ${mb(idle.dolt)}. Of the bridge’s, ` +
        `${mb(anonymous)} are heaps and stacks, ${mb(resident - anonymous)} files, above all Node itself.`,
    )
    tell({ what: 'MB of the bridge at rest', is: idle.bridge, limit: ['at most', BRIDGE_MB] })
    tell({ what: 'MB of bridge, Postgres and Dolt', is: totalOf(idle), limit: ['at most', ALL_MB] })
    await watchWaiting(world, run)
  } finally {
    await world.close()
  }
  const after = await drainStamps(run)
  say(
    `After the stamps of “stamps”: bridge ${mb(after.bridge)}, Postgres ${mb(after.postgres)}, Dolt ` +
      `${mb(after.dolt)}, together ${mb(totalOf(after))}.`,
  )
  tell({ what: 'MB of the bridge after them', is: after.bridge, limit: ['at most', AFTER_STAMPS_MB] })
}

const mb = (size: number) => `${size.toFixed(0)} MB`

/** Commands that wait while the bridge does what it can of them. */
async function watchWaiting({ gh, repo, bridge, dataDir }: World, { say, quick }: Run): Promise<void> {
  const count = quick ? 200 : WAITING
  const before = memoryOf(bridge.pid).resident
  const database = new pg.Client({ connectionString: await embeddedPostgresUrl(join(dataDir, 'postgres')) })
  await database.connect()
  try {
    await storeCopies(database, count, deliveryOf(gh, repo))
    let most = 0
    for (let watched = 0; watched < (quick ? 500 : WATCH_MS); watched += 250) {
      await sleep(250)
      most = Math.max(most, memoryOf(bridge.pid).resident)
    }
    const { rows } = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM jobs WHERE queue = 'deliveries' AND state IN ('created', 'retry', 'active')`,
    )
    say(
      `${count} commands of ${BYTES / 1000} kB stored, at work on them: at most ${mb(most)}, ${mb(before)} before; ` +
        `${rows[0]!.n} still waited then.`,
    )
    await database.query(`DELETE FROM jobs WHERE queue = 'deliveries' AND state <> 'active'`)
  } finally {
    await database.end()
  }
}

/** A delivery of 26 kB that has the bridge ask GitHub and answer. */
function deliveryOf(gh: World['gh'], repo: string): object {
  gh.hold()
  const { number } = gh.as(OWNER).openIssue(repo, { title: 'Help' })
  gh.as(OWNER).comment(repo, number, '/wl help')
  const { guid, payload } = gh.deliveries.findLast(({ event }) => event === 'issue_comment')!
  const room = BYTES - JSON.stringify(payload).length
  const body = `${payload.comment.body}\n\n${'word '.repeat(Math.ceil(room / 5))}`
  const long = { ...payload, comment: { ...payload.comment, body } }
  return { event: readDelivery({ guid, name: 'issue_comment', payload: long })! }
}

/** As the queue stores them, each in a line of its own; one by one it would take minutes. */
async function storeCopies(database: pg.Client, count: number, data: object): Promise<void> {
  await database.query('CREATE TEMP TABLE copied AS SELECT $1::jsonb AS data', [JSON.stringify(data)])
  await database.query(
    `INSERT INTO jobs (queue, id, key, group_key, data)
      SELECT 'deliveries', gen_random_uuid(), 'bench/' || n, n % 20, copied.data
      FROM copied, generate_series(1, $1) AS n`,
    [count],
  )
}
