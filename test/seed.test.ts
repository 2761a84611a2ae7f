import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomOf, SEED, seedOfCommit } from './seed.ts'
import { somePoints } from './crash/points.ts'
import { drawPoints } from './crash/kill-points.ts'

test('every property is drawn from the printed seed', () => {
  expect(SEED).toBe(Number(process.env['TEST_SEED']))
  expect(fc.readConfigureGlobal()).toMatchObject({ seed: SEED })
  const drawn = () => fc.sample(fc.integer(), 20)
  expect(drawn()).toEqual(drawn())
})

test('the seed of a commit is a whole number, the same each time', () => {
  expect(Number.isSafeInteger(seedOfCommit())).toBe(true)
  expect(seedOfCommit()).toBe(seedOfCommit())
})

test('one seed draws the same each time, another seed or name others', () => {
  const draw = (name: string, seed: number) => Array.from({ length: 100 }, randomOf(name, seed))
  expect(draw('a', 1)).toEqual(draw('a', 1))
  expect(draw('a', 1)).not.toEqual(draw('b', 1))
  expect(draw('a', 1)).not.toEqual(draw('a', 2))
  expect(draw('a', 1).every((number) => number >= 0 && number < 1)).toBe(true)
})

test('a half of the kill points is drawn, in their order', () => {
  for (let length = 1; length < 12; length++) {
    const points = Array.from({ length }, (_, n) => n)
    const some = somePoints(points, 'test', length)
    expect(some).toHaveLength(Math.ceil(length / 2))
    expect(some).toEqual(points.filter((point) => some.includes(point)))
  }
})

test('kill points are one a phase, within what it takes, and each talk has its share', () => {
  const counts = Array.from({ length: 7 }, (_, phase) => ({ GitHub: phase, Dolt: 0, Postgres: 3 }))
  for (let kills = 1; kills < 8; kills++) {
    const lives = drawPoints(`test ${kills}`, { port: 0, outcome: undefined, counts }, ['GitHub', 'Postgres'], kills)
    expect(lives.flat().length).toBeGreaterThanOrEqual(2 * kills)
    for (const points of lives) {
      expect(points.map(({ phase }) => phase)).toEqual(counts.map((_, phase) => phase))
      for (const { at, phase, n } of points) expect(n >= 1 && n <= counts[phase]![at]).toBe(true)
    }
    const share = (talk: string) => lives.flat().filter(({ at }) => at === talk).length
    expect(Math.abs(share('GitHub') - share('Postgres'))).toBeLessThanOrEqual(lives.length + 1)
  }
})

test('no test draws from anything but the seed', () => {
  const files = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((file) => file !== 'seed.test.ts')
  expect(files.length).toBeGreaterThan(200)
  const drawing = files.filter((file) =>
    /Math\.random|randomInt\(/.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
  )
  // HISTORIES_SEED=random, which is printed.
  expect(drawing).toEqual(['histories/check.ts'])
})
