import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('stamped work', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  const path = 'src/loops.ts'
  const work = { message: 'Count', files: { [path]: 'export const n = 1\nexport const m = 2\n' } }

  /** A pull request of bob's with that work, stamped; resolves to its number. */
  async function stamped(repo: string, line = '/wl stamp quality=4') {
    world.gh.user('bob')
    const body = `Wanted: ${await postItem(world, repo)}`
    const { number } = world.gh.as('bob').openPullRequest({ repo, title: 'Count', body, commits: [work] })
    await world.idle()
    world.gh.as('mia').comment(repo, number, line)
    await world.idle()
    expect(world.said(repo, number)[0]).toContain('**Completed**')
    return number
  }

  it('is stale after a push that changes it, and no more once it is as it was', async () => {
    const repo = world.repository('pushed')
    const number = await stamped(repo)
    expect(world.said(repo, number)[0]).not.toContain('stale')
    world.gh.as('bob').push(repo, number, { files: { [path]: 'export const n = 3\n' } })
    await world.idle()
    expect(world.said(repo, number)[0]).toContain('**stale**: the work has changed since')
    world.gh.as('bob').push(repo, number, { files: work.files })
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('stale')
  })

  it('is stale when its base is changed and brings other lines under the same head', async () => {
    const repo = world.repository('based')
    world.gh.as(OWNER).commit(repo, { branch: 'side', files: { 'src/side.ts': 'export {}\n' } })
    const number = await stamped(repo)
    world.gh.as('bob').changeBase(repo, number, 'side')
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('stale')
    world.gh.as('bob').forcePush(repo, number, work)
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('stale')
    world.gh.as('bob').changeBase(repo, number, 'main')
    await world.idle()
    expect(world.said(repo, number)[0]).toContain('**stale**: the work has changed since')
  })

  it('is not stale after a rebase that leaves its lines as they were', async () => {
    const repo = world.repository('rebased')
    const number = await stamped(repo)
    world.gh.as(OWNER).writeFile(repo, 'src/other.ts', 'export {}\n')
    world.gh.as('bob').forcePush(repo, number, { ...work, message: 'Count, rebased' })
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('stale')
  })

  it('has the languages of its diff as skills, then the item’s tags, when none are given', async () => {
    const repo = world.repository('skills')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    const other = await stamped(repo, '/wl stamp quality=4 skills=counting')
    expect((await recorded(world, id)).stamps[0]!['skill_tags']).toEqual(['typescript'])
    expect(world.said(repo, other)[0]).toContain('skills `counting`')
  })
})
