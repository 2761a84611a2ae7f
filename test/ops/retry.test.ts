import { expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { plainLine } from '../../src/ops/log.ts'
import { retryUntilAvailable } from '../../src/ops/retry.ts'

it('a failed try is one line that names what is away, and its error is for debugging', async () => {
  const lines: [string, object][] = []
  const say = (level: string) => (fields: object) => void lines.push([level, fields])
  let tries = 0
  const work = async () => {
    if (++tries === 1) throw new Unavailable('the Dolt server db:3306 cannot be reached (ECONNREFUSED)')
    return 'there'
  }
  const log = { warn: say('warn'), debug: say('debug') }
  expect(await retryUntilAvailable(work, new AbortController().signal, log)).toBe('there')
  expect(lines).toEqual([
    ['warn', { why: 'the Dolt server db:3306 cannot be reached (ECONNREFUSED)', waitMs: 500 }],
    ['debug', { err: expect.any(Unavailable) }],
  ])
})

it('what waiting does not heal ends it at once', async () => {
  const log = { warn: () => expect.unreachable() }
  const wrong = retryUntilAvailable(() => Promise.reject(new Error('wrong')), new AbortController().signal, log)
  await expect(wrong).rejects.toThrow('wrong')
})

it('a line of the log at a terminal is plain', () => {
  const line = {
    level: 40,
    time: 36_123_000,
    pid: 1,
    hostname: 'h',
    why: 'away',
    waitMs: 500,
    app: { id: 7 },
    msg: 'trying again',
  }
  expect(plainLine(JSON.stringify(line))).toBe('10:02:03 WARN trying again  why=away  waitMs=500  app={"id":7}')
})

it.each([
  ['a cursor that moves', '\u001b[2J\u009b1A', '\\u{1b}[2J\\u{9b}1A'],
  ['a line of its own', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
  ['words turned round', '\u202ereversed', '\\u{202e}reversed'],
  ['letters of any script', 'Łódź 東京 👍', 'Łódź 東京 👍'],
])('a line of the log at a terminal shows %s as what it is', (_, title, shown) => {
  const line = { level: 30, time: 0, title, at: { title }, msg: 'said' }
  const plain = plainLine(JSON.stringify(line))
  expect(plain).toContain(`title=${shown}  at=`)
  expect(plain).toMatch(/^\P{C}+$/u)
})
