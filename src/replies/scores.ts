import { DEFAULT_CONFIDENCE, DEFAULT_SEVERITY, type Dimension, DIMENSIONS, fullValence } from '../domain/stamp.ts'
import { quote } from './markdown.ts'

/** The values of a stamp, as a reply shows them. */
export interface ShownScores {
  /** All scores, also those that were filled in. The stamp of a peer may have any value here. */
  valence: Record<string, unknown>
  /** The names of the values that its author gave; undefined for the stamp of a peer, in which nothing is filled in. */
  given?: readonly string[] | undefined
  /** From 0 to 1. */
  confidence?: number | undefined
  severity?: string | undefined
  message?: string | null | undefined
}

/** Every value of a stamp as text, with a note on those that were filled in. */
export function scoresText({ valence, given, confidence, severity, message }: ShownScores): string {
  const isFilled = (name: string) => given !== undefined && !given.includes(name)
  const scores = DIMENSIONS.flatMap((name) => {
    if (typeof valence[name] !== 'number') return name === 'creativity' && given !== undefined ? ['no creativity'] : []
    return [`${name} ${valence[name]}${isFilled(name) ? ` (as ${OTHER[name]})` : ''}`]
  })
  // In a stamp from before `given` was stored, a value may have been given; one that equals the default is called so.
  const usual = (name: string, value: number | string, standard: number | string) =>
    `${name} ${value}${isFilled(name) && value === standard ? ' (default)' : ''}`
  const beside = [
    ...(confidence === undefined ? [] : [usual('confidence', threeDigits(confidence), DEFAULT_CONFIDENCE)]),
    ...(severity === undefined ? [] : [usual('severity', severity, DEFAULT_SEVERITY)]),
  ]
  const said = message == null || message === '' ? [] : [`message ${quote(message, 500)}`]
  return [scores.join(', '), beside.join(', '), ...said].filter((part) => part !== '').join('; ')
}

/** Rounds to three digits, because a column of single precision has 0.7 as 0.69999999. */
function threeDigits(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** The score from which a missing one is filled in; creativity is never filled in. */
const OTHER: Readonly<Record<Dimension, string>> = {
  quality: 'reliability',
  reliability: 'quality',
  creativity: 'nothing',
}

/** The values that a stamp would record, from those that somebody gives. */
export function scoresOfGiven(given: Readonly<Record<string, unknown>>): ShownScores {
  const { quality, reliability, creativity, confidence, severity, message } = given as Partial<
    Record<Dimension | 'confidence', number> & Record<'severity' | 'message', string>
  >
  return {
    valence: { ...fullValence({ quality, reliability, creativity }) },
    given: Object.keys(given).filter((name) => given[name] !== undefined),
    confidence: confidence ?? DEFAULT_CONFIDENCE,
    severity: severity ?? DEFAULT_SEVERITY,
    message,
  }
}
