import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import type { Thread } from './talk.ts'
import { openPull, OWNER, postItem, recorded, startWorld, type World, vouchForRows } from './world.ts'

/** mia maintains both repositories, bo the second only, al the first only. */
describe('a role in one repository', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let first: string
  let second: string
  let home: Thread
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    first = world.repository('board')
    second = world.repository('code')
    for (const login of ['bo', 'al', 'ann', 'zed']) world.gh.user(login)
    ada.setRole(second, 'bo', 'maintain')
    ada.setRole(first, 'al', 'maintain')
    home = { repo: second, number: ada.openIssue(second, { title: 'Talk' }).number }
    for (const login of ['bo', 'al', 'ann', 'zed', 'mia', OWNER])
      world.gh.as(login).comment(home.repo, home.number, '/wl unlink nobody-there')
    await world.idle()
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'zed'`)
    await vouchForRows(world)
  }, 120_000)
  afterAll(() => world.close())

  const say = (at: Thread, login: string, line: string) => talk.say(world, at, login, line)
  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)
  const stampers = async (id: string) => (await recorded(world, id)).stamps.map((stamp) => stamp['author'])

  /** An item posted in the first repository, with work in review in the second. */
  async function across(line = '/wl post') {
    const id = await postItem(world, first, 'Count', line)
    const number = openPull(world, second, 'ann', { body: `Wanted: ${id}` })
    await world.idle()
    return { id, at: { repo: second, number } }
  }

  it('judges no item of another: neither stamp nor reject, before its poster opens it', async () => {
    const { id, at } = await across()
    const words = /This item was posted in `ada\/board`.*there too, or trust level 3.*`\/wl update w-… judged=anywhere`/
    await refused(at, 'bo', '/wl stamp quality=5', words)
    await refused(at, 'bo', '/wl reject reason="no"', words)
    // Neither the claimant, nor who maintains only where the work is, opens it.
    await refused(at, 'ann', '/wl update judged=anywhere', /Only the poster of the item/)
    await refused(at, 'bo', '/wl update judged=anywhere', /was not posted in this repository/)
    // A tag in the row, as a peer may write it, is nobody's word.
    await world.sql(`UPDATE wanted SET tags = '["judged-anywhere"]' WHERE id = ?`, [id])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Tag')`)
    await refused(at, 'bo', '/wl stamp quality=5', words)
    // A text that links into the second repository makes it no item of that one.
    await world.sql(`UPDATE wanted SET description = replace(description, 'ada/board', 'ada/code') WHERE id = ?`, [id])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Move')`)
    await refused(at, 'bo', '/wl stamp quality=5', /This item was posted in/)
    await world.sql(`UPDATE wanted SET description = replace(description, 'ada/code', 'ada/board') WHERE id = ?`, [id])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Back')`)
    expect(await say(at, OWNER, '/wl update judged=anywhere')).toContain('Updated')
    await say(at, 'bo', '/wl stamp quality=4')
    expect(await stampers(id)).toEqual(['bo'])
  })

  it('and the same role where the item was posted judge it', async () => {
    const { id, at } = await across()
    await refused(at, 'al', '/wl stamp quality=5', /Only people with the GitHub role admin or maintain in `ada\/code`/)
    await say(at, 'mia', '/wl stamp quality=4')
    expect(await stampers(id)).toEqual(['mia'])
  })

  it('wins no bounty of another for a friend; trust level 3 may give it', async () => {
    const { id, at } = await across('/wl post bounty')
    const rival = openPull(world, first, 'al', { body: `Wanted: ${id}` })
    await world.idle()
    await refused(at, 'bo', '/wl stamp quality=5', /This item was posted in `ada\/board`/)
    expect((await recorded(world, id)).status).toBe('open')
    expect(world.said(first, rival).join('\n')).not.toMatch(/not adopted|went to/)
    await say(at, 'zed', '/wl stamp quality=4')
    expect(await stampers(id)).toEqual(['zed'])
  })

  it('judges an item that was posted as open to all, whatever is lost', async () => {
    const { id, at } = await across('/wl post judged=anywhere')
    await world.ops('DELETE FROM indexed_heads')
    await world.ops('DELETE FROM items_posted')
    await say(at, 'bo', '/wl stamp quality=4')
    expect(await stampers(id)).toEqual(['bo'])
  })

  it('neither gives up nor gives away an agent that works in another', async () => {
    const account = world.gh.user('robo[bot]', { bot: true })
    const handle = `robo-bot--${account.id}`
    for (const repo of [first, second]) ada.setRole(repo, 'robo[bot]', 'write')
    const id = await postItem(world, first)
    const number = openPull(world, first, 'robo[bot]', { body: `Wanted: ${id}` })
    await world.idle()
    const there = { repo: first, number }
    await say(there, 'al', '/wl own @robo')
    await say(there, 'mia', '/wl own @robo by=@al')
    const parent = async () =>
      (await world.sql('SELECT parent_rig FROM rigs WHERE handle = ?', [handle]))[0]!['parent_rig']
    expect(await parent()).toBe('al')
    await refused(home, 'bo', '/wl disown @robo', /works in `ada\/board` too.*or of trust level 3/)
    // Drawn into a repository of one's own it is still another's.
    const drawn = openPull(world, second, 'robo[bot]', { body: `Wanted: ${await postItem(world, second)}` })
    await world.idle()
    await refused({ repo: second, number: drawn }, 'bo', '/wl disown @robo', /works in `ada\/board` too/)
    // What we noted may be lost: the ledger says where it works.
    await world.ops(`DELETE FROM pull_request_items WHERE repo = 'board'`)
    await refused(home, 'bo', '/wl disown @robo', /works in `ada\/board` too/)
    expect(await parent()).toBe('al')
    await say(home, 'zed', '/wl disown @robo')
    expect(await parent()).toBeNull()
    await say(home, 'ann', '/wl own @robo')
    await refused(home, 'bo', '/wl own @robo by=@ann', /Somebody else agrees.*works in `ada\/board` too/)
    await say(home, 'mia', '/wl own @robo by=@ann')
    expect(await parent()).toBe('ann')
  })
})
