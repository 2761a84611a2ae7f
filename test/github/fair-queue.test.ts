import { describe, expect, it } from 'vitest'
import { createFairQueue, type Requester } from '../../src/github/fair-queue.ts'

/** The order in which requests that wait at once have their turns; the first of all goes at once. */
async function orderOf(waiting: readonly (Requester & { name: string })[]): Promise<string[]> {
  const turn = createFairQueue(1)
  const order: string[] = []
  await Promise.all(waiting.map((one) => turn(7, one).then(() => void order.push(one.name))))
  return order
}

const of = (lane: string, count: number, first = false) =>
  Array.from({ length: count }, (_, n) => ({ lane, first, name: `${lane}${n}` }))

describe('turns', () => {
  it('of one lane are in order', async () => {
    expect(await orderOf(of('a', 3))).toEqual(['a0', 'a1', 'a2'])
  })

  it('go round the lanes: two hundred of one keep another waiting for one', async () => {
    const order = await orderOf([...of('eve', 200), ...of('bob', 2), ...of('carl', 1)])
    expect(order.slice(0, 6)).toEqual(['eve0', 'eve1', 'bob0', 'carl0', 'eve2', 'bob1'])
    expect(order).toHaveLength(203)
  })

  it('of who comes first are three of four, and no one is kept out for ever', async () => {
    const order = await orderOf([...of('eve', 3), ...of('mia', 7, true)])
    expect(order).toEqual(['eve0', 'mia0', 'mia1', 'mia2', 'eve1', 'mia3', 'mia4', 'mia5', 'eve2', 'mia6'])
  })

  it('of one account keep no other waiting', async () => {
    const turn = createFairQueue(60_000)
    await Promise.all([turn(7, { lane: 'a', first: false }), turn(8, { lane: 'a', first: false })])
  })
})
