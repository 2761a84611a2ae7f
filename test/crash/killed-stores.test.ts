import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKillPoints, spread } from './kill-points.ts'
import { startStores, type Stores } from './stores.ts'

const POINTS = Number(process.env['CRASH_POINTS'] ?? 3)

describe('SIGKILL of a store at every step: the bridge goes on by itself', () => {
  let stores: Stores
  beforeAll(async () => {
    stores = await startStores()
  }, 120_000)
  afterAll(() => stores.close())

  it.each([
    ['Dolt', 'dolt'],
    ['Postgres', 'postgres'],
  ] as const)(
    '%s',
    async (at, name) => {
      const struck = await runKillPoints(
        stores,
        1,
        // From its start on: one that finds no store at its start is for the operator's supervisor.
        (counts) => spread(at, counts[at], POINTS),
        (life) => {
          const pid = stores[name].pid()
          if (pid !== undefined) process.kill(pid, 'SIGKILL')
          expect(life.deaths()).toBe(0)
        },
      )
      expect(struck).toBe(POINTS)
    },
    60_000 + POINTS * 60_000,
  )
})
