import type { Profile } from '../../../importers/github/profile.ts'
import { score } from '../../../importers/github/score.ts'
import made from './profiles.json' with { type: 'json' }
import { CHARACTERS, NOW, type Character } from './profiles.ts'

/** What counting alone goes by. */
interface Totals {
  commits: number
  prs: number
  issues: number
  reviews: number
  stars: number
  followers: number
}

/** One contributor by each way. Ours between 0 and 1; a percentile is of the top, so less is better. */
export interface Compared {
  name: Character
  ours: { quality: number; reliability: number; creativity: number; confidence: number; isEnough: boolean } | 'a bot'
  readmeStats: { level: string; percentile: number }
  volume: number
}

/** `npm run compare` prints it. Bots last, else by the sum of ours. */
export function comparison(): Compared[] {
  const names = Object.keys(CHARACTERS) as Character[]
  return names
    .map((name) => {
      const totals = totalsOf(name)
      return { name, ours: oursOf(CHARACTERS[name]), readmeStats: readmeStatsRank(totals), volume: volumeOf(totals) }
    })
    .toSorted((a, b) => sumOf(b) - sumOf(a))
}

function oursOf(profile: Profile): Compared['ours'] {
  const scored = score(profile, NOW)
  if ('refused' in scored) return 'a bot'
  return { ...scored.dimensions, confidence: scored.confidence, isEnough: scored.isEnough }
}

function sumOf({ ours }: Compared): number {
  return ours === 'a bot' ? -1 : ours.quality + ours.reliability + ours.creativity + ours.confidence / 1000
}

function totalsOf(name: Character): Totals {
  const { commits, prs, issues, reviews, starsTotal, followers } = made.profiles[name]
  return { commits, prs, issues, reviews, stars: starsTotal, followers }
}

/** How much of everything but what others gave. */
function volumeOf({ commits, prs, issues, reviews }: Totals): number {
  return commits + prs + issues + reviews
}

const exponential = (x: number) => 1 - 2 ** -x
const logNormal = (x: number) => x / (1 + x)
const RANK = [
  { key: 'commits', weight: 2, median: 1000, curve: exponential },
  { key: 'prs', weight: 3, median: 50, curve: exponential },
  { key: 'issues', weight: 1, median: 25, curve: exponential },
  { key: 'reviews', weight: 1, median: 2, curve: exponential },
  { key: 'stars', weight: 4, median: 50, curve: logNormal },
  { key: 'followers', weight: 1, median: 10, curve: logNormal },
] as const
const LEVELS = [
  [1, 'S'],
  [12.5, 'A+'],
  [25, 'A'],
  [37.5, 'A-'],
  [50, 'B+'],
  [62.5, 'B'],
  [75, 'B-'],
  [87.5, 'C+'],
  [100, 'C'],
] as const

/** The rank of the cards in profiles, with all commits: anuraghazra/github-readme-stats, src/calculateRank.js. */
export function readmeStatsRank(totals: Totals): { level: string; percentile: number } {
  const reached = RANK.reduce((sum, { key, weight, median, curve }) => sum + weight * curve(totals[key] / median), 0)
  const percentile = 100 * (1 - reached / RANK.reduce((sum, { weight }) => sum + weight, 0))
  return { level: LEVELS.find(([most]) => percentile <= most)![1], percentile }
}

function lineOf({ name, ours, readmeStats, volume }: Compared): Record<string, string | number> {
  const numbers =
    ours === 'a bot'
      ? { quality: 'bot', reliability: 'bot', creativity: 'bot', confidence: '' }
      : {
          quality: ours.quality.toFixed(2),
          reliability: ours.reliability.toFixed(2),
          creativity: ours.creativity.toFixed(2),
          confidence: `${ours.confidence.toFixed(2)}${ours.isEnough ? '' : ' (not enough)'}`,
        }
  return {
    contributor: name,
    ...numbers,
    'readme-stats': `${readmeStats.level} (${readmeStats.percentile.toFixed(1)} %)`,
    volume,
  }
}

if (import.meta.main) console.table(comparison().map(lineOf))
