import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery } from '../../local-github/local-github.ts'
import { differences } from './kill-points.ts'
import { beginTapped, type Life } from './life.ts'
import { send } from './signed.ts'
import { startStores, type Stores } from './stores.ts'
import { act, PULL, REPO, STEPS } from './story.ts'
import type { Tap } from './tap.ts'
import { RETRY_LIMIT } from '../../src/operations/queue/job.ts'
import { deadLetters, unfinishedJobs } from '../queue-rows.ts'

const TEN = Array.from({ length: 10 })

describe('deliveries', () => {
  let stores: Stores
  let life: Life & { dolt: Tap; postgres: Tap }
  let runs = 0
  beforeAll(async () => {
    stores = await startStores()
  }, 120_000)
  afterAll(() => stores.close())

  async function during(work: () => Promise<void>) {
    life = await beginTapped(stores, `repeats_${++runs}`, 0)
    try {
      await life.revive()
      await work()
    } finally {
      await life.close()
    }
  }

  it('sent ten times at once, and ten times again when done, have one effect', () =>
    during(async () => {
      const { gh } = life
      for (const step of STEPS.keys()) {
        const first = gh.deliveries.length
        gh.hold()
        act(gh, step)
        const held = gh.deliveries.slice(first)
        // In their order, as each is taken before the next one comes.
        for (const one of held) {
          const statuses = await Promise.all(TEN.map(() => send(gh, life.bridge(), one)))
          expect(new Set(statuses)).toEqual(new Set([202]))
        }
        gh.release()
        await life.rest()
      }
      const once = await life.outcome()
      expect(once.rows['stamps']).toHaveLength(1)
      expect(once.rows['completions']).toHaveLength(1)
      expect(once.comments[PULL]!.filter((comment) => comment.startsWith('wasteland-bridge[bot]'))).toHaveLength(2)
      expect(once.reactions).toHaveLength(3)
      for (const _ of TEN) await gh.redeliverAll()
      await life.rest()
      expect(differences(once, await life.outcome())).toEqual([])
    }))

  it('that fail each time hold up no other pull request and go to the dead letters with their reason; then theirs goes on', () =>
    during(async () => {
      const { gh } = life
      await life.play(2)
      const other = gh.as('bob').openPullRequest({
        repo: REPO,
        title: 'Other',
        head: 'other',
        commits: [{ message: 'Other', files: { 'src/other.ts': 'export {}\n' } }],
      })
      await life.rest()
      // An answer that is none of GitHub's: a fault of neither a store nor a sender, so it is tried again and again.
      const asks = { asking: ['query PullRequest(', `"number":${other.number}`], status: 404 }
      const ends = [
        // Each pull request is asked for by itself.
        gh.fault({ path: /^\/graphql$/, asking: 'query PullRequests(', status: 451, times: 1_000 }),
        gh.fault({ path: /^\/graphql$/, ...asks, times: 1_000 }),
        gh.fault({ path: new RegExp(`/pulls/${other.number}$`), status: 200, body: {}, times: 1_000 }),
      ]
      gh.as('ada').label(REPO, other.number, 'wl:w-0123456789')
      await gh.settled()
      act(gh, 2)
      await expect.poll(async () => (await submitted()).length).toBe(2)
      // The other may be done before this one has failed.
      await expect
        .poll(async () => (await unfinishedJobs(life.operations, ['deliveries']))[0])
        .toMatchObject({ state: 'retry', key: expect.stringMatching(`/${other.number}$`) })
      // Its tries take a quarter of an hour; all but the last are skipped here.
      await life.operations(`UPDATE jobs SET retry_count = ${RETRY_LIMIT}, start_after = now()
        WHERE queue = 'deliveries' AND state = 'retry'`)
      await life.rest()
      const dead = await deadLetters(life.operations)
      const labeled = gh.deliveries.findLast(({ action }) => action === 'labeled')
      expect(dead.map(({ job_id, error, data }) => [job_id, error, data.event.delivery])).toEqual([
        [labeled!.guid, expect.stringMatching(/./), labeled!.guid],
      ])
      for (const end of ends) end()
      gh.as('ada').label(REPO, other.number, 'docs')
      await life.rest()
      expect(gh.comments(REPO, other.number)).toHaveLength(1)
    }))

  it('whose payload is not GitHub’s are dead letters at once, and their pull request goes on', () =>
    during(async () => {
      const { gh } = life
      await life.play(2)
      const last = gh.deliveries.findLast(({ event }) => event === 'pull_request')!
      const { sender: _, ...payload } = last.payload as Record<string, unknown>
      const poison = { guid: randomUUID(), event: 'pull_request', payload } as Pick<
        Delivery,
        'guid' | 'event' | 'payload'
      >
      expect(await send(gh, life.bridge(), poison)).toBe(202)
      act(gh, 2)
      await life.rest()
      expect((await deadLetters(life.operations)).map(({ error }) => error)).toEqual([
        expect.stringContaining('sender'),
      ])
      expect(await submitted()).toHaveLength(2)
    }))

  it('get 503 and never 2xx while the operations store is away or hangs, and /readyz says so', () =>
    during(async () => {
      const { gh, postgres } = life
      await life.play(1)
      postgres.hang()
      expect(await life.bridge().readyz()).toEqual({
        status: 503,
        text: expect.stringMatching(/^operations: does not answer\. .+\n$/),
      })
      act(gh, 1)
      await gh.settled()
      const refused = gh.deliveries
        .filter(({ event }) => event === 'pull_request')
        .map(({ attempts }) => attempts.at(-1)!.statusCode)
      expect(new Set(refused)).toEqual(new Set([503]))
      postgres.mend()
      await life.rest()
      expect((await life.outcome()).rows['completions']).toHaveLength(1)
    }))

  it('are taken while the ledger is away or hangs, and done when it is back; /readyz says so', () =>
    during(async () => {
      const { gh, dolt } = life
      await life.play(1)
      dolt.hang()
      expect(await life.bridge().readyz()).toEqual({
        status: 503,
        text: expect.stringMatching(/^ledger: does not answer\. .+\n$/),
      })
      act(gh, 1)
      await gh.settled()
      const taken = gh.deliveries
        .filter(({ event }) => event === 'pull_request')
        .map(({ attempts }) => attempts.at(-1)!.statusCode)
      expect(new Set(taken)).toEqual(new Set([202]))
      dolt.mend()
      await life.rest()
      expect((await life.outcome()).rows['completions']).toHaveLength(1)
    }))

  async function submitted() {
    return (await life.outcome()).commits.filter((commit) => commit.includes('wl done: '))
  }
})
