import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Measure, measureStory, runKillPoints, spread } from './kill-points.ts'
import { startStores, type Stores } from './stores.ts'

const POINTS = Number(process.env['CRASH_POINTS'] ?? 3)

describe('SIGKILL of a store at every step: the bridge goes on by itself', () => {
  let stores: Stores
  let measure: Measure
  beforeAll(async () => {
    stores = await startStores()
    measure = await measureStory(stores)
  })
  afterAll(() => stores.close())

  it.each([
    ['Dolt', 'dolt'],
    ['Postgres', 'postgres'],
  ] as const)(
    '%s',
    async (at, name) => {
      // From its start on: one that finds no store at its start is for the operator's supervisor.
      const points = spread(at, measure.counts[at], POINTS)
      const struck = await runKillPoints(stores, measure, points, (life) => {
        const pid = stores[name].pid()
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
        expect(life.deaths()).toBe(0)
      })
      expect(struck).toBe(POINTS)
    },
    60_000 + POINTS * 60_000,
  )
})
