import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, OWNER, recorded, startWorld, type World } from './world.ts'
import { countDue, countPostponed, makeDue } from '../queue-rows.ts'

const PERSON = 40
const NEXT_HOUR_MS = 3_600_000

describe('a budget of requests', () => {
  let world: World
  let time = Date.now()
  beforeAll(async () => {
    world = await startWorld({
      clock: { now: () => new Date(time), pollIntervalMs: 24 * NEXT_HOUR_MS },
      config: { policy: `requests: { person: ${PERSON} }` },
    })
  }, 120_000)
  afterAll(() => world.close())

  const waiting = () => countDue(world.ops, 'deliveries')
  const postponed = () => countPostponed(world.ops, 'deliveries')
  const allButPostponed = async () => {
    await world.gh.settled()
    await expect.poll(waiting, { timeout: 60_000, interval: 50 }).toBe(0)
  }
  const answered = (said: { id: number }[]) => said.filter(({ id }) => world.gh.reactions(id).length > 0).length

  it('holds back one person who says too much, once says so, holds up no stamp on the same pull request, and runs the rest in the next hour', async () => {
    const repo = world.repository('budget')
    const { id, number } = await inReview(world, repo)
    world.gh.user('eve')
    const before = world.gh.requests.length
    const said = Array.from({ length: 30 }, () => world.gh.as('eve').comment(repo, number, '/wl stamp quality=1'))
    const stamp = world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await allButPostponed()
    expect((await recorded(world, id)).status).toBe('completed')
    expect(world.gh.reactions(stamp.id).map(({ content }) => content)).toEqual(['+1'])

    const held = await postponed()
    expect(held).toBeGreaterThan(10)
    expect(answered(said)).toBe(30 - held)
    const told = world.said(repo, number).filter((text) => text.startsWith('@eve: this command did not run yet.'))
    expect(told).toHaveLength(1)
    // Hers, what told her, the question of her role, and mia's one stamp.
    expect(world.gh.requests.length - before).toBeLessThan(PERSON + 40)

    // In the next hour some more of them run, and none is lost.
    time += NEXT_HOUR_MS
    await makeDue(world.ops)
    await allButPostponed()
    expect(answered(said)).toBeGreaterThan(30 - held)
    expect(answered(said) + (await postponed())).toBe(30)
  }, 120_000)

  it('is another for who validates, whether that was known before or not, and another in each repository', async () => {
    const repo = world.repository('judged')
    const issue = world.gh.as(OWNER).openIssue(repo, { title: 'Talk' })
    const said = Array.from({ length: 14 }, () => world.gh.as('mia').comment(repo, issue.number, '/wl status'))
    const elsewhere = world.gh.as('eve').comment(repo, issue.number, '/wl status')
    await allButPostponed()
    expect(answered([...said, elsewhere])).toBe(15)
  }, 120_000)
})
