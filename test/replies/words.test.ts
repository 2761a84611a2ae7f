import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { flaggedNote } from '../../src/replies/flags.ts'

const FOLDER = new URL('../../src/replies/', import.meta.url)

/** The sentences as they stand in the source, without the seams of those that go over several lines. */
const texts = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), 'utf8').replaceAll(/['"`]\s*\+\s*['"`]/g, '') }))

describe('what a reader of the replies stumbled over is not said', () => {
  it.each([
    'when that one lets go',
    'what mends it',
    'this head is not.',
    'what is open below',
    'Whose profile this is',
    'nobody’s word',
    'with which it was asked for',
    'Who works on it relies',
    'Who stamped it and judges otherwise',
    'leave stamping to some',
    'such work takes no stamp',
    'Its human decides that',
    'a person’s word',
    'between rigs of one owner, in no score',
    'the one before stays',
    'That can be done once',
    'may take back, or leave open',
    'asks rather than says',
    'Your wish is taken back',
    'let go',
    'lets go',
    'let it go',
    'lets it go',
    'let one go',
  ])('"%s"', (words) => {
    const plain = (text: string) => text.replaceAll(/\\?[’']/g, "'").toLowerCase()
    expect(texts.filter(({ text }) => plain(text).includes(plain(words))).map(({ name }) => name)).toEqual([])
  })
})

it.each([
  [1, 'flagged: both rigs have the same owner, so it counts in no score here'],
  [2, 'flagged: both rigs have the same owner, so they count in no score here'],
])('the note on %d flagged', (count, says) => {
  expect(flaggedNote(count)).toBe(says)
})
