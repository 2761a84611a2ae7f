import { count } from '../../../src/domain/text.ts'
import { noisyOr } from '../curves.ts'
import type { Others } from '../measures.ts'
import type { Profile } from '../profile.ts'

/** One component of a dimension. */
export interface Strand {
  strand: string
  /** Its own contribution, 0 to its cap. */
  share: number
  /** A sentence that a person can check against GitHub. */
  summary: string
}

/** Makes a strand; a strand of zero drops out, and takes nothing away. */
export function strand(name: string, cap: number, strength: number, summary: string): Strand[] {
  return strength > 0 ? [{ strand: name, share: cap * strength, summary }] : []
}

/** Combines strands: any can lead high, and none alone decides. */
export function together(strands: readonly Strand[], multiplier = 1): number {
  return multiplier * noisyOr(strands.map(({ share }) => share))
}

/** `golang/go (6), a/b (2) and 4 more`. */
export function listed(repositories: readonly Others[]): string {
  return named(repositories.map((one) => `${one.name} (${one.count})`))
}

/** The first three names, and the number of the rest. */
export function named(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

const GROUPED = new Intl.NumberFormat('en')

const SEARCHES = {
  merged: (login: string) => `is:pr is:merged is:public author:${login} -user:${login}`,
  ended: (login: string) => `is:pr is:closed is:public author:${login} -user:${login}`,
  reviewed: (login: string) => `is:pr is:public reviewed-by:${login} -author:${login} -user:${login}`,
}

/** The address of GitHub's search for their pull requests to others, or for those of others that they reviewed. */
export function pullsUrl({ pages, login }: Profile, which: keyof typeof SEARCHES): string {
  return `${pages}/search?type=pullrequests&q=${encodeURIComponent(SEARCHES[which](login))}`
}

/** A count with its noun: `1,900 stars`; with an irregular plural, `2 repositories`. */
export function many(n: number, noun: string, plural?: string): string {
  return count(n, noun, plural).replace(String(n), grouped(n))
}

/** Digits in groups: `1,900`. */
export function grouped(n: number): string {
  return GROUPED.format(n)
}

/** The strongest repository alone: another one beside it, however poor, takes nothing away. */
export function most<T extends { strength: number }>(all: readonly T[]): T | undefined {
  return all.reduce<T | undefined>((best, one) => (one.strength > (best?.strength ?? 0) ? one : best), undefined)
}
