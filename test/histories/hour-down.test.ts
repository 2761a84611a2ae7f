import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectSound } from '../scenarios/sound.ts'
import { startWorld, type World } from '../scenarios/world.ts'
import { type History, loneHistory, rivalHistory } from './acts.ts'
import { howMany, longest, SEED } from './check.ts'
import { allTaken, begin, BETWEEN_RESTS_SECONDS, compare, type Stage, stretchOf } from './stage.ts'

const COUNT = howMany(5)
const HOUR = 3600

let world: World
let now = () => new Date()
beforeAll(async () => {
  world = await startWorld({ schemas: 'unchecked', clock: { now: () => now(), pollIntervalMs: 500 } })
  now = () => new Date(world.gh.clock.now())
})
afterAll(() => world.close())

it(
  `that is down while all happens, an hour at a time, ends as if it had been up (${COUNT} histories, seed ${SEED})`,
  async () => {
    const { gh, sql } = world
    const advance = (seconds: number) => gh.clock.advance(seconds)
    const stage: Stage = { gh, sql, dispatch: () => {}, advance, rest: async () => {} }
    const kinds = fc.oneof(loneHistory(['once']), rivalHistory(['once']))
    let missed = 0
    // Short histories have few events: then more of them are played.
    for (let n = 0; missed <= 5 * COUNT && n < 3; n++)
      missed += await playDown(stage, fc.sample(kinds, { seed: SEED + n, numRuns: COUNT }))
    expect(missed).toBeGreaterThan(5 * COUNT)
    await expectSound(world)
  },
  longest(COUNT),
)

/** Plays them while the bridge is down; the number of deliveries that it missed. */
async function playDown(stage: Stage, histories: readonly History[]): Promise<number> {
  const { gh, advance } = stage
  const begun = await begin(stage, histories)
  let missed = 0
  for (let going = begun; going.length > 0;) {
    await world.restart(async () => {
      const until = gh.clock.now() + HOUR * 1000
      going = await stretchOf(going, () => advance(5 * 60))
      await advance(Math.max(0, (until - gh.clock.now()) / 1000))
      await gh.settled()
      missed += gh.deliveries.filter(({ attempts }) => attempts.every(({ statusCode }) => statusCode >= 300)).length
    })
    await allTaken(gh)
    await world.idle()
    expect(await compare(stage, begun)).toEqual([])
    await advance(BETWEEN_RESTS_SECONDS)
  }
  return missed
}
