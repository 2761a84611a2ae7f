import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { onePerTick } from '../../src/deliveries/one-per-tick.ts'

it('lets one through in each turn, in their order, and what else there is to do between two', async () => {
  const seen: string[] = []
  const mine = onePerTick()
  const all = [1, 2, 3].map(async (n) => {
    await mine()
    seen.push(`delivery ${n}`)
  })
  for (const n of [1, 2]) {
    await turn()
    seen.push(`other ${n}`)
  }
  await Promise.all(all)
  expect(seen).toEqual(['delivery 1', 'other 1', 'delivery 2', 'other 2', 'delivery 3'])
})

it('goes on where somebody comes when all have gone', async () => {
  const mine = onePerTick()
  await mine()
  await mine()
  await Promise.all([mine(), mine()])
})
