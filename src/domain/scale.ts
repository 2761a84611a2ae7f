import { DEFAULT_CONFIDENCE, DEFAULT_SEVERITY, SEVERITIES, type Severity } from './stamp.ts'

/** A scale of a stamp, with the meaning of its values: one source for help, README and the text beside a stamp. */
export interface Measure {
  name: 'quality' | 'reliability' | 'creativity' | 'confidence' | 'severity'
  /** The question that it answers, in one sentence. */
  tells: string
  /** Each value, the lowest first, with its meaning. */
  values: readonly (readonly [value: string, means: string])[]
  /** The value that is recorded where none is given. */
  leftOut: string
}

const SEVERITY: Readonly<Record<Severity, string>> = {
  leaf: 'one part; a fault in it would be seen there',
  branch: 'several parts, or something that users notice',
  root: 'the whole project relies on it',
}

export const SCALE: readonly Measure[] = [
  {
    name: 'quality',
    tells: 'How good the work is, as it was merged or handed in.',
    values: [
      ['1', 'has to be made anew'],
      ['2', 'works after others reworked it'],
      ['3', 'does what was asked, after a usual review'],
      ['4', 'better than asked: tests, clean, little to remark'],
      ['5', 'outstanding: others will copy it'],
    ],
    leftOut: 'the number given for reliability',
  },
  {
    name: 'reliability',
    tells: 'How far one could count on the person while the work was done.',
    values: [
      ['1', 'left it unfinished, or did not answer'],
      ['2', 'had to be asked again and again'],
      ['3', 'answered and finished, with some delay'],
      ['4', 'kept their word and answered soon'],
      ['5', 'needed nobody to look after it, and nothing broke'],
    ],
    leftOut: 'the number given for quality',
  },
  {
    name: 'creativity',
    tells: 'How much of the solution was the person’s own idea.',
    values: [
      ['1', 'a copy of what was there'],
      ['2', 'small choices of their own'],
      ['3', 'a sound solution that others would have found'],
      ['4', 'a better way than was asked for'],
      ['5', 'a new idea that changes how it is done'],
    ],
    leftOut: 'nothing: no number is recorded',
  },
  {
    name: 'confidence',
    tells: 'How sure you are of your own judgement, a number from 0 to 1.',
    values: [
      ['0.3', 'you skimmed it'],
      ['0.7', 'you read it'],
      ['0.9', 'you ran it, or know it well'],
    ],
    leftOut: `${DEFAULT_CONFIDENCE}`,
  },
  {
    name: 'severity',
    tells: 'How much depends on the work.',
    values: SEVERITIES.map((name) => [name, SEVERITY[name]] as const),
    leftOut: DEFAULT_SEVERITY,
  },
]

/** The sentence about the values that a stamp records where its author gave none. */
export const FILLED_IN =
  'Left out, reliability is the same number as quality (or quality as reliability), ' +
  `confidence is ${DEFAULT_CONFIDENCE} and severity is ${DEFAULT_SEVERITY}; creativity stays empty, ` +
  'and skills are the languages of the changes, then the item’s tags. The status comment shows each value and what was filled in.'
