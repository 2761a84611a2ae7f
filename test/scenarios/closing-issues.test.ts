import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPull, OWNER, recorded, startWorld, type World } from './world.ts'

describe('a pull request that closes a posted issue', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld({ clock: { now: () => new Date(), pollIntervalMs: 1_000 } })
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** An issue on the board and its item's id. */
  async function posted(repo: string) {
    const issue = ada.openIssue(repo, { title: 'Count the loops', body: 'All of them.' })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    const rows = await world.sql('SELECT id FROM wanted WHERE description LIKE ?', [`${issue.html_url} %`])
    return { ...issue, wanted: String(rows[0]!['id']) }
  }

  it('claims, submits and is stamped as if it were labelled', async () => {
    const repo = world.repository('closes')
    const issue = await posted(repo)
    const number = openPull(world, repo, 'bob', { body: `Fixes #${issue.number}`, draft: true })
    await world.idle()
    expect((await recorded(world, issue.wanted)).status).toBe('claimed')
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    expect((await recorded(world, issue.wanted)).status).toBe('in_review')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, issue.wanted)).status).toBe('completed')
  })

  it('in another repository, or linked by hand, counts as well', async () => {
    const [repo, elsewhere] = [world.repository('one'), world.repository('two')]
    const [here, there] = [await posted(repo), await posted(elsewhere)]
    const number = openPull(world, repo, 'kim', { body: `Closes ${elsewhere}#${there.number}` })
    ada.linkIssue(repo, number, { repo, number: here.number })
    // GitHub sends nothing for the link: the next event shows it.
    world.gh.as('kim').editTitle(repo, number, 'Count them all')
    await world.idle()
    expect((await recorded(world, here.wanted)).status).toBe('in_review')
    expect((await recorded(world, there.wanted)).status).toBe('in_review')
  })

  it('lets the item go when it closes the issue no more', async () => {
    const repo = world.repository('no-more')
    const issue = await posted(repo)
    const number = openPull(world, repo, 'bob', { body: `Closes #${issue.number}` })
    await world.idle()
    expect((await recorded(world, issue.wanted)).status).toBe('in_review')
    world.gh.as('bob').editBody(repo, number, 'Only a part of it.')
    await world.idle()
    expect((await recorded(world, issue.wanted)).status).toBe('open')
  })

  it('lets the item go of an issue of its own repository though GitHub refuses another link; and looks again', async () => {
    const [repo, elsewhere] = [world.repository('half'), world.repository('half-elsewhere')]
    const [here, there] = [await posted(repo), await posted(elsewhere)]
    const body = `Closes #${here.number}, closes ${elsewhere}#${there.number}`
    const number = openPull(world, repo, 'bob', { body })
    await world.idle()
    const statuses = async () => [
      (await recorded(world, here.wanted)).status,
      (await recorded(world, there.wanted)).status,
    ]
    expect(await statuses()).toEqual(['in_review', 'in_review'])
    const end = world.gh.fault({
      path: /^\/graphql$/,
      asking: 'closingIssuesReferences',
      times: 99,
      status: 200,
      body: {
        data: { repository: { pullRequest: { closingIssuesReferences: { nodes: [null] } } } },
        errors: [{ type: 'FORBIDDEN', message: 'the other organization has an IP allow list enabled' }],
      },
    })
    world.gh.as('bob').editBody(repo, number, `Closes ${elsewhere}#${there.number}`)
    await world.idle()
    expect(await statuses()).toEqual(['open', 'in_review'])
    expect(world.said(repo, number)[0]).toContain('**Links not read.**')
    const due = () => world.ops('SELECT tries FROM rechecks WHERE repo = $1', ['half'])
    expect(await due()).toHaveLength(1)
    end()
    await world.ops('UPDATE rechecks SET due_at = now()')
    await expect.poll(due, { timeout: 20_000 }).toEqual([])
    await world.idle()
    expect([await statuses(), world.said(repo, number)[0]]).toEqual([
      ['open', 'in_review'],
      expect.not.stringContaining('not read'),
    ])
  })

  it('takes the item when the issue is posted after it, also once it is merged', async () => {
    const repo = world.repository('later')
    const [first, second] = [ada.openIssue(repo, { title: 'One' }), ada.openIssue(repo, { title: 'Two' })]
    const open = openPull(world, repo, 'bob', { body: `Closes #${first.number}` })
    const merged = openPull(world, repo, 'kim', { body: `Resolves #${second.number}` })
    ada.merge(repo, merged)
    ada.reopen(repo, second.number)
    await world.idle()
    expect(world.said(repo, open)).toEqual([])
    for (const { number } of [first, second]) ada.comment(repo, number, '/wl post')
    await world.idle()
    const rows = await world.sql('SELECT status FROM wanted WHERE title IN (?, ?)', ['One', 'Two'])
    expect(rows.map((row) => row['status'])).toEqual(['in_review', 'in_review'])
  })

  it('of an issue that is on no board costs nobody a word', async () => {
    const repo = world.repository('unposted')
    const issue = ada.openIssue(repo, { title: 'Not for the board' })
    const number = openPull(world, repo, 'bob', { body: `Closes #${issue.number}` })
    await world.idle()
    expect(world.said(repo, number)).toEqual([])
    expect(await world.ops('SELECT 1 FROM pull_request_items WHERE repo = $1', ['unposted'])).toEqual([])
  })
})
