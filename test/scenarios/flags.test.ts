import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handleFlag, type FlagJob, createFlagJob } from '../../src/deliveries/missing-flags.ts'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import type { PullRequestPlace } from '../../src/operations/tables/pull-request-items.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { embeddedPostgresUrl } from '../../src/operations/embedded-postgres.ts'
import { hmacKey } from '../../src/ops/data-dir.ts'
import * as talk from './talk.ts'
import { history, inReview, message, OWNER, postItem, recorded, startWorld, type World, vouchForRows } from './world.ts'
import type { OperationsStore } from '../../src/operations/schema.ts'

const FLAGGED = '**flagged: both rigs have the same owner, so it counts in no score here**'

function speak(world: World, repo: string, number: number, login: string, line: string) {
  world.gh.user(login)
  return talk.say(world, { repo, number }, login, line)
}

/** Work of `login`, stamped by `by`. */
async function stamped(world: World, name: string, by: string, login: string) {
  const repo = world.repository(name)
  world.gh.user(by)
  world.gh.as(OWNER).setRole(repo, by, 'maintain')
  const { id, number } = await inReview(world, repo, login)
  await speak(world, repo, number, by, '/wl stamp quality=5')
  const { stamps } = await recorded(world, id)
  expect(stamps).toMatchObject([{ author: by, subject: login }])
  return { repo, number, id, stamps }
}

const doltOf = (world: World) => embeddedDoltUrl(join(world.config.dataDir, 'dolt'), 'commons')

/** One Dolt commit of a peer's, with nothing in between for others to see, that the operator vouches for. */
async function vouchedPeer(world: World, ...statements: string[]) {
  await peer(world, ...statements)
  await vouchForRows(world)
}

/** One Dolt commit of a peer's, with nothing in between for others to see. */
async function peer(world: World, ...statements: string[]) {
  const connection = await mysql.createConnection(await doltOf(world))
  try {
    for (const statement of ['START TRANSACTION', ...statements, `CALL DOLT_COMMIT('-Am', 'wl link')`, 'COMMIT'])
      await connection.query(statement)
  } finally {
    await connection.end()
  }
}

const completedLink = (id: string, a: string, b: string) =>
  `INSERT INTO rig_links (id, rig_a, rig_b, assertion_a, assertion_b, status, completed_at)
   VALUES ('${id}', '${a}', '${b}', 'mine', 'mine', 'completed', NOW())`

describe('a flag', { timeout: 180_000 }, () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld({ clock: { now: () => new Date(), pollIntervalMs: 100 } })
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const say = (repo: string, number: number, login: string, line: string) => speak(world, repo, number, login, line)
  const notes = (rig: string) => history(world, `wl note: ${rig}`)

  /** The bridge looks every 100 ms; how long its work takes is the machine's affair. */
  async function flaggedBy(rig: string, commits = 1) {
    await vi.waitFor(async () => expect(await notes(rig)).toHaveLength(commits), { timeout: 120_000, interval: 200 })
    await world.idle()
  }

  it('is written when a peer completes links of its rig in the commons, and shown wherever the stamp is', async () => {
    const { repo, number, id, stamps } = await stamped(world, 'peer', 'uma', 'uma2')
    await talk.foreignRig(world, 'uma0')
    await say(repo, number, 'uma', '/wl link uma0')
    await say(repo, number, 'uma2', '/wl link uma0')
    await peer(world, `UPDATE rig_links SET assertion_b = 'mine too', status = 'completed' WHERE rig_b = 'uma0'`)
    await peer(world, `UPDATE rig_links SET assertion_a = 'mine too', status = 'completed' WHERE rig_a = 'uma0'`)
    await flaggedBy('uma')
    expect(await notes('uma')).toEqual(['wl note: uma — wasteland-bridge'])
    expect(await message(world, 'wl note: uma')).toMatch(
      new RegExp(
        `^wl note: uma\n\nDelivery: \\S+\nCommand: flag/\\S+\nSender: wasteland-bridge\nFlagged: ${stamps[0]!['id']}\nReason: same-owner$`,
      ),
    )
    expect((await recorded(world, id)).stamps).toEqual(stamps)
    expect(world.said(repo, number)[0]).toMatch(
      /Stamped by `uma`: quality 5.*; \*\*flagged: both rigs have the same owner, so it counts in no score here\*\*/,
    )
    expect(await say(repo, number, 'uma2', '/wl status')).toContain(FLAGGED)
    const sheet = await say(repo, number, 'uma2', '/wl sheet')
    expect(sheet).toContain(
      'Work: 1 validated\n- Stamps: none yet\n- 1 more stamp flagged: both rigs have the same owner, so it counts in no score here',
    )
    expect(sheet).not.toContain('Quality')
    expect(await say(repo, number, 'uma', '/wl link uma0')).toMatch(/are linked already\. 1 earlier stamp/)
    expect(await notes('uma')).toHaveLength(1)
  })

  it('is written for a parent_rig that arrives by a merge', async () => {
    const { repo, number } = await stamped(world, 'merged', 'pam', 'robin')
    await world.sql(`CALL DOLT_BRANCH('from-elsewhere')`)
    await peer(
      world,
      `CALL DOLT_CHECKOUT('from-elsewhere')`,
      `UPDATE rigs SET rig_type = 'agent', parent_rig = 'pam' WHERE handle = 'robin'`,
    )
    await world.sql(`CALL DOLT_MERGE('from-elsewhere')`)
    await vouchForRows(world)
    await flaggedBy('pam')
    expect(world.said(repo, number)[0]).toContain(FLAGGED)
  })

  it('is written once, whoever looks again and whatever is run again', async () => {
    const first = await stamped(world, 'once', 'ola', 'ola2')
    await vouchedPeer(world, completedLink('l-ola', 'ola', 'ola2'))
    await flaggedBy('ola')
    await world.restart()
    await world.ops(
      `UPDATE jobs SET state = 'created', completed_at = NULL
       WHERE data->'flag'->>'stamp' = '${first.stamps[0]!['id']}'`,
    )
    // Every look is at all owners: once the later stamp has its flag, the earlier one was looked at again.
    await stamped(world, 'once-more', 'ivo', 'ivo2')
    await vouchedPeer(world, completedLink('l-ivo', 'ivo', 'ivo2'))
    await flaggedBy('ivo')
    expect(await notes('ola')).toHaveLength(1)
    expect(await world.ops(`SELECT id FROM jobs WHERE data ? 'flag' AND state <> 'completed'`)).toEqual([])
  })

  it('is still shown when the operations store is lost, and not written anew', async () => {
    const { repo, number } = await stamped(world, 'lost', 'lea', 'lea2')
    await vouchedPeer(world, completedLink('l-lea', 'lea', 'lea2'))
    await flaggedBy('lea')
    const lost = ['flags', 'commands_run', 'stamps_given', 'rejections', 'pull_request_items'].map(
      (table) => `${table}_lost AS (DELETE FROM ${table})`,
    )
    await world.ops(`WITH ${lost.join(', ')} DELETE FROM indexed_heads`)
    expect(await say(repo, number, 'lea2', '/wl status')).toContain(FLAGGED)
    expect(await say(repo, number, 'lea2', '/wl sheet')).toContain('1 more stamp flagged')
    await stamped(world, 'lost-too', 'leo', 'leo2')
    await vouchedPeer(world, completedLink('l-leo', 'leo', 'leo2'))
    await flaggedBy('leo')
    expect(await notes('lea')).toHaveLength(1)
  })

  it('comes with the last of two links between the rigs, whoever says it, and stays when one is taken back', async () => {
    const { repo, number, stamps } = await stamped(world, 'chain', 'cy', 'cy3')
    await say(repo, number, 'cy2', '/wl unlink nobody-there')
    await say(repo, number, 'cy', '/wl link cy2')
    await say(repo, number, 'cy2', '/wl link cy')
    await say(repo, number, 'cy2', '/wl link cy3')
    expect(world.said(repo, number)[0]).not.toContain('flagged')
    expect(await say(repo, number, 'cy3', '/wl link cy2')).toContain(
      '1 earlier stamp between rigs of one owner is flagged, as the status comments show; it stays',
    )
    expect(await notes('cy3')).toEqual(['wl note: cy3 — cy3'])
    expect(await message(world, 'wl note: cy3')).toMatch(
      new RegExp(`Flagged: ${stamps[0]!['id']}\nReason: same-owner l-[0-9a-f]{16}$`),
    )
    expect(world.said(repo, number)[0]).toContain(FLAGGED)
    const work = await inReview(world, repo, 'cy3')
    expect(await say(repo, work.number, 'cy', '/wl stamp quality=5')).toContain('`cy3` is one of yours')
    expect(await say(repo, number, 'cy2', '/wl unlink cy')).toContain('Flags of earlier stamps stay')
    expect(await say(repo, number, 'cy3', '/wl status')).toContain(FLAGGED)
    // Ownership counts as of when the work was done.
    expect(await say(repo, work.number, 'cy', '/wl stamp quality=4')).toContain('`cy3` is one of yours')
  })

  it('of work that is no pull request is shown by the status of its issue', async () => {
    const repo = world.repository('essay')
    const id = await postItem(world, repo)
    ada.setRole(repo, 'mia', 'maintain')
    await say(repo, 1, 'kit', '/wl claim')
    await say(repo, 1, 'kit', '/wl done evidence="written"')
    await say(repo, 1, 'mia', '/wl stamp quality=3')
    expect(await say(repo, 1, 'kit', '/wl status')).toMatch(
      /is \*\*completed\*\* by `kit`\.\n- Stamped by `mia`: quality 3, [^\n]*$/,
    )
    await vouchedPeer(world, completedLink('l-kit', 'kit', 'mia'))
    await flaggedBy('mia')
    expect(await say(repo, 1, 'kit', '/wl status')).toMatch(
      /`mia`: quality 3, [^\n]*; \*\*flagged: both rigs have the same owner, so it counts in no score here\*\*$/,
    )
    expect((await recorded(world, id)).status).toBe('completed')
    await vouchedPeer(world, `DELETE FROM rig_links WHERE id = 'l-kit'`)
  })

  it('is written for more stamps than a commit can name, and for none of a name that could forge another', async () => {
    const { repo, number } = await stamped(world, 'many', 'max', 'max2')
    const many = Array.from({ length: 60 }, (_, n) => `s-${String(n).padStart(16, '0')}`)
    const hostile = ['s-a,s-b', 's-a\nFlagged: s-c', '']
    const rows = [...many, ...hostile].map((id) => `(${mysql.escape(id)}, 'max', 'max2', '{"quality": 3}', NOW())`)
    await vouchedPeer(
      world,
      `INSERT INTO stamps (id, author, subject, valence, created_at) VALUES ${rows.join(', ')}`,
      completedLink('l-max', 'max', 'max2'),
    )
    await flaggedBy('max', 3)
    const flags = await world.ops(`SELECT stamp FROM flags WHERE stamp LIKE 's-0000%' OR stamp LIKE 's-_'`)
    expect(flags.map((flag) => String(flag['stamp'])).toSorted()).toEqual(many)
    expect(await say(repo, number, 'max2', '/wl sheet')).toContain(
      'Stamps: 3, by 1 validator\n- 61 more stamps flagged',
    )
    expect(await notes('max')).toHaveLength(3)
  })
})

describe('the look for missing flags', () => {
  let world: World
  let ledger: Ledger
  let db: ReturnType<typeof openOperations>
  let store: OperationsStore
  beforeAll(async () => {
    // Its own look comes minutes from now: the tests look themselves.
    world = await startWorld()
    ledger = await openLedger(await doltOf(world), { key: hmacKey(world.config.dataDir) })
    db = openOperations(await embeddedPostgresUrl(join(world.config.dataDir, 'postgres')))
    store = { db, wasteland: ledger.wasteland }
  }, 120_000)
  afterAll(async () => {
    await db?.destroy()
    await ledger?.close()
    await world.close()
  })

  function looking(revisit: (at: PullRequestPlace) => Promise<void> = async () => {}) {
    const found: { id: string; job: FlagJob }[] = []
    const deps = { host: world.config.GHE_HOST!, ledger, store, now: () => new Date(), revisit }
    return { deps, found, look: createFlagJob(deps, async (id, job) => void found.push({ id, job })) }
  }

  it('waits while a peer is between its rows and its commit, and takes nothing of theirs along', async () => {
    const { stamps } = await stamped(world, 'between', 'ned', 'ned2')
    const { found, look } = looking()
    await world.sql(completedLink('l-ned', 'ned', 'ned2'))
    await look()
    expect(found).toEqual([])
    await vouchForRows(world)
    await look()
    expect(found.map(({ job }) => job.stamp)).toEqual([stamps[0]!['id']])
  })

  it('looks again only once there is a new commit, or where it failed', async () => {
    await stamped(world, 'again', 'oda', 'oda2')
    await vouchedPeer(world, completedLink('l-oda', 'oda', 'oda2'))
    let tries = 0
    const look = createFlagJob(looking().deps, async () => {
      if (++tries === 1) throw new Error('the queue is away')
    })
    await expect(look()).rejects.toThrow('the queue is away')
    await look()
    const [before] = [tries]
    await look()
    expect(tries).toBe(before)
    await peer(world, `UPDATE rigs SET display_name = 'Oda' WHERE handle = 'oda'`)
    await look()
    expect(tries).toBeGreaterThan(before)
  })

  it('has a job that a crash cut off after the flag make the status comments anew, and write no second flag', async () => {
    const { stamps, number } = await stamped(world, 'cut-off', 'pia', 'pia2')
    await vouchedPeer(world, completedLink('l-pia', 'pia', 'pia2'))
    const job = { stamp: String(stamps[0]!['id']) }
    const crash = looking(() => Promise.reject(new Error('killed')))
    await expect(handleFlag(crash.deps, 'first', job)).rejects.toThrow('killed')
    const places: number[] = []
    const { deps } = looking(async (at) => void places.push(at.number))
    await handleFlag(deps, 'another', job)
    expect(places).toEqual([])
    await handleFlag(deps, 'first', job)
    expect(places).toEqual([number])
    expect(await history(world, 'wl note: pia')).toHaveLength(1)
  })

  it('has two replicas that find the same write one flag', async () => {
    const { stamps } = await stamped(world, 'replicas', 'quin', 'quin2')
    await vouchedPeer(world, completedLink('l-quin', 'quin', 'quin2'))
    const other = await openLedger(await doltOf(world), { key: hmacKey(world.config.dataDir) })
    const job = { stamp: String(stamps[0]!['id']) }
    const { deps } = looking()
    await Promise.all([handleFlag(deps, 'one', job), handleFlag({ ...deps, ledger: other }, 'two', job)])
    await other.close()
    expect(await history(world, 'wl note: quin')).toHaveLength(1)
  })
})
