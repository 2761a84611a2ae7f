import type { Measures } from './measures.ts'
import type { SheetJson } from './sheet-json.ts'

type Project = SheetJson['notable_projects'][number]

const OWN = 6
const OF_OTHERS = 4
/**
 * The least number of merges: a typo fixed in a famous repository makes nobody a notable contributor, and the profile
 * reader adds up the stars it finds here.
 */
const MERGES = 3
const LANGUAGES = 5
const TIERS = [
  [10_000, 'landmark'],
  [1_000, 'major'],
  [100, 'notable'],
] as const

/** Own repositories that others use, then repositories of others that merged the person's work several times. */
export function notableProjects({ own, merged }: Measures): Project[] {
  return [
    ...own
      .filter(({ adoption }) => adoption > 0)
      .slice(0, OWN)
      .map(({ repository: { nameWithOwner, stars, languages }, starsEff }) => ({
        name: nameWithOwner,
        stars,
        languages: languages
          .toSorted((a, b) => b.bytes - a.bytes)
          .slice(0, LANGUAGES)
          .map(({ name }) => name),
        role: 'owner',
        impact_tier: tierOf(starsEff),
      })),
    ...merged
      .filter(({ count }) => count >= MERGES)
      .slice(0, OF_OTHERS)
      .map(({ name, stars, primaryLanguage }) => ({
        name,
        stars,
        languages: primaryLanguage === null ? [] : [primaryLanguage],
        role: 'contributor',
        impact_tier: tierOf(stars),
      })),
  ]
}

/** The tier by effective stars: for an own repository those that are borne out. */
function tierOf(stars: number): string {
  return TIERS.find(([least]) => stars >= least)?.[1] ?? 'small'
}
