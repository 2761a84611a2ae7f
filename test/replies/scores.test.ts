import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DIMENSIONS } from '../../src/domain/stamp.ts'
import { scoresOfGiven, scoresText, type ShownScores } from '../../src/replies/scores.ts'

const ours = { valence: { quality: 4, reliability: 4 }, confidence: 0.7, severity: 'leaf' }

test.each<[string, ShownScores, string]>([
  [
    'quality alone',
    { ...ours, given: ['quality'] },
    'quality 4, reliability 4 (as quality), no creativity; confidence 0.7 (default), severity leaf (default)',
  ],
  [
    'reliability alone',
    { ...ours, given: ['reliability'] },
    'quality 4 (as reliability), reliability 4, no creativity; confidence 0.7 (default), severity leaf (default)',
  ],
  [
    'all of it, the defaults among it',
    {
      ...ours,
      valence: { ...ours.valence, creativity: 2 },
      given: [...DIMENSIONS, 'confidence', 'severity'],
      message: 'Well `done`',
    },
    'quality 4, reliability 4, creativity 2; confidence 0.7, severity leaf; message `` Well `done` ``',
  ],
  [
    'what a column of single precision holds',
    { ...ours, given: ['quality'], confidence: Math.fround(0.95), severity: 'root' },
    'quality 4, reliability 4 (as quality), no creativity; confidence 0.95, severity root',
  ],
  ['a peer’s, of which nobody says what was left out', { valence: ours.valence }, 'quality 4, reliability 4'],
])('says each value of a stamp and what was filled in: %s', (_name, shown, text) => {
  expect(scoresText(shown)).toBe(text)
})

test('a value that was given is shown as it is, and one that was not is called filled in', () => {
  const score = fc.integer({ min: 1, max: 5 })
  const given = fc.record(
    {
      quality: score,
      reliability: score,
      creativity: score,
      confidence: fc.constantFrom(0, 0.3, 0.7, 1),
      severity: fc.constantFrom('leaf', 'root'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(given, (values) => {
      fc.pre(values.quality !== undefined || values.reliability !== undefined)
      const parts = scoresText(scoresOfGiven(values)).split(/[,;] /)
      for (const [name, value] of Object.entries(values)) expect(parts).toContain(`${name} ${value}`)
      const filled = parts.filter((part) => part.endsWith(')') || part === 'no creativity')
      expect(filled).toHaveLength(5 - Object.keys(values).length)
    }),
  )
})
