import { afterEach, expect, test, vi } from 'vitest'
import { wastelandNames } from '../../src/http/wasteland-name.ts'
import { testApp } from './test-app.ts'

afterEach(() => {
  vi.useRealTimers()
})

const titleOf = async (name?: string) => {
  const text = await (await testApp(name === undefined ? {} : { name }).request('/')).text()
  return /<h1>[^]*?<\/h1>/.exec(text)?.[0]
}

test('the first page is headed by the wasteland’s name, and answers where there is none', async () => {
  expect(await titleOf('Gas Town')).toBe('<h1><bdi>Gas Town</bdi></h1>')
  expect(await titleOf('<script>')).toBe('<h1><bdi>&lt;script&gt;</bdi></h1>')
  expect(await titleOf()).toBe('<h1><bdi>A Wasteland on GitHub</bdi></h1>')
})

test('the name is read once in ten seconds, and is one short line', async () => {
  let now = 0
  const read = vi.fn<() => Promise<string | undefined>>(async () => `Gas\nTown ${'x'.repeat(300)}`)
  const name = wastelandNames(read, () => new Date(now))
  const [first, second] = await Promise.all([name(), name()])
  expect(first).toMatch(/^Gas Town x+.?$/)
  expect(first!.length).toBeLessThanOrEqual(100)
  expect(second).toBe(first)
  await name()
  expect(read).toHaveBeenCalledTimes(1)
  now = 10_001
  read.mockResolvedValue('Bartertown')
  expect(await name()).toBe('Bartertown')
})

test('a ledger that is away, or does not answer, leaves the name that was read last', async () => {
  let now = 0
  const read = vi.fn<() => Promise<string | undefined>>(async () => 'Gas Town')
  const name = wastelandNames(read, () => new Date(now))
  expect(await name()).toBe('Gas Town')
  now += 10_001
  read.mockRejectedValue(new Error('away'))
  expect(await name()).toBe('Gas Town')
  now += 10_001
  read.mockReturnValue(new Promise(() => {}))
  vi.useFakeTimers()
  const asked = name()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await asked).toBe('Gas Town')
})
