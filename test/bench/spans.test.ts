import { describe, expect, it } from 'vitest'
import { quantile } from '../../bench/figure.ts'
import { type Part, timeByPart } from '../../bench/spans.ts'

const span = (part: Part, began: number, ended: number) => ({ part, what: '', began, ended })

describe('time by part', () => {
  it('counts each moment once, GitHub before Dolt before Postgres, and only what is asked about', () => {
    const spans = [
      span('github', -5, 10),
      span('dolt', 5, 20),
      span('dolt', 15, 25),
      span('postgres', 24, 40),
      span('github', 60, 200),
      span('postgres', 300, 400),
    ]
    expect(timeByPart(spans, 0, 100)).toEqual({
      all: 100,
      own: 20,
      took: { github: 50, dolt: 15, postgres: 15 },
      asked: { github: 2, dolt: 2, postgres: 1 },
    })
  })

  it('is all our own where nobody was waited for', () => {
    expect(timeByPart([], 10, 12)).toMatchObject({ all: 2, own: 2 })
  })
})

describe('quantiles', () => {
  const values = Array.from({ length: 200 }, (_, n) => 200 - n)
  it.each([
    [0.5, 100],
    [0.99, 198],
    [1, 200],
  ])('%s of 1 to 200 is %s', (share, value) => {
    expect(quantile(values, share)).toBe(value)
  })
})
