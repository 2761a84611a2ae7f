import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKillPoints, spread } from './kill-points.ts'
import { startStores, type Stores } from './stores.ts'

const LANES = 3
/** More than the cores can run in four minutes, where somebody has the time. */
const POINTS = Number(process.env['CRASH_POINTS'] ?? 4)

describe('SIGKILL of the bridge at every step, then a restart', () => {
  let stores: Stores
  beforeAll(async () => {
    stores = await startStores()
  }, 120_000)
  afterAll(() => stores.close())

  it.each(['GitHub', 'Dolt', 'Postgres'] as const)(
    'at its talk with %s: the same rows, one reply, one reaction',
    async (at) => {
      const struck = await runKillPoints(
        stores,
        LANES,
        (counts) => spread(at, counts[at], POINTS),
        (life) => life.strike(),
      )
      expect(struck).toBe(POINTS)
    },
    60_000 + POINTS * 60_000,
  )
})
