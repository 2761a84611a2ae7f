import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound, say } from './sound.ts'
import {
  history,
  inReview,
  message,
  openPull,
  OWNER,
  postItem,
  recorded,
  startWorld,
  vouchForRows,
  type World,
} from './world.ts'

describe('a rejection', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const line = '/wl reject reason="The tests do not run"'

  it('sends the work back with its reason; the same head is not submitted again, a new one is', async () => {
    const repo = world.repository('back')
    const { id, number } = await inReview(world, repo)
    const [completion] = (await recorded(world, id)).completions
    const head = world.gh.pull(repo, number).head.sha
    expect(await say(world, repo, number, 'mia', line)).toMatch(
      /^Rejected, and back with the person who did it\. The reason: `The tests do not run`\. Once something new is pushed/,
    )
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
    expect(world.said(repo, number)[0]).toMatch(
      /\*\*Rejected\*\* .* back with `bob`: `The tests do not run` Next: push/,
    )
    const text = await message(world, `wl reject: ${id} — The tests do not run`)
    for (const trailer of [
      `Rejected: ${completion!['id']}`,
      `Head: ${head}`,
      'Reason: The tests do not run',
      'Authority: github maintain ',
    ])
      expect(text).toContain(`\n${trailer}`)
    world.gh.as('bob').editTitle(repo, number, 'Look again')
    world.gh.as('bob').close(repo, number)
    await world.idle()
    world.gh.as('bob').reopen(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', completions: [] })
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=4')).toContain(
      'this head was rejected. Once something new is pushed',
    )
    world.gh.as('bob').push(repo, number, { files: { 'src/test.ts': 'ok\n' } })
    await world.idle()
    expect((await recorded(world, id)).completions).toMatchObject([{ id: completion!['id'] }])
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, id)).status).toBe('completed')
    expect((await history(world, id)).slice(1)).toEqual([
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl reject: ${id} — The tests do not run — mia`,
      `wl unclaim: ${id} — bob`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl accept: ${id} — mia`,
    ])
    await expectSound(world)
  })

  it('stands when the operations store is lost, and the command runs no second time', async () => {
    const repo = world.repository('lost')
    const { id, number } = await inReview(world, repo)
    await say(world, repo, number, 'mia', line)
    await world.ops('DELETE FROM rejections')
    await world.ops('DELETE FROM indexed_heads')
    world.gh.as('bob').editTitle(repo, number, 'Look again')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', completions: [] })
    await world.restart()
    world.gh.as('bob').editTitle(repo, number, 'And again')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('claimed')
    expect((await history(world, id)).filter((subject) => subject.startsWith('wl reject'))).toHaveLength(1)
  })

  it.each([
    ['a stranger', 'eve', /Only people with the GitHub role admin or maintain in .*, or of trust level 3, may reject/],
    ['its author', 'bob', /Only people with the GitHub role admin or maintain in .* Your role here is/],
  ])('by %s is refused', async (name, login, words) => {
    const repo = world.repository(`by-${name.replace(' ', '-')}`)
    const { id, number } = await inReview(world, repo)
    expect(await say(world, repo, number, login, line)).toMatch(words)
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', completions: [{ stamp_id: null }] })
  })

  it('takes no yearbook rule: what has one’s own commits, is of one’s own rig, of an agent or one’s own is sent back', async () => {
    const repo = world.repository('yearbook')
    const id = await postItem(world, repo)
    world.gh.user('bob')
    const commits = [{ files: { 'b.ts': 'one\n' } }, { files: { 'm.ts': 'one\n' }, author: 'mia' }]
    const { number } = world.gh
      .as('bob')
      .openPullRequest({ repo, title: 'x', head: 'both', body: `Wanted: ${id}`, commits })
    await world.idle()
    // Anybody writes commits in a maintainer's name: spam is not to make itself unrejectable.
    expect(await say(world, repo, number, 'mia', line)).toContain('Rejected')
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
    const other = await inReview(world, repo, 'alt')
    await world.sql(`UPDATE rigs SET parent_rig = 'mia', rig_type = 'agent' WHERE handle = 'alt'`)
    await vouchForRows(world)
    expect(await say(world, repo, other.number, 'mia', line)).toContain('Rejected')
    const agents = await inReview(world, repo, 'bot-like')
    await world.sql(`UPDATE rigs SET parent_rig = NULL, rig_type = 'agent' WHERE handle = 'bot-like'`)
    await vouchForRows(world)
    expect(await say(world, repo, agents.number, 'mia', line)).toContain('Rejected')
    const own = await inReview(world, repo, 'mia')
    expect(await say(world, repo, own.number, 'mia', line)).toContain('Rejected')
    expect(await recorded(world, own.id)).toMatchObject({ status: 'claimed', holder: 'mia', completions: [] })
    await expectSound(world)
  })

  it('without a reason, of a draft, of what is stamped, of several, of another item is refused', async () => {
    const repo = world.repository('wrong')
    const { id, number } = await inReview(world, repo)
    expect(await say(world, repo, number, 'mia', '/wl reject')).toContain('`reason` is missing')
    expect(await say(world, repo, number, 'mia', '/wl reject reason=not good')).toContain('put it in quotes')
    expect(await say(world, repo, number, 'mia', '/wl reject w-00000000aa reason=No')).toContain(
      'is not an item of this pull request',
    )
    expect(await say(world, repo, number, 'mia', '/wl reject c-0123456789abcdef reason=No')).toContain(
      'is not an item of this pull request',
    )
    expect(await say(world, repo, number, 'mia', '/wl reject c-0123 reason=No')).toContain('expected a whole id')
    const second = await postItem(world, repo)
    ada.label(repo, number, `wl:${second}`)
    await world.idle()
    expect(await say(world, repo, number, 'mia', line)).toMatch(
      /Several items are in review here: .*`\/wl reject w-\w+ reason="…"`/,
    )
    await say(world, repo, number, 'mia', `/wl stamp ${id} quality=4`)
    expect(await say(world, repo, number, 'mia', `/wl reject ${id} reason=No`)).toContain(
      'This work is stamped, and that stays',
    )
    const [{ id: completion } = { id: '' }] = (await recorded(world, second)).completions
    expect(await say(world, repo, number, 'mia', `/wl reject ${completion} reason=No`)).toContain('Rejected')
    expect(await recorded(world, second)).toMatchObject({ status: 'claimed' })
    expect((await recorded(world, id)).status).toBe('completed')
    const draft = openPull(world, repo, 'bob', { draft: true, body: `Wanted: ${await postItem(world, repo)}` })
    await world.idle()
    expect(await say(world, repo, draft, 'mia', line)).toContain('is not submitted yet')
  })
})
