import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import type { Thread } from './talk.ts'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

const PEOPLE = ['bob', 'dora', 'dora2', 'gil', 'eva']
const MAINTAINERS = ['mia', 'carl', 'dora3', 'gil2', 'eva2']

describe('whose a rig was when the work was done', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let repo: string
  let home: Thread
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    repo = world.repository('work')
    home = { repo, number: ada.openIssue(repo, { title: 'Talk' }).number }
    for (const login of [...PEOPLE, ...MAINTAINERS]) {
      world.gh.user(login)
      world.gh.as(login).comment(repo, home.number, '/wl unlink nobody-there')
    }
    for (const login of MAINTAINERS) ada.setRole(repo, login, 'maintain')
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  const say = (at: Thread, login: string, line: string) => talk.say(world, at, login, line)
  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)
  const link = async (one: string, other: string) => {
    await say(home, one, `/wl link ${other}`)
    await say(home, other, `/wl link ${one}`)
  }

  it('bars from stamping, also after the link was taken back, asked for again, its row deleted and the operations store lost', async () => {
    await link('bob', 'mia')
    const { id, number } = await inReview(world, repo, 'bob')
    const at = { repo, number }
    await refused(at, 'mia', '/wl stamp quality=5', /same owner/)
    expect(await say(home, 'bob', '/wl unlink mia')).toContain('are linked no more')
    await refused(
      at,
      'mia',
      '/wl stamp quality=5',
      /same owner.*`bob` is one of yours, or was while this work was done/,
    )
    // A new link of the pair is written over the row that says so.
    await say(home, 'bob', '/wl link mia')
    await refused(at, 'mia', '/wl stamp quality=5', /same owner/)
    await world.sql(`DELETE FROM rig_links WHERE rig_a = 'bob' AND rig_b = 'mia'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Forget')`)
    await refused(at, 'mia', '/wl stamp quality=5', /same owner/)
    // The operations store may be lost: the ledger tells it again.
    await world.ops('DELETE FROM indexed_heads')
    await world.ops('DELETE FROM ended_ties')
    await world.ops('DELETE FROM items_begun')
    await refused(at, 'mia', '/wl stamp quality=5', /same owner/)
    expect((await recorded(world, id)).stamps).toEqual([])
    await say(at, 'carl', '/wl stamp quality=4')
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'carl' }])
  })

  it('bars through a third rig of which one link was taken back', async () => {
    await link('dora', 'dora2')
    await link('dora2', 'dora3')
    const { number } = await inReview(world, repo, 'dora')
    await say(home, 'dora2', '/wl unlink dora3')
    await say(home, 'dora2', '/wl unlink dora')
    await refused({ repo, number }, 'dora3', '/wl stamp quality=5', /same owner/)
  })

  it('bars when the link was taken back before the label, but after the pull request was opened', async () => {
    await link('gil', 'gil2')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'gil')
    await say(home, 'gil', '/wl unlink gil2')
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    await refused({ repo, number }, 'gil2', '/wl stamp quality=5', /same owner/)
  })

  it('bars the former human of an agent that was given up', async () => {
    const account = world.gh.user('robo[bot]', { bot: true })
    ada.setRole(repo, 'robo[bot]', 'write')
    const { id, number } = await inReview(world, repo, 'robo[bot]')
    const at = { repo, number }
    await say(at, 'mia', '/wl own @robo')
    await say(at, 'carl', '/wl own @robo by=@mia')
    await say(at, 'mia', '/wl disown @robo')
    await say(at, 'bob', '/wl own @robo')
    await say(at, 'carl', '/wl own @robo by=@bob')
    await refused(at, 'mia', '/wl stamp quality=5', new RegExp(`same owner.*robo-bot--${account.id}`))
    await say(at, 'carl', '/wl stamp quality=4')
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'carl' }])
  })

  it('does not bar from work that began after the link had ended', async () => {
    await link('eva', 'eva2')
    await say(home, 'eva', '/wl unlink eva2')
    // The index is read up to the ledger's head by the next command.
    await say(home, 'eva', '/wl unlink eva2')
    await world.ops(`UPDATE ended_ties SET ended_at = ended_at - interval '1 day'`)
    const { id, number } = await inReview(world, repo, 'eva')
    await say({ repo, number }, 'eva2', '/wl stamp quality=4')
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'eva2' }])
  })
})
