import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Measure, measureStory, runKillPoints, spread } from './kill-points.ts'
import { startStores, type Stores } from './stores.ts'

/** More than the cores can run in four minutes, where somebody has the time. */
const POINTS = Number(process.env['CRASH_POINTS'] ?? 4)

describe('SIGKILL of the bridge at every step, then a restart', () => {
  let stores: Stores
  let measure: Measure
  beforeAll(async () => {
    stores = await startStores()
    measure = await measureStory(stores)
  })
  afterAll(() => stores.close())

  it.each(['GitHub', 'Dolt', 'Postgres'] as const)(
    'at its talk with %s: the same rows, one reply, one reaction',
    async (at) => {
      const points = spread(at, measure.counts[at], POINTS)
      const struck = await runKillPoints(stores, measure, points, (life) => life.strike())
      expect(struck).toBe(POINTS)
    },
    60_000 + POINTS * 60_000,
  )
})
