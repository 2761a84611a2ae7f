import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound } from './sound.ts'
import { history, inReview, openPull, OWNER, postItems, recorded, startWorld, type World } from './world.ts'

describe('many stamps at once', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it('on fifty items all land, each on its own', async () => {
    const repo = world.repository('fifty')
    const ids = await postItems(
      world,
      Array.from({ length: 50 }, () => repo),
    )
    const pulls = ids.map((id, n) => ({ id, number: openPull(world, repo, `c${n % 5}`, { body: `Wanted: ${id}` }) }))
    await world.idle()
    world.gh.hold()
    for (const { number } of pulls)
      world.gh.as(number % 2 === 0 ? 'mia' : OWNER).comment(repo, number, '/wl stamp quality=4')
    world.gh.release()
    await world.idle()
    for (const { id, number } of pulls) {
      const { status, stamps } = await recorded(world, id)
      expect({ status, authors: stamps.map((stamp) => stamp['author']) }).toEqual({
        status: 'completed',
        authors: [number % 2 === 0 ? 'mia' : OWNER],
      })
    }
    await expectSound(world)
  }, 240_000)

  it('on one item: of each validator one lands, the rest are refused, one completes it', async () => {
    const repo = world.repository('one')
    const { id, number } = await inReview(world, repo, 'dora')
    const validators = Array.from({ length: 25 }, (_, n) => `v${n}`)
    for (const login of validators) {
      world.gh.user(login)
      ada.setRole(repo, login, 'maintain')
    }
    await world.idle()
    world.gh.hold()
    for (const login of [...validators, ...validators]) world.gh.as(login).comment(repo, number, '/wl stamp quality=3')
    world.gh.release()
    await world.idle()
    const { status, completions, stamps } = await recorded(world, id)
    expect(status).toBe('completed')
    expect(stamps.map((stamp) => String(stamp['author'])).toSorted()).toEqual(validators.toSorted())
    expect(completions).toMatchObject([{ stamp_id: stamps[0]!['id'], validated_by: stamps[0]!['author'] }])
    expect(world.said(repo, number).filter((text) => text.includes('You have stamped this work already'))).toHaveLength(
      25,
    )
    expect((await history(world, id)).filter((subject) => subject.startsWith('wl accept'))).toHaveLength(25)
    await expectSound(world)
  }, 240_000)

  it('of two validators: one stamp each, and the first completes the item', async () => {
    const repo = world.repository('two')
    const { id, number } = await inReview(world, repo, 'emma')
    world.gh.hold()
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=3')
    world.gh.as(OWNER).review(repo, number, { state: 'APPROVE', body: '/wl stamp quality=5' })
    world.gh.release()
    await world.idle()
    const { status, completions, stamps } = await recorded(world, id)
    expect(status).toBe('completed')
    expect(stamps.map((stamp) => String(stamp['author'])).toSorted()).toEqual(['ada', 'mia'])
    expect(completions).toMatchObject([{ stamp_id: stamps[0]!['id'] }])
    await expectSound(world)
  })
})
