import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { freePort } from '../../src/ops/port.ts'
import { startTap } from '../crash/tap.ts'
import { silent } from '../ops/fake-server.ts'
import { history, inReview, openPull, postItem, recorded, startWorld, type World } from './world.ts'

const MINUTE = 60_000

/** A server that takes whatever comes, as a proxy does that knows nothing of us. */
async function startProxy(port = 0) {
  const server = createServer((_, answer) => answer.end())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

describe('deliveries that did not reach us', { timeout: 240_000 }, () => {
  let world: World
  let port: number
  let ahead = 0
  let looks = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    pollIntervalMs: 1000 * MINUTE,
    jobEnded: (name: string) => void (looks += name === 'deliveries' ? 1 : 0),
  }
  beforeAll(async () => {
    port = await freePort()
    world = await startWorld({ clock, config: { PORT: port } })
  }, 120_000)
  afterAll(() => world.close())

  /** Starts the bridge anew, and waits until it has looked and all is done. */
  async function startAgain(away: () => Promise<void>) {
    const seen = looks
    await world.restart(away)
    while (looks === seen) await sleep(20)
    await world.idle()
  }

  /** Requests for deliveries since the n-th, as `POST <guid>`, in GitHub's order. */
  function requestsSince(n: number) {
    const byId = new Map(world.gh.deliveries.flatMap(({ guid, attempts }) => attempts.map(({ id }) => [id, guid])))
    return world.gh.requests.slice(n).flatMap(({ method, path }) => {
      const id = /^\/app\/hook\/deliveries\/(\d+)/.exec(path)?.[1]
      return id === undefined ? [] : [`${method} ${byId.get(Number(BigInt(id) - 3_804_000_000_000_000_001n))}`]
    })
  }

  /** A pull request from draft to stamp. */
  function live(repo: string, id: string) {
    const first = world.gh.deliveries.length
    const number = openPull(world, repo, 'bob', { draft: true })
    world.gh.as('mia').label(repo, number, `wl:${id}`)
    world.gh.as('bob').push(repo, number, { files: { 'src/more.ts': 'more\n' } })
    world.gh.as('bob').readyForReview(repo, number)
    const comment = world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 skills=typescript')
    return { repo, id, number, comment, deliveries: () => world.gh.deliveries.slice(first) }
  }

  async function expectAsIfUp({ repo, id, number, comment }: ReturnType<typeof live>) {
    expect((await history(world, id)).slice(1)).toEqual([
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl accept: ${id} — mia`,
    ])
    const { status, holder, completions, stamps } = await recorded(world, id)
    expect({ status, holder }).toEqual({ status: 'completed', holder: 'bob' })
    expect(completions).toHaveLength(1)
    expect(completions[0]!['evidence']).toContain(` head=${world.gh.pull(repo, number).head.sha} `)
    expect(stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 }, skill_tags: ['typescript'] }])
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
    expect(world.gh.reactions(comment.id)).toHaveLength(1)
  }

  const guids = (deliveries: { guid: string }[]) => deliveries.map(({ guid }) => guid)

  it('while we were down are sent again, each asked for once and in order, as if we had been up', async () => {
    const repo = world.repository('down')
    const id = await postItem(world, repo)
    let story!: ReturnType<typeof live>
    let missed: string[] = []
    const from = world.gh.requests.length
    await startAgain(async () => {
      story = live(repo, id)
      await world.gh.settled()
      missed = guids(story.deliveries())
    })
    await expectAsIfUp(story)
    expect(requestsSince(from)).toEqual(missed.map((guid) => `POST ${guid}`))
    await startAgain(async () => {})
    expect(requestsSince(from)).toHaveLength(missed.length)
    expect(await world.ops('SELECT * FROM missed_deliveries')).toEqual([])
  })

  it('that a proxy took while we were down are fetched, for GitHub counts them as delivered', async () => {
    const repo = world.repository('proxied')
    const id = await postItem(world, repo)
    let story!: ReturnType<typeof live>
    let missed: string[] = []
    const from = world.gh.requests.length
    await startAgain(async () => {
      const proxy = await startProxy(port)
      // GitHub's connection to the bridge of before is dead: the first delivery finds that out.
      world.gh.as('ada').createLabel(repo, 'nothing-of-ours')
      story = live(repo, id)
      await world.gh.settled()
      missed = guids(story.deliveries())
      await proxy.close()
    })
    await expectAsIfUp(story)
    expect(requestsSince(from)).toEqual(missed.map((guid) => `GET ${guid}`))
  })

  it('that are asked for when we are stopped are not asked for twice; what failed again is, later', async () => {
    const repo = world.repository('interrupted')
    const id = await postItem(world, repo)
    let story!: ReturnType<typeof live>
    let missed: string[] = []
    const from = world.gh.requests.length
    const stopped = Promise.withResolvers<void>()
    let mend = () => {}
    const off = world.gh.onRequest(({ method, path }) => {
      if (method !== 'POST' || !path.startsWith('/app/hook/') || requestsSince(from).length !== 3) return
      off()
      mend = world.gh.drop(() => true)
      void world.bridge.stop().then(stopped.resolve)
    })
    await world.restart(async () => {
      story = live(repo, id)
      await world.gh.settled()
      missed = guids(story.deliveries())
    })
    // What we say in the meantime comes back as deliveries, too.
    const asked = () => requestsSince(from).filter((line) => missed.includes(line.slice('POST '.length)))
    await stopped.promise
    await world.gh.settled()
    mend()
    expect(asked()).toEqual(missed.slice(0, 3).map((guid) => `POST ${guid}`))
    await startAgain(async () => {})
    expect(asked()).toEqual(missed.map((guid) => `POST ${guid}`))
    const failed = story.deliveries().filter(({ attempts }) => attempts.every(({ statusCode }) => statusCode >= 300))
    expect(failed.length).toBeGreaterThan(0)
    ahead += 6 * MINUTE
    await startAgain(async () => {})
    expect(asked()).toEqual(
      [...missed, ...guids(failed).filter((guid) => missed.includes(guid))].map((guid) => `POST ${guid}`),
    )
    await expectAsIfUp(story)
  })

  it('are fetched when our own store is lost, whatever GitHub was answered; nothing is done twice', async () => {
    const repo = world.repository('lost')
    const [known, unknown] = [await postItem(world, repo, 'Known'), await postItem(world, repo, 'Unknown')]
    const before = live(repo, known)
    await world.idle()
    await expectAsIfUp(before)
    // What was refused then, and could be granted now.
    const free = await postItem(world, repo, 'Free')
    for (const line of ['bob: /wl claim', 'ann: /wl claim', 'bob: /wl unclaim']) {
      const [login, command] = line.split(': ') as [string, string]
      world.gh.user(login)
      world.gh.as(login).comment(repo, 4, command)
      await world.idle()
    }
    const talk = world.said(repo, 4)
    expect(talk[2]).toContain('cannot be claimed: it is claimed by `bob`')
    const commits = async () => world.sql('SELECT commit_hash FROM dolt_log')
    const comments = () => world.gh.deliveries.filter(({ event }) => event === 'issue_comment').length
    const [hadCommits, hadComments] = [await commits(), comments()]
    let story!: ReturnType<typeof live>
    await startAgain(async () => {
      removeEmbeddedPostgres(join(world.config.dataDir, 'postgres'))
      const proxy = await startProxy(port)
      story = live(repo, unknown)
      await world.gh.settled()
      await proxy.close()
    })
    await expectAsIfUp(before)
    await expectAsIfUp(story)
    // Claim and submission are one commit, or two where a look found the draft; the stamp is another.
    expect((await commits()).length - hadCommits.length).toBeLessThanOrEqual(3)
    expect(await recorded(world, free)).toMatchObject({ status: 'open', holder: null })
    expect(world.said(repo, 4)).toEqual(talk)
    // mia’s command, our status comment with its edits, and that the work is completed where it was posted.
    const now = world.gh.deliveries.filter(({ event }) => event === 'issue_comment').slice(hadComments)
    expect(new Set(now.map(({ payload }) => payload.issue.number))).toEqual(new Set([2, story.number]))
  })

  it('go on where GitHub’s limit stopped us, over more than one page of its list', async () => {
    const repo = world.repository('limited')
    const id = await postItem(world, repo)
    let story!: ReturnType<typeof live>
    const { number } = world.gh.as('ada').openIssue(repo, { title: 'Talk' })
    // One that comes while the bridge stops is missed too.
    await world.gh.settled()
    const limit = {
      status: 403,
      headers: { 'retry-after': '60' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    }
    const from = world.gh.requests.length
    let missed: string[] = []
    await startAgain(async () => {
      story = live(repo, id)
      for (let n = 0; n < 110; n++) world.gh.as('ada').comment(repo, number, `Line ${n}`)
      await world.gh.settled()
      missed = guids(story.deliveries())
      world.gh.fault({ ...limit, path: /cursor=/ })
    })
    expect(requestsSince(from)).toEqual([])
    const [look] = await world.ops('SELECT * FROM delivery_looks')
    expect(look!['cursor']).toMatch(/^v1_\d+$/)
    await startAgain(async () => {
      world.gh.fault({ ...limit, method: 'POST', path: /hook\/deliveries/ })
    })
    expect(requestsSince(from)).toEqual([`POST ${missed[0]}`])
    await startAgain(async () => {})
    expect(requestsSince(from).slice(1)).toEqual(missed.map((guid) => `POST ${guid}`))
    await expectAsIfUp(story)
  })

  it('that GitHub no longer gives are told to the log, once', async () => {
    const repo = world.repository('gone')
    const id = await postItem(world, repo)
    const told = () => world.log.filter((line) => line.includes('GitHub does not give these again'))
    const end: (() => void)[] = []
    const from = world.gh.requests.length
    await startAgain(async () => {
      openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
      await world.gh.settled()
      end.push(world.gh.fault({ status: 404, path: /hook\/deliveries\/\d/, times: 100 }))
    })
    expect(told()).toHaveLength(1)
    const asked = requestsSince(from)
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['POST', 'GET'])
    ahead += 24 * 60 * MINUTE
    await startAgain(async () => {})
    for (const one of end) one()
    expect(told()).toHaveLength(1)
    expect(requestsSince(from)).toEqual(asked)
    // Its pull request is found all the same, when the repository is compared with the ledger.
    while ((await recorded(world, id)).status !== 'in_review') await sleep(50)
  })
})

it(
  'a delivery that was answered 503, for our store was away, is asked for when it is back',
  { timeout: 240_000 },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'wasteland-test-'))
    const postgres = await startEmbeddedPostgres({ dir, log: silent })
    const tap = await startTap(postgres.port)
    const clock = { now: () => new Date(), pollIntervalMs: 500 }
    const world = await startWorld({ clock, config: { DATABASE_URL: tap.through(postgres.url) } })
    try {
      const { id, number } = await inReview(world, world.repository('away'))
      tap.hang()
      world.gh.as('mia').comment('ada/away', number, '/wl stamp quality=4')
      await world.gh.settled()
      const stamp = world.gh.deliveries.findLast(({ event }) => event === 'issue_comment')!
      expect(stamp.attempts.map(({ statusCode }) => statusCode)).toEqual([503])
      tap.mend()
      while (stamp.attempts.length === 1) await sleep(50)
      await world.idle()
      expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 } }])
      expect(stamp.attempts.map(({ statusCode }) => statusCode)).toEqual([503, 202])
    } finally {
      tap.mend()
      await world.close()
      await tap.close()
      await postgres.stop()
      removeEmbeddedPostgres(dir)
      await rm(dir, { recursive: true, force: true })
    }
  },
)
