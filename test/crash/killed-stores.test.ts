import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPoints, type Measure, measureStory, runKillPoints } from './kill-points.ts'
import { startStores, type Stores } from './stores.ts'

const KILLS = Number(process.env['CRASH_POINTS'] ?? 3)

describe('SIGKILL of a store at its start and at every step: the bridge goes on by itself', () => {
  let stores: Stores
  let measure: Measure
  beforeAll(async () => {
    stores = await startStores()
    measure = await measureStory(stores)
  })
  afterAll(() => stores.close())

  it(
    'of Dolt and of Postgres',
    async () => {
      const lives = drawPoints('stores', measure, ['Dolt', 'Postgres'], KILLS)
      const struck = await runKillPoints(stores, measure, lives, (life, { at }) => {
        const pid = stores[at === 'Dolt' ? 'dolt' : 'postgres'].pid()
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
        expect(life.deaths()).toBe(0)
      })
      expect(struck).toBe(lives.flat().length)
    },
    60_000 + KILLS * 120_000,
  )
})
