import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPoints, type Measure, measureStory, runKillPoints } from './kill-points.ts'
import { startStores, type Stores } from './stores.ts'

/** Kills at its talk with each; more where somebody has the time. */
const KILLS = Number(process.env['CRASH_POINTS'] ?? 4)

describe('SIGKILL of the bridge at its start and at every step, then a restart', () => {
  let stores: Stores
  let measure: Measure
  beforeAll(async () => {
    stores = await startStores()
    measure = await measureStory(stores)
  })
  afterAll(() => stores.close())

  it(
    'at its talk with GitHub, Dolt and Postgres: the same rows, one reply, one reaction',
    async () => {
      const lives = drawPoints('bridge', measure, ['GitHub', 'Dolt', 'Postgres'], KILLS)
      const struck = await runKillPoints(stores, measure, lives, (life) => life.strike())
      expect(struck).toBe(lives.flat().length)
    },
    60_000 + KILLS * 120_000,
  )
})
