import { describe, expect, it } from 'vitest'
import { isOut } from '../../src/operations/tables/opt-outs.ts'
import { comingBack } from '../../src/services/join.ts'

const on = (day: number, seconds = 0) => new Date(Date.UTC(2026, 10, day, 10, 0, 0) + seconds * 1000)

describe('who comes back', () => {
  it.each([
    ['was never out', {}, on(1), 'not out'],
    ['declined', { part: on(1) }, on(1, 60), 'may'],
    ['was forgotten only', { imports: on(1) }, on(1, 60), 'may'],
    ['declined in the same second, by the page', { part: on(1, 0.4) }, on(1), 'may'],
    ['declined after this was said', { part: on(2) }, on(1), 'older'],
    ['came back, and this is delivered again', { part: on(1), joined: on(2) }, on(2), 'done'],
    ['came back, declined, and this is delivered again', { part: on(3), joined: on(2) }, on(2), 'done'],
    ['came back and is not out', { part: on(1), joined: on(2) }, on(3), 'not out'],
    ['came back and declined within a day', { part: on(2, 60), joined: on(2) }, on(3, -1), 'too soon'],
    ['came back and declined, a day later', { part: on(2, 60), joined: on(2) }, on(3), 'may'],
    ['came back and was forgotten within a day', { imports: on(2, 60), joined: on(2) }, on(2, 90), 'too soon'],
  ] as const)('%s', (_, standing, at, way) => {
    expect(comingBack(standing, at)).toBe(way)
  })

  it.each([
    [{}, false],
    [{ part: on(1) }, true],
    [{ imports: on(1) }, false],
    [{ part: on(1), joined: on(1) }, false],
    [{ part: on(2), joined: on(1) }, true],
    [{ joined: on(1) }, false],
  ] as const)('is out by what was said last: %j, %s', (standing, is) => {
    expect(isOut(standing, 'part')).toBe(is)
  })
})
