import type { Dimension } from '../../src/domain/stamp.ts'
import { confidence, ENOUGH } from './confidence.ts'
import { flagsOf } from './flags.ts'
import { measure, type Measures } from './measures.ts'
import type { Profile } from './profile.ts'
import { fieldsOf, skillsOf, type Skills } from './skills.ts'
import { creativity } from './strands/creativity.ts'
import { quality } from './strands/quality.ts'
import { presence, reliability } from './strands/reliability.ts'
import { together, type Strand } from './strands/strand.ts'

export interface Scored {
  /** Each 0–1, unrounded, whether or not there is enough evidence to show it. */
  dimensions: Record<Dimension, number>
  strands: Record<Dimension, Strand[]>
  /** 0–.9, two decimals. */
  confidence: number
  /** False: a page says "not enough public evidence" instead of numbers. */
  isEnough: boolean
  skills: Skills
  /** Oddities for a person to check: they change no number, or anyone could sink a rival by buying him stars. */
  flags: string[]
  measures: Measures
}

/** A bot has no sheet: its work belongs to the person who runs it. */
export interface Refused {
  refused: 'bot'
}

/**
 * Scores a profile by the strands of `strands/`. Commits, followers, pull requests to one's own repositories and stars
 * that nothing bears out weigh nothing. Pure; the same within a month of `now`.
 */
export function score(profile: Profile, now: Date): Scored | Refused {
  if (isBot(profile.login)) return { refused: 'bot' }
  const m = measure(profile, now)
  const strands = { quality: quality(m), reliability: reliability(m), creativity: creativity(m, fieldsOf(m)) }
  const sure = confidence(m)
  return {
    dimensions: {
      quality: together(strands.quality),
      reliability: together(strands.reliability, presence(m)),
      creativity: together(strands.creativity),
    },
    strands,
    confidence: sure,
    isEnough: sure >= ENOUGH,
    skills: skillsOf(m),
    flags: flagsOf(m),
    measures: m,
  }
}

/** A login with brackets is an App's: GitHub gives `[bot]` to Apps alone. */
function isBot(login: string): boolean {
  return login.toLowerCase().endsWith('[bot]')
}
