import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history, inReview, message, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('a pull request and its item', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it('labelled at opening: registered, claimed and submitted by its author', async () => {
    const repo = world.repository('opening')
    const id = await postItem(world, repo)
    const number = world.gh.as('mia').openPullRequest({
      repo,
      title: 'Count',
      head: 'count',
      labels: [`wl:${id}`],
      commits: [{ files: { 'b.ts': 'b\n' } }],
    }).number
    await world.idle()
    expect(await history(world, id)).toEqual([`wl post: ${id} — ada`, `wl claim: ${id} — mia`, `wl done: ${id} — mia`])
    expect(await message(world, 'Register rig: mia')).toContain('Sender: mia')
    const { completions, ...item } = await recorded(world, id)
    expect(item).toMatchObject({ status: 'in_review', holder: 'mia' })
    expect(completions).toHaveLength(1)
    expect(world.said(repo, number)).toHaveLength(1)
    expect(world.said(repo, number)[0]).toContain(`**In review** \`${id}\``)
  })

  it('a draft claims, ready submits, and a draft again claims only', async () => {
    const repo = world.repository('draft')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { draft: true, body: `Wanted: ${id}` })
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
    expect(world.said(repo, number)[0]).toContain('**Claimed**')
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    const first = (await recorded(world, id)).completions[0]!
    world.gh.as('bob').convertToDraft(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    const again = await recorded(world, id)
    expect(again).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(again.completions.map((row) => row['id'])).toEqual([first['id']])
    expect(await history(world, id)).toEqual([
      `wl post: ${id} — ada`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl unclaim: ${id} — bob`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
    ])
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('a push and the merge move the evidence, and the stamp comes after the merge', async () => {
    const repo = world.repository('push')
    const { id, number } = await inReview(world, repo)
    const head = world.gh.as('bob').push(repo, number, { files: { 'src/more.ts': 'more\n' } })
    await world.idle()
    expect((await recorded(world, id)).completions[0]!['evidence']).toContain(` head=${head} `)
    const merge = ada.merge(repo, number)
    await world.idle()
    const { completions, status } = await recorded(world, id)
    expect(status).toBe('in_review')
    expect(completions[0]!['evidence']).toContain(` head=${head} merge=${merge} `)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=5')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
    expect(await history(world, id)).toEqual([
      `wl post: ${id} — ada`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl accept: ${id} — mia`,
    ])
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('closed unmerged it is withdrawn, reopened it is the same completion again', async () => {
    const repo = world.repository('closed')
    const { id, number } = await inReview(world, repo)
    const before = (await recorded(world, id)).completions[0]!
    world.gh.as('bob').close(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: [] })
    expect(world.said(repo, number)[0]).toContain('**Released**')
    world.gh.as('bob').reopen(repo, number)
    await world.idle()
    const after = await recorded(world, id)
    expect(after.completions).toEqual([before])
    expect(after.status).toBe('in_review')
    expect((await history(world, id)).slice(3)).toEqual([
      `wl unclaim: ${id} — bob`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
    ])
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('unlabelled it is withdrawn, by its author even when a maintainer took the label off', async () => {
    const repo = world.repository('unlabelled')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob')
    world.gh.as('mia').label(repo, number, `wl:${id}`)
    await world.idle()
    world.gh.as('mia').unlabel(repo, number, `wl:${id}`)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: [] })
    expect((await history(world, id)).at(-1)).toBe(`wl unclaim: ${id} — bob`)
    expect(await message(world, `wl unclaim: ${id}`)).toContain('Sender: mia')
  })

  it('labelled after the merge it is the same completion as if labelled before', async () => {
    const repo = world.repository('after')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob')
    const merge = ada.merge(repo, number, 'squash')
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    const { status, completions } = await recorded(world, id)
    expect(status).toBe('in_review')
    expect(completions[0]!['evidence']).toContain(` merge=${merge} `)
    ada.unlabel(repo, number, `wl:${id}`)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('after the stamp nothing moves it: unlabelled, pushed and drafted change no row, a merge is a note', async () => {
    const repo = world.repository('final')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    const before = await recorded(world, id)
    world.gh.as('bob').push(repo, number, { files: { 'src/late.ts': 'late\n' } })
    world.gh.as('bob').editBody(repo, number, 'never mind')
    world.gh.as('bob').convertToDraft(repo, number)
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    const merge = ada.merge(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toEqual(before)
    expect((await history(world, id)).slice(3)).toEqual([`wl accept: ${id} — mia`, `wl note: ${id} — bob`])
    expect(await message(world, `wl note: ${id}`)).toContain(`Merged: ${merge}`)
    ada.label(repo, number, 'later')
    await world.idle()
    expect((await history(world, id)).length).toBe(5)
    expect(world.said(repo, number)).toHaveLength(1)
    expect(world.said(repo, number)[0]).toContain('**Completed**')
  })

  it('closed unmerged after the stamp it stays completed, and each close is noted once', async () => {
    const repo = world.repository('noted')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    world.gh.as('bob').close(repo, number)
    await world.idle()
    world.gh.as('mia').comment(repo, number, '/wl status')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
    expect((await history(world, id)).slice(4)).toEqual([`wl note: ${id} — bob`])
    expect(await message(world, `wl note: ${id}`)).toMatch(/^Closed: 20\d\d-/m)
  })
})
