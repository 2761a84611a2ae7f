import { skillTagOf } from '../../src/domain/languages.ts'
import { round2, sat } from './curves.ts'
import { CAPABILITIES, DOMAINS, type Field } from './fields.ts'
import type { Measures, Own } from './measures.ts'
import { many, named } from './strands/strand.ts'

/** The half of the curve: six tenths of a repository that everybody uses give a score of a half. */
const HALF = 0.6
const MERGES_WHOLE = 10
const EXPERT = { score: 0.7, starsEff: 100, merges: 3 }
const PROFICIENT = 0.4
/** The same half as in the strand of quality. */
const REVIEWS_HALF = 60
const RELEASES_WHOLE = 10
/** The largest number of each kind, the strongest first. */
const MOST = 12

export interface Skill {
  /** In lower case, as a tag. */
  name: string
  /** 0–1, two decimals. */
  score: number
  summary: string
}

export interface LanguageSkill extends Skill {
  tier: 'expert' | 'proficient' | 'familiar'
}

export interface Skills {
  languages: LanguageSkill[]
  domains: Skill[]
  capabilities: Skill[]
}

/** A repository that shows a skill, with its strength, and why it may make an expert. */
interface Trace {
  skill: string
  mass: number
  source: string
  starsEff: number
  merges: number
}

/**
 * The person's skills, as far as others use or merged the work; the strongest first. Only their breadth enters a
 * dimension.
 */
export function skillsOf(m: Measures): Skills {
  const languages = languageTraces(m)
  return {
    languages: weighed(languages).map((skill) => ({
      ...skill,
      tier: tierOf(
        skill.score,
        languages.filter((trace) => trace.skill === skill.name),
      ),
    })),
    domains: weighed(fieldTraces(m, DOMAINS)),
    capabilities: weighed([...fieldTraces(m, CAPABILITIES), ...actTraces(m)]),
  }
}

function languageTraces({ own, merged }: Measures): Trace[] {
  const inOwn = own.flatMap((one) => {
    const all = one.repository.languages.reduce((sum, { bytes }) => sum + bytes, 0)
    return one.repository.languages.map(({ name, bytes }) => ownTrace(skillTagOf(name), one, all > 0 ? bytes / all : 0))
  })
  const inOthers = merged.map(({ name, primaryLanguage, mass, count }) => ({
    skill: primaryLanguage === null ? null : skillTagOf(primaryLanguage),
    mass: mass / MERGES_WHOLE,
    source: `${name} (${count} merged)`,
    starsEff: 0,
    merges: count,
  }))
  return [...inOwn, ...inOthers].filter((trace): trace is Trace => trace.skill !== null)
}

function ownTrace<T extends string | null>(skill: T, { repository, adoption, starsEff }: Own, share: number) {
  const source = `${repository.nameWithOwner} (${many(repository.stars, 'star')})`
  return { skill, mass: adoption * share, source, starsEff, merges: 0 }
}

function fieldTraces({ own }: Measures, fields: readonly Field[]): Trace[] {
  return own.flatMap((one) => {
    const { topics, evidence } = one.repository
    const marks = new Set(
      [...topics, ...(evidence?.dependencies ?? []), ...(evidence?.files ?? [])].map((mark) => mark.toLowerCase()),
    )
    return fields
      .filter((field) => field.marks.some((mark) => marks.has(mark)))
      .map((field) => ownTrace(field.name, one, 1))
  })
}

/** Skills of activity, independent of the subject: continuous integration, releases, reviews. */
function actTraces({ own, reviewed }: Measures): Trace[] {
  const ofOwn = own.flatMap((one) => {
    const { evidence } = one.repository
    if (evidence === undefined) return []
    return [
      ownTrace('continuous-integration', one, evidence.hasWorkflows ? 1 : 0),
      ownTrace('release-engineering', one, Math.min(1, evidence.releasesByThem / RELEASES_WHOLE)),
    ]
  })
  const ofReviews = reviewed.map(({ name, count, mass }) => ({
    skill: 'code-review',
    mass: (HALF * mass) / REVIEWS_HALF,
    source: `${name} (${many(count, 'review')})`,
    starsEff: 0,
    merges: 0,
  }))
  return [...ofOwn, ...ofReviews]
}

function weighed(traces: readonly Trace[]): Skill[] {
  return [...Map.groupBy(traces, ({ skill }) => skill)]
    .map(([name, all]) => {
      const strongest = all.filter(({ mass }) => mass > 0).toSorted((a, b) => b.mass - a.mass)
      const mass = strongest.reduce((sum, trace) => sum + trace.mass, 0)
      return {
        name,
        score: round2(sat(mass, HALF)),
        summary: `${name}: ${named(strongest.map(({ source }) => source))}`,
      }
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
}

function tierOf(score: number, traces: readonly Trace[]): LanguageSkill['tier'] {
  const isBorneOut =
    traces.some(({ starsEff }) => starsEff >= EXPERT.starsEff) ||
    traces.reduce((sum, { merges }) => sum + merges, 0) >= EXPERT.merges
  if (score >= EXPERT.score && isBorneOut) return 'expert'
  return score >= PROFICIENT ? 'proficient' : 'familiar'
}

/** Distinct languages and domains that others use or merged: the main language of each repository, and its fields. */
export function fieldsOf(m: Measures): string[] {
  const main = [
    ...m.own.filter(({ adoption }) => adoption > 0).map(({ repository }) => repository.primaryLanguage),
    ...m.merged.map(({ primaryLanguage }) => primaryLanguage),
  ].flatMap((name) => (name === null ? [] : (skillTagOf(name) ?? [])))
  const domains = fieldTraces(m, DOMAINS).filter(({ mass }) => mass > 0)
  return [...new Set([...main, ...domains.map(({ skill }) => skill)])]
}
