import { describe, expect, it } from 'vitest'
import { readDeferredLine, readSealedLine } from '../../src/commands/deferred-stamps.ts'

const since = new Date('2026-11-01T00:00:00Z')
const before = '2026-10-31T23:59:59Z'

/** A line, what the version that held it before read in it, and what this one reads where that is something else. */
const LINES: [line: string, old: object, now?: object | 'refused'][] = [
  ['/wl stamp quality=4', { quality: 4 }],
  ['/wl accept quality=4 reliability=2', { quality: 4, reliability: 2 }],
  ['/wl stamp quality=4 reliability 2', { quality: 4 }, { quality: 4, reliability: 2 }],
  ['/wl stamp quality=4 reliability: 2', { quality: 4 }, { quality: 4, reliability: 2 }],
  ['/wl stamp quality=4 (reliability=2)', { quality: 4 }, { quality: 4, reliability: 2 }],
  ['/wl stamp quality=4 severity root', { quality: 4 }, { quality: 4, severity: 'root' }],
  ['/wl stamp quality=4 thanks, see #12', { quality: 4 }, 'refused'],
  [
    '/wl stamp @bob quality=4 reliability 2',
    { person: 'bob', quality: 4 },
    { person: 'bob', quality: 4, reliability: 2 },
  ],
  [
    '/wl stamp quality=4 reliability 2 w-0123456789',
    // Behind a word that it did not know it refused an id: it never held this.
    { quality: 4 },
    { quality: 4, reliability: 2, item: 'w-0123456789' },
  ],
  ['/wl stamp c-0123456789abcdef quality=4', { item: 'c-0123456789abcdef', quality: 4 }],
  ['/wl stamp skills=rust, quality=4', { quality: 4, skills: ['rust'] }],
  ['/wl stamp quality = 4', { quality: 4 }],
  [
    '/wl stamp Quality=4 severity=Root message="Well \\"done\\"" reliability 2',
    { quality: 4, severity: 'root', message: 'Well "done"' },
    { quality: 4, severity: 'root', message: 'Well "done"', reliability: 2 },
  ],
  ['/wl stamp quality=4 message=„Gut gemacht“', { quality: 4, message: 'Gut gemacht' }],
]

describe('a held stamp', () => {
  it.each(LINES)('gives what the version read that held it: %s', async (line, old, now = old) => {
    expect(await readDeferredLine({ line, said_at: before }, since)).toEqual(old)
    expect((await readDeferredLine({ line, said_at: since }, since)) ?? 'refused').toEqual(now)
  })

  it('gives nothing by a line that the version before would not have taken', async () => {
    const held = (line: string) => readDeferredLine({ line, said_at: before }, since)
    for (const line of ['/wl stamp 4', '/wl stamp quality=4/5', '/wl stamp q=4', '/wl stamp quality=4\nreliability=2'])
      expect(await held(line)).toBeUndefined()
  })

  it.each([
    ['/wl stamp quality=4 reliability=2 thank you', { quality: 4, reliability: 2 }],
    // Only one of the versions takes these.
    ['/wl stamp 4', { quality: 4 }],
    ['/wl stamp quality=4\nreliability=2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 thanks, see #12', { quality: 4 }],
    ['/wl stamp quality=4 reliability 2', undefined],
    ['/wl stamp quality=4 **severity=root**', undefined],
  ])('is asked about where the seal does not tell which version held it: %s', async (line, args) => {
    expect(await readSealedLine(line)).toEqual(args)
  })
})
