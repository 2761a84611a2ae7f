import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('an item that several pull requests want', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** A pull request labelled a minute after whatever came before. */
  async function labelled(repo: string, login: string, id: string, about: Parameters<typeof openPull>[3] = {}) {
    const number = openPull(world, repo, login, about)
    world.gh.clock.advance(60)
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    return number
  }

  it('the second is told who holds it, and gets it when the first lets go; the oldest label comes first', async () => {
    const repo = world.repository('line')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    const second = await labelled(repo, 'carol', id)
    const third = await labelled(repo, 'dave', id)
    expect(world.said(repo, second)).toEqual([expect.stringMatching(/\*\*Taken\*\* .*: `bob` holds it/)])
    world.gh.as('bob').close(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'carol' })
    expect(world.said(repo, second)).toEqual([expect.stringContaining('**In review**')])
    ada.unlabel(repo, second, `wl:${id}`)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'dave' })
    world.gh.as('bob').reopen(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'dave' })
    expect(world.said(repo, first)).toEqual([expect.stringContaining('**Taken**')])
    expect((await history(world, id)).slice(1)).toEqual([
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl unclaim: ${id} — bob`,
      `wl claim: ${id} — carol`,
      `wl done: ${id} — carol`,
      `wl unclaim: ${id} — carol`,
      `wl claim: ${id} — dave`,
      `wl done: ${id} — dave`,
    ])
    expect(world.said(repo, third)).toHaveLength(1)
  })

  it('in several repositories, and the second of one author', async () => {
    const here = world.repository('here')
    const there = world.repository('there')
    const id = await postItem(world, here)
    const first = await labelled(here, 'bob', id, { draft: true })
    const second = await labelled(there, 'bob', id, { draft: true })
    world.gh.as('bob').close(here, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
    world.gh.as('bob').readyForReview(there, second)
    await world.idle()
    const { completions, status } = await recorded(world, id)
    expect(status).toBe('in_review')
    expect(completions[0]!['evidence']).toContain(`${there}/pull/${second} `)
  })

  it('one that can never have it does not keep the others waiting: its author is gone', async () => {
    const repo = world.repository('ghosts')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    const second = await labelled(repo, 'eve', id)
    const third = await labelled(repo, 'dave', id)
    world.gh.deleteUser('eve')
    world.gh.as('bob').close(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'dave' })
    expect(world.said(repo, second)).toEqual([expect.stringContaining('**No author.**')])
    expect(world.said(repo, third)).toEqual([expect.stringContaining('**In review**')])
  })

  it('nor does one whose repository is gone', async () => {
    const repo = world.repository('stays')
    const lost = world.repository('lost')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    await labelled(lost, 'carol', id)
    await labelled(repo, 'dave', id)
    ada.deleteRepository(lost)
    world.gh.as('bob').close(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'dave' })
  })

  it('a completed item is not given to the next', async () => {
    const repo = world.repository('done')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    const second = await labelled(repo, 'carol', id)
    world.gh.as('mia').comment(repo, first, '/wl stamp quality=4')
    await world.idle()
    world.gh.as('mia').comment(repo, second, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, second)[0]).toContain('**Completed already**')
    expect(world.said(repo, second)[1]).toContain('other work completed it')
    expect((await recorded(world, id)).completions).toHaveLength(1)
  })

  it('a withdrawn item is said', async () => {
    const repo = world.repository('withdrawn')
    const id = await postItem(world, repo)
    await world.sql(`UPDATE wanted SET status = 'withdrawn' WHERE id = '${id}'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'wl delete: ${id}')`)
    const number = await labelled(repo, 'bob', id)
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Withdrawn**')])
  })

  it('a claim without a pull request that is let go is taken over by the one that waits', async () => {
    const repo = world.repository('over')
    const id = await postItem(world, repo)
    world.gh.user('bob')
    world.gh.as('bob').comment(repo, 1, '/wl claim')
    await world.idle()
    const number = await labelled(repo, 'carol', id)
    expect(world.said(repo, number)).toEqual([expect.stringMatching(/\*\*Taken\*\* .*: `bob` holds it/)])
    world.gh.as('bob').comment(repo, 1, '/wl unclaim')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'carol' })
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
    expect((await history(world, id)).slice(1)).toEqual([
      `wl claim: ${id} — bob`,
      `wl unclaim: ${id} — bob`,
      `wl claim: ${id} — carol`,
      `wl done: ${id} — carol`,
    ])
  })

  it('one that becomes a draft again keeps its item and its place', async () => {
    const repo = world.repository('drafts')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    const second = await labelled(repo, 'carol', id)
    world.gh.as('bob').convertToDraft(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
    world.gh.as('bob').readyForReview(repo, first)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob', completions: [{}] })
    expect(world.said(repo, second)).toEqual([expect.stringContaining('`bob` holds it')])
  })

  it('one whose head branch is deleted lets it go; restored and reopened it waits at its old place', async () => {
    const repo = world.repository('branches')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    const second = await labelled(repo, 'carol', id)
    const third = await labelled(repo, 'dave', id)
    const { ref, sha } = world.gh.pull(repo, first).head
    world.gh.as('bob').deleteBranch('bob/branches', ref)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'carol' })
    expect(world.said(repo, first)).toEqual([expect.stringContaining('**Released**')])
    world.gh.as('bob').restoreBranch('bob/branches', ref, sha)
    world.gh.as('bob').reopen(repo, first)
    await world.idle()
    expect(world.said(repo, first)).toEqual([expect.stringContaining('`carol` holds it')])
    world.gh.as('carol').close(repo, second)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(world.said(repo, third)).toEqual([expect.stringContaining('`bob` holds it')])
  })

  it('a forced push and another base leave the item where it is, and the evidence names the head', async () => {
    const repo = world.repository('bases')
    const id = await postItem(world, repo)
    const first = await labelled(repo, 'bob', id)
    await labelled(repo, 'carol', id)
    const [before] = (await recorded(world, id)).completions
    const head = world.gh.as('bob').forcePush(repo, first, { files: { 'src/again.ts': 'again\n' } })
    await world.idle()
    const [pushed] = (await recorded(world, id)).completions
    expect(pushed).toMatchObject({ id: before!['id'], completed_by: 'bob' })
    expect(pushed!['evidence']).toContain(` head=${head} `)
    ada.commit(repo, { branch: 'next', files: { 'src/next.ts': 'next\n' } })
    ada.changeBase(repo, first, 'next')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob', completions: [pushed] })
  })
})
