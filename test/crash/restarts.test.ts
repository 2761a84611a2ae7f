import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeenRequest } from '../../local-github/faults.ts'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { startBridgeProcess } from './bridge-process.ts'
import { differences } from './kill-points.ts'
import { beginEmbedded, beginTapped, type Life } from './life.ts'
import { startStores } from './stores.ts'
import { act, PULL, REPO } from './story.ts'
import { mostFailures } from '../queue-rows.ts'

const RESTART_MS = 15_000
const STOP_MS = 10_000

describe('a bridge with embedded stores', () => {
  let life: Life
  beforeEach(async () => {
    life = await beginEmbedded()
  })
  afterEach(() => life.close())

  it('that is killed goes on within 15 s of its restart', async () => {
    await life.play(1)
    expect(await timesToRecover(life, 1)).toEqual([expect.toSatisfy(isInTime)])
  })

  it('that loses a store under its work goes on by itself, and takes nothing that it cannot keep', async () => {
    await life.play(1)
    for (const [step, store] of (['postgres', 'dolt', 'postgres', 'dolt', 'postgres'] as const).entries()) {
      const before = life.gh.requests.length
      const off = life.gh.onRequest(async ({ n }) => {
        if (n === before + 4) process.kill(await pidOf(life, store), 'SIGKILL')
      })
      act(life.gh, step + 1)
      await life.rest()
      off()
    }
    expect(life.deaths()).toBe(0)
    const lossless = await life.outcome()
    expect(lossless.rows['stamps']).toHaveLength(1)
    expect(lossless.reactions).toHaveLength(3)
    expect(lossless.comments[PULL]).toHaveLength(3)
  })

  it('tells the same from the ledger alone when its operations store is lost, and runs no command twice', async () => {
    const { gh } = life
    await life.play()
    gh.user('carol')
    const { number } = gh.as('carol').openPullRequest({
      repo: REPO,
      title: 'Mine',
      head: 'mine',
      commits: [{ message: 'Mine', files: { 'src/mine.ts': 'export {}\n' } }],
    })
    gh.as('carol').comment(REPO, number, '/wl decline confirm')
    await life.rest()
    const before = await life.outcome()

    life.strike()
    await life.bridge().ended
    await endOrphans(life)
    removeEmbeddedPostgres(join(life.dataDir, 'postgres'))
    // What the bridge itself has sent again and finds answered on GitHub is not noted as said.
    const unlisted = gh.fault({ path: /^\/app\/hook\/deliveries/, status: 500, times: Infinity })
    await life.revive()
    await gh.redeliverAll()
    await life.rest()
    unlisted()
    const { operations: lost, ...after } = await life.outcome()
    const { operations: kept, ...all } = before
    expect(differences(all, after)).toEqual([])
    // The index of what was said and given is the same again; a comment is found by its marker.
    expect(lost).toEqual(kept)

    const label = gh.issue(REPO, 1) as { labels: { name: string }[] }
    gh.as('ada').label(REPO, number, label.labels[0]!.name)
    await life.rest()
    expect((await life.outcome()).rows['rigs']!.map((rig) => rig['handle'])).toEqual(['ada', 'bob', 'mia'])
  })

  it('that is told to end in the middle of its work ends within 10 s with exit code 0 and leaves no process', async () => {
    await life.play(1)
    const stores = await Promise.all([pidOf(life, 'dolt'), pidOf(life, 'postgres')])
    const slow = life.gh.fault({ delayMs: 30_000, times: 3, ...LOOK })
    const asked = new Promise<void>((resolve) => life.gh.onRequest((request) => void (isLook(request) && resolve())))
    act(life.gh, 1)
    await asked
    const began = Date.now()
    expect(await life.bridge().stop()).toBe(0)
    expect(Date.now() - began).toBeLessThan(STOP_MS)
    expect(stores.filter(isRunning)).toEqual([])
    slow()
    await life.rest()
    expect((await life.outcome()).rows['completions']).toHaveLength(1)
  })

  it('is alone in its data folder: a second one says so and ends', async () => {
    await life.revive()
    const second = startBridgeProcess(life.gh, { dataDir: life.dataDir })
    expect(await second.ended).toBe(1)
    expect(second.lines.join('\n')).toMatch(/The data folder .* is in use by another wasteland-bridge \(process \d+/)
    expect((await life.bridge().readyz())?.status).toBe(200)
  })
})

it('killed again and again during its first start, it starts whole in the end', async () => {
  const life = await beginEmbedded('none')
  try {
    for (const ms of [2_600, 700, 1_300, 1_900]) {
      await sleep(ms)
      life.strike()
      await life.bridge().ended
      await life.begin()
    }
    await life.play(2)
    const pids = await Promise.all([pidOf(life, 'dolt'), pidOf(life, 'postgres')])
    expect(await life.bridge().stop()).toBe(0)
    expect(pids.filter(isRunning)).toEqual([])
  } finally {
    await life.close()
  }
})

describe('a bridge on stores of the operator’s', () => {
  it('that is killed goes on within 15 s of its restart, again and again, at no cost of a try', async () => {
    const stores = await startStores()
    const life = await beginTapped(stores, 'again', 0, 'age by themselves')
    try {
      await life.play(1)
      expect(await timesToRecover(life, 3)).toEqual(Array.from({ length: 3 }, () => expect.toSatisfy(isInTime)))
      expect(await mostFailures(life.operations)).toBe(0)
    } finally {
      await life.close()
      await stores.close()
    }
  })
})

/** Questions for a pull request as a whole. */
const LOOK = { path: /^\/graphql$/, asking: 'query PullRequest(' }

function isLook({ path, body }: SeenRequest): boolean {
  return LOOK.path.test(path) && String(body?.query).includes(LOOK.asking)
}

/** Labels the pull request and kills the bridge, `times` times, in the midst of that. How long each took to go on, in ms. */
async function timesToRecover(life: Life, times: number): Promise<number[]> {
  const recovered: number[] = []
  let restarted = 0
  let since = 0
  const off = life.gh.onRequest(async (request) => {
    if (!isLook(request) || request.body.variables.number !== PULL) return
    if (restarted > 0) recovered.push(Date.now() - restarted)
    restarted = 0
    if (since++ >= times) return
    const bridge = life.bridge()
    life.strike()
    await bridge.ended
    restarted = Date.now()
  })
  act(life.gh, 1)
  await life.rest()
  off()
  expect(life.deaths()).toBe(times)
  expect((await life.outcome()).rows['completions']).toHaveLength(1)
  return recovered
}

function isInTime(ms: number): boolean {
  return ms < RESTART_MS
}

async function pidOf(life: Life, store: 'dolt' | 'postgres'): Promise<number> {
  const record = await readFile(join(life.dataDir, store, 'server.json'), 'utf8')
  return (JSON.parse(record) as { pid: number }).pid
}

async function endOrphans(life: Life) {
  process.kill(await pidOf(life, 'postgres'), 'SIGKILL')
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
