import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery } from '../../local-github/local-github.ts'
import { send } from '../crash/signed.ts'
import { history, inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'
import { forgetJobs, knownJobs } from '../queue-rows.ts'

describe('deliveries', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** One pull request through its life, as GitHub tells it while `deliver` has it held. */
  async function life(name: string, arrange: (held: Delivery[]) => Delivery[]) {
    const repo = world.repository(name)
    const id = await postItem(world, repo)
    world.gh.hold()
    const number = openPull(world, repo, 'bob', { draft: true, file: 'src/b.ts' })
    world.gh.as('mia').label(repo, number, `wl:${id}`)
    world.gh.as('bob').push(repo, number, { files: { 'src/c.ts': 'c\n' } })
    world.gh.as('bob').readyForReview(repo, number)
    const comment = world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 skills=typescript')
    world.gh.release({ order: arrange })
    await world.idle()
    return { repo, id, number, comment }
  }

  it.each([
    ['in order', (held: Delivery[]) => held],
    ['reversed', (held: Delivery[]) => held.toReversed()],
    ['each ten times', (held: Delivery[]) => held.flatMap((delivery) => Array.from({ length: 10 }, () => delivery))],
    ['all of them twice over', (held: Delivery[]) => [...held, ...held.toReversed()]],
    ['the comment first', (held: Delivery[]) => held.toSorted((a) => (a.event === 'issue_comment' ? -1 : 1))],
  ])('%s end in the same rows and one comment', async (name, arrange) => {
    const { repo, id, number, comment } = await life(name.replaceAll(' ', '-'), arrange)
    expect((await history(world, id)).slice(1)).toEqual([
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl accept: ${id} — mia`,
    ])
    const { completions, stamps, ...item } = await recorded(world, id)
    expect(item).toEqual({ status: 'completed', holder: 'bob' })
    expect(completions).toHaveLength(1)
    expect(completions[0]!['evidence']).toContain(` head=${world.gh.pull(repo, number).head.sha} `)
    expect(stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 }, skill_tags: ['typescript'] }])
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
    expect(world.gh.reactions(comment.id)).toHaveLength(1)
  })

  it('a withdrawal that arrives before what it withdraws ends withdrawn', async () => {
    const repo = world.repository('withdrawn')
    const id = await postItem(world, repo)
    world.gh.hold()
    const number = openPull(world, repo, 'bob')
    ada.label(repo, number, `wl:${id}`)
    ada.unlabel(repo, number, `wl:${id}`)
    world.gh.release({ order: 'reverse' })
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: [] })
  })

  it('redelivered after all is done, and again after a restart, change nothing', async () => {
    const repo = world.repository('redelivered')
    const { id, number } = await inReview(world, repo)
    ada.comment(repo, number, '/wl stamp quality=4\n/wl status')
    await world.idle()
    const before = [await recorded(world, id), await history(world, id), world.said(repo, number)]
    const again = async () => {
      for (const { guid } of world.gh.deliveries) await world.gh.redeliver(guid)
      await world.idle()
      expect([await recorded(world, id), await history(world, id), world.said(repo, number)]).toEqual(before)
    }
    await again()
    await world.restart()
    await again()
  })

  it('that the queue has forgotten are worked on anew, to the same end', async () => {
    const repo = world.repository('forgotten')
    const { id, number } = await inReview(world, repo)
    ada.comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    const before = [await recorded(world, id), await history(world, id), world.said(repo, number)]
    await forgetJobs(world.ops)
    for (const delivery of world.gh.deliveries.filter(({ payload }) => payload.repository?.full_name === repo))
      await world.gh.redeliver(delivery.guid)
    await world.idle()
    expect([await recorded(world, id), await history(world, id), world.said(repo, number)]).toEqual(before)
  })

  async function post(
    body: string | Buffer,
    headers: Record<string, string> = {},
    secret = world.gh.app.webhookSecret,
  ) {
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
    const answer = await fetch(`${world.bridge.url}/api/github/webhooks`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issue_comment',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': signature,
        ...headers,
      },
    })
    return { status: answer.status, text: await answer.text() }
  }
  const jobs = async () => (await knownJobs(world.ops)).length

  it('unsigned, wrongly signed, of a wrong type or too large are refused, tell nothing and store nothing', async () => {
    const sent = world.gh.deliveries.find(({ event }) => event === 'issue_comment')!
    const body = JSON.stringify(sent.payload)
    const before = await jobs()
    expect(await post(body, {}, 'wrong')).toEqual({ status: 401, text: '' })
    expect(await post(body, { 'x-hub-signature-256': '' })).toEqual({ status: 401, text: '' })
    expect(await post(body, { 'x-hub-signature-256': 'sha1=00' })).toEqual({ status: 401, text: '' })
    expect(await post(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual({ status: 401, text: '' })
    expect(await post(body, { 'content-type': 'application/x-www-form-urlencoded' })).toEqual({ status: 415, text: '' })
    expect(await post('not json')).toEqual({ status: 400, text: '' })
    expect(await post(Buffer.alloc(26 * 1024 * 1024, 0x20))).toMatchObject({ status: 413 })
    expect(await jobs()).toBe(before)
  })

  it('with a NUL and half a character in them are stored and done', async () => {
    const repo = world.repository('nul')
    const issue = ada.openIssue(repo, { title: 'a\u0000b\ud800c', body: '\u0000' })
    ada.comment(repo, issue.number, '/wl post\u0000\n/wl post title="x\ud800y\u0000z"')
    await world.idle()
    const rows = await world.sql('SELECT title FROM wanted WHERE description LIKE ?', [`%/${repo}/issues/%`])
    expect(rows).toHaveLength(1)
    expect(rows[0]!['title']).not.toContain('\0')
    expect(rows[0]!['title'].isWellFormed()).toBe(true)
  })

  it('of events and actions that nobody acts on are taken and forgotten', async () => {
    const before = await jobs()
    expect(await post('{"action":"created"}', { 'x-github-event': 'star' })).toEqual({ status: 202, text: '' })
    expect(await post('{"zen":"x"}', { 'x-github-event': 'ping' })).toEqual({ status: 202, text: '' })
    expect(await jobs()).toBe(before)
  })

  it('that lack what their kind must have go to the dead letters and hold up nobody', async () => {
    const before = world.log.length
    expect(await post('{"action":"created"}')).toEqual({ status: 202, text: '' })
    await world.idle()
    expect(world.log.slice(before).some((line) => line.includes('not as GitHub documents it'))).toBe(true)
    const repo = world.repository('after-poison')
    const { id } = await inReview(world, repo)
    expect((await recorded(world, id)).status).toBe('in_review')
  })

  it('of an opening that come again put nobody before who named the item first', async () => {
    const repo = world.repository('opened-again')
    const id = await postItem(world, repo)
    const late = openPull(world, repo, 'bob')
    await world.idle()
    const opened = world.gh.deliveries.findLast(({ action }) => action === 'opened')!
    const first = openPull(world, repo, 'cleo', { body: `Wanted: ${id}` })
    await world.idle()
    world.gh.as('bob').editBody(repo, late, `Wanted: ${id}`)
    await world.idle()
    expect(await send(world.gh, world.bridge, { ...opened, guid: randomUUID() })).toBe(202)
    await world.idle()
    // The item opens for a moment, and goes to whose line is older.
    world.gh.as('cleo').convertToDraft(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'cleo' })
  })
})
