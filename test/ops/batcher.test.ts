import { expect, it, vi } from 'vitest'
import { createBatcher, createCoalescer } from '../../src/ops/batcher.ts'

/** A question whose answers are held back. */
function held() {
  const asked: (readonly string[])[] = []
  const answers: (() => void)[] = []
  const ask = createBatcher<string, string>(
    async (keys) => {
      asked.push(keys)
      await new Promise<void>((resolve) => answers.push(resolve))
      return keys.map((key) => (key === 'bad' ? new Error('bad') : key.toUpperCase()))
    },
    { most: 3 },
  )
  return { ask, asked, answer: () => answers.shift()!() }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

it('asks at once for who is alone, and together for who comes meanwhile', async () => {
  const { ask, asked, answer } = held()
  const first = ask('a')
  await soon()
  const others = Promise.all([ask('b'), ask('c')])
  await soon()
  expect(asked).toEqual([['a']])
  answer()
  expect(await first).toBe('A')
  await soon()
  expect(asked).toEqual([['a'], ['b', 'c']])
  answer()
  expect(await others).toEqual(['B', 'C'])
})

it('answers nobody from before their question, asked the same or not', async () => {
  let now = 0
  const ask = createCoalescer(async () => ++now)
  expect(await ask()).toBe(1)
  const [second, third] = [ask(), soon().then(ask)]
  expect(await second).toBe(2)
  expect(await third).toBe(3)
})

it('waits for an answer as long as it is told, and asks the next question then', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const lost = new Promise<string[]>(() => {})
  const ask = createBatcher<string, string>((keys) => (keys.includes('lost') ? lost : Promise.resolve(keys)), {
    waitsMs: 5_000,
  })
  void ask('lost')
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  const next = ask('next')
  vi.advanceTimersByTime(5_000)
  expect(await next).toBe('next')
  vi.useRealTimers()
})

it('splits what is too much for one', async () => {
  const { ask, asked, answer } = held()
  const all = Promise.all(['a', 'b', 'c', 'd'].map(ask))
  await soon()
  answer()
  await soon()
  answer()
  expect(await all).toEqual(['A', 'B', 'C', 'D'])
  expect(asked.map((keys) => keys.length)).toEqual([3, 1])
})

it('fails for those of the question that failed, and goes on', async () => {
  const { ask, answer } = held()
  const [bad, good] = [ask('bad'), ask('a')]
  await soon()
  answer()
  await expect(bad).rejects.toThrow('bad')
  expect(await good).toBe('A')
  let times = 0
  const failing = createCoalescer(async () => {
    if (++times === 1) throw new Error('away')
    return times
  })
  await expect(failing()).rejects.toThrow('away')
  expect(await failing()).toBe(2)
})
