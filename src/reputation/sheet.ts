import { DIMENSIONS, type Dimension } from '../domain/stamp.ts'

/** One piece of a rig's own work, whatever its state. */
export interface SheetWork {
  completion: string
  title: string
  /** True once a stamp is linked to it; a co-author's work has only the link from the stamp. */
  linked: boolean
  /** True when its item was completed, by a stamp or by its poster. */
  completed: boolean
  /** Whole seconds UTC. */
  at: string
}

/** A stamp that a rig received. */
export interface SheetStamp {
  id: string
  author: string
  completion: string | null
  valence: Readonly<Record<string, unknown>>
  skills: readonly string[]
}

/** Totals of a rig's work and stamps in the ledger. */
export interface Sheet {
  validated: number
  /** Completed by the poster without a stamp: no reputation. */
  unvalidated: number
  inReview: number
  stamps: number
  /** Stamps between rigs of one owner, not counted above. */
  flagged: number
  validators: number
  /** For each dimension the mean of the scores and their number; a dimension that nobody gave is missing. */
  averages: Partial<Record<Dimension, { mean: number; count: number }>>
  /** The most frequent first, with the number of stamps that name each. */
  skills: readonly { name: string; count: number }[]
  last: { title: string; at: string } | undefined
}

const TOP_SKILLS = 5

/**
 * Sums up a rig's work and the stamps on it, oldest stamp first. `given` holds the dimensions that an author gave; a
 * stamp without an entry (one of `wl` or `gt`) gave all of its valence.
 *
 * A flagged stamp is an owner's word on their own work: it is counted apart, and enters no count of stamps, validators
 * or skills and no average, which tell what others think. The ledger keeps it as given, so the work it is on stays
 * validated, as the peers' readers show it.
 */
export function sheetOf(
  work: readonly SheetWork[],
  stamps: readonly SheetStamp[],
  given: ReadonlyMap<string, readonly string[]>,
  flagged: ReadonlySet<string>,
): Sheet {
  const latest = latestOfEach(stamps)
  const counting = latest.filter(({ id }) => !flagged.has(id))
  const stamped = new Set(stamps.map(({ completion }) => completion))
  const waiting = work.filter(({ completion, linked }) => !linked && !stamped.has(completion))
  return {
    validated: work.length - waiting.length,
    unvalidated: waiting.filter(({ completed }) => completed).length,
    inReview: waiting.filter(({ completed }) => !completed).length,
    stamps: counting.length,
    flagged: latest.length - counting.length,
    validators: new Set(counting.map(({ author }) => author.toLowerCase())).size,
    averages: Object.fromEntries(
      DIMENSIONS.flatMap((dimension) => {
        const mean = meanOf(counting, dimension, given)
        return mean === undefined ? [] : [[dimension, mean]]
      }),
    ),
    skills: topSkills(counting),
    last: work.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1),
  }
}

/** A correction is a second stamp of the same author on the same work: the latest word counts. */
function latestOfEach(stamps: readonly SheetStamp[]): SheetStamp[] {
  const latest = new Map(
    stamps.map((stamp) => [`${stamp.author.toLowerCase()} ${stamp.completion ?? stamp.id}`, stamp]),
  )
  return [...latest.values()]
}

function meanOf(stamps: readonly SheetStamp[], dimension: Dimension, given: ReadonlyMap<string, readonly string[]>) {
  const scores = stamps.flatMap(({ id, valence }) => {
    const score = valence[dimension]
    return typeof score === 'number' && (given.get(id)?.includes(dimension) ?? true) ? [score] : []
  })
  if (scores.length === 0) return undefined
  return { mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, count: scores.length }
}

function topSkills(stamps: readonly SheetStamp[]): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { skills } of stamps)
    for (const name of new Set(skills.map((skill) => skill.toLowerCase())))
      counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name))
    .slice(0, TOP_SKILLS)
}

/** A trust level in words. */
export function trustWord(level: number): string {
  if (level < 0) return 'suspended'
  return ['unranked', 'registered', 'contributor', 'maintainer'][Math.min(level, 3)]!
}
