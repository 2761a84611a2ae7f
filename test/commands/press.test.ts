import { describe, expect, it } from 'vitest'
import { toPress } from '../../src/commands/press.ts'

const since = new Date('2026-11-01T00:00:00Z')
const before = '2026-10-31T00:00:00Z'

const held = (line: string, given: Record<string, string | number>, said_at = before) => toPress({ line, given, said_at }, since)

describe('a stamp that an earlier version held', () => {
  it.each([
    ['/wl stamp quality=4 reliability 2', { quality: 4 }, { quality: 4 }],
    ['/wl stamp quality=4 thanks, see #12', { quality: 4 }, { quality: 4 }],
    ['/wl stamp quality=4, see @octocat', { quality: 4 }, { quality: 4 }],
    ['/wl stamp quality=4 severity root', { quality: 4 }, { quality: 4 }],
    [
      '/wl stamp quality=4 severity=root skills=rust message="Well done" reliability 2',
      { quality: 4 },
      { quality: 4, severity: 'root', skills: ['rust'], message: 'Well done' },
    ],
  ])('gives what was held, not what its line says now: %s', async (line, given, args) => {
    expect(await held(line, given)).toEqual(args)
  })

  it('gives what its line says where every version reads it the same', async () => {
    expect(await held('/wl stamp quality=4 reliability=2', {})).toEqual({ quality: 4, reliability: 2 })
  })

  it.each(['/wl stamp quality=4 reliability 2', '/wl stamp quality=4 please see #12'])(
    'is asked about where nobody knows what was held: %s',
    async (line) => {
      expect(await held(line, {})).toBeUndefined()
    },
  )

  it('gives what its line says where this version held it', async () => {
    const line = '/wl stamp quality=4 reliability 2'
    expect(await held(line, { quality: 4, reliability: 2 }, since.toISOString())).toEqual({
      quality: 4,
      reliability: 2,
    })
  })
})
