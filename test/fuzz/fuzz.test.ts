import { expect, it } from 'vitest'
import { randomOf } from '../seed.ts'
import { faultOf, measure, measureWell } from './measure.ts'
import { READERS } from './readers.ts'
import { drawShape, plainShapes } from './shapes.ts'

// The short form of `npm run fuzz`: generous, for a busy machine's clock must fail nobody.

const BOUNDS = { ms: 2000, growth: Infinity }
const SHAPES = 5
const random = randomOf('fuzz, short')
const plain = plainShapes()

it.each(READERS)('hostile texts of any size do not hold the thread: $name', async (reader) => {
  const drawn = Array.from({ length: SHAPES }, (_, n) =>
    n % 2 === 0 ? plain[Math.floor(random() * plain.length)]! : drawShape(random),
  )
  for (const shape of drawn) {
    const measured = await measure(reader, shape, BOUNDS.ms)
    expect({ shape: shape.name, fault: faultOf(measured, BOUNDS) }).toEqual({ shape: shape.name, fault: undefined })
  }
})

it('a reader that takes time by the square is found', async () => {
  const read = (text: string) => {
    let n = 0
    for (let i = 0; i < text.length; i++) for (let j = 0; j < text.length; j++) n += j & i
    return n
  }
  const bounds = { ms: Infinity, growth: 1.3 }
  const measured = await measureWell({ name: 'square', limit: 6000, read }, plain[0]!, bounds)
  expect(measured.growth).toBeGreaterThan(1.3)
  expect(faultOf(measured, bounds)).toContain('grows by the power')
})

it('a reader that throws is found', async () => {
  const read = () => {
    throw new RangeError('Maximum call stack size exceeded')
  }
  expect(faultOf(await measure({ name: 'throws', limit: 1024, read }, plain[0]!, Infinity), BOUNDS)).toContain('threw')
})
