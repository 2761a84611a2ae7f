import { beforeEach, describe, expect, test } from 'vitest'
import { createPermissionCache, type PermissionCache } from '../../src/authorization/permission-cache.ts'

describe('an answer that is remembered', () => {
  let time: number
  let asked: number
  let cache: PermissionCache
  beforeEach(() => {
    time = 1_000_000
    asked = 0
    cache = createPermissionCache(() => time)
  })
  const ask = (repository: number | string = 1, key = 'role/7') =>
    cache.getOrFetch(repository, key, async () => ++asked)

  test('is the same for 59 seconds, and asked for anew at 60', async () => {
    expect(await ask()).toBe(1)
    time += 59_000
    expect(await ask()).toBe(1)
    time += 1_000
    expect(await ask()).toBe(2)
  })

  test('is dropped at once when we are told of a change, for that repository alone', async () => {
    await ask(1)
    await ask(2)
    await cache.invalidate(1)
    expect([await ask(1), await ask(2)]).toEqual([3, 2])
  })

  test('is dropped for all when the change reaches many', async () => {
    await ask(1)
    await ask(2)
    await cache.invalidate()
    expect([await ask(1), await ask(2)]).toEqual([3, 4])
  })

  test('under a name is dropped with any repository, for it may be that one’s', async () => {
    await ask('acme/app', 'facts')
    await cache.invalidate(5)
    expect(await ask('acme/app', 'facts')).toBe(2)
  })

  test('is another for another person or repository', async () => {
    expect([await ask(1, 'role/7'), await ask(1, 'role/8'), await ask(2, 'role/7')]).toEqual([1, 2, 3])
  })

  test('is asked for once by many at a time', async () => {
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  })

  test('was under way when it was dropped: it is not kept', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const slow = cache.getOrFetch(1, 'role/7', () => promise)
    await cache.invalidate(1)
    resolve('of before')
    expect(await slow).toBe('of before')
    expect(await ask()).toBe(1)
  })

  test('is dropped by every replica before the event that changes it is acknowledged', async () => {
    let all = 0
    const invalidations = { count: async () => all, add: async () => void all++ }
    const [one, other] = [
      createPermissionCache(() => time, invalidations),
      createPermissionCache(() => time, invalidations),
    ]
    const answers = async () =>
      Promise.all([one, other].map((each) => each.getOrFetch(1, 'role/7', async () => ++asked)))
    expect(await answers()).toEqual([1, 2])
    expect(await answers()).toEqual([1, 2])
    await one.invalidate(1)
    expect(await answers()).toEqual([3, 4])
    expect(await answers()).toEqual([3, 4])
  })

  test('failed: it is not kept', async () => {
    const failing = cache.getOrFetch(1, 'role/7', () => Promise.reject(new Error('away')))
    await expect(failing).rejects.toThrow('away')
    expect(await ask()).toBe(1)
  })

  test('is one of so many at most, be they all of one repository and all new', async () => {
    for (let n = 0; n < 5_000; n++) await ask(1, `role/${n}`)
    expect(await ask(1, 'role/0')).toBe(1)
    await ask(2)
    expect(await ask(1, 'role/0')).toBe(5_002)
  })

  test('does not pile up for ever', async () => {
    for (let n = 0; n < 20_000; n++) {
      time += 60
      await ask(n)
    }
    const began = performance.now()
    await cache.invalidate(1)
    expect(performance.now() - began).toBeLessThan(100)
  })
})
