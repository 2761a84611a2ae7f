import type { Measures, Own } from './measures.ts'
import type { ContributionYear, Profile } from './profile.ts'
import { many } from './strands/strand.ts'

/** From `least` stars on, a smaller share borne out by forks and watchers is odd. */
const STARS = { least: 500, share: 0.1 }
/** Some 27 a day, each day of a year. */
const COMMITS = 10_000

/** Oddities for a person to check, a sentence each, the most stars first. */
export function flagsOf({ own, profile }: Measures): string[] {
  return [
    ...own
      .filter(isBought)
      .toSorted((a, b) => b.repository.stars - a.repository.stars)
      .map((one) => bought(profile, one)),
    ...profile.years.filter(({ commits }) => commits >= COMMITS).map((year) => committed(profile, year)),
  ]
}

function isBought({ repository: { stars, isMirror, isTemplate }, starsEff }: Own): boolean {
  return !isMirror && !isTemplate && stars >= STARS.least && starsEff < STARS.share * stars
}

function bought({ pages }: Profile, { repository: { nameWithOwner, stars, forks, watchers } }: Own): string {
  return (
    `${nameWithOwner} has ${many(stars, 'star')}, but ${many(forks, 'fork')} and ${many(watchers, 'watcher')}: ` +
    `${pages}/${nameWithOwner}/stargazers`
  )
}

function committed({ pages, login }: Profile, { commits, from, to }: ContributionYear): string {
  const [first, last] = [from.slice(0, 10), to.slice(0, 10)]
  return `${many(commits, 'commit')} between ${first} and ${last}: ${pages}/${login}?tab=overview&from=${first}&to=${last}`
}
