import { isOfPart, timeOf } from './activity.ts'
import type { Person } from './people.ts'
import { unit } from './random.ts'
import { externalRepository, ownRepository, type Repo } from './repositories.ts'

export type PullState = 'MERGED' | 'CLOSED' | 'OPEN'

/** A made-up pull request of a person, to a repository of theirs or of others. */
export interface Pull {
  person: Person
  isOwn: boolean
  /** Its index among all to others, or all to their own, the newest 0. */
  index: number
  state: PullState
  at: number
  /** The index in `character.ext`, or among their own repositories. */
  which: number
}

/** Lists of pull requests to their own repositories end here; counts do not. */
const MOST_LISTED = 5000

type Counts = Record<PullState, number>

/** The number of pull requests in each state, to others and to their own repositories. */
export function pullCounts({ character }: Person): { external: Counts; own: Counts } {
  const sum = (key: 'merged' | 'closed') => character.ext.reduce((total, each) => total + each[key], 0)
  const external = { MERGED: sum('merged'), CLOSED: sum('closed'), OPEN: 0 }
  const own = Math.max(0, character.prs - external.MERGED - external.CLOSED)
  const [CLOSED, OPEN] = [Math.floor(own / 20), Math.floor(own / 50)]
  return { external, own: { MERGED: own - CLOSED - OPEN, CLOSED, OPEN } }
}

/** Pull requests to repositories of others, the newest first: one to each in turn. */
export function externalPulls(person: Person): Pull[] {
  const { ext } = person.character
  const most = Math.max(0, ...ext.map(({ merged, closed }) => merged + closed))
  const turns = Array.from({ length: most }, (_, turn) =>
    ext.flatMap(({ merged, closed }, which) => {
      if (turn >= merged + closed) return []
      return { which, state: isOfPart(turn, merged + closed, closed) ? ('CLOSED' as const) : ('MERGED' as const) }
    }),
  ).flat()
  return turns.map((turn, index) => ({ ...turn, person, index, isOwn: false, at: timeOf(person, turns.length, index) }))
}

function ownPull(person: Person, index: number): Pull {
  const { own } = pullCounts(person)
  const total = own.MERGED + own.CLOSED + own.OPEN
  const state = index < own.OPEN ? 'OPEN' : isOfPart(index, total, own.CLOSED) ? 'CLOSED' : 'MERGED'
  const which = index % Math.max(1, person.character.repos.length)
  return { person, isOwn: true, index, state, at: timeOf(person, total, index), which }
}

/** The newest first. */
export function pullsOf(person: Person, states: readonly PullState[]): Pull[] {
  const { own } = pullCounts(person)
  const listed = Math.min(MOST_LISTED, own.MERGED + own.CLOSED + own.OPEN)
  return [...externalPulls(person), ...Array.from({ length: listed }, (_, index) => ownPull(person, index))]
    .filter(({ state }) => states.includes(state))
    .toSorted((a, b) => b.at - a.at)
}

export function pullAt(person: Person, isOwn: boolean, index: number): Pull | undefined {
  if (!isOwn) return externalPulls(person)[index]
  const { own } = pullCounts(person)
  return index < own.MERGED + own.CLOSED + own.OPEN ? ownPull(person, index) : undefined
}

export function repositoryOf({ person, isOwn, which }: Pull): Repo {
  return isOwn ? ownRepository(person, which) : externalRepository(person, which)
}

/** The outcome of a pull request. */
export function detailsOf({ person, isOwn, index, state, at }: Pull) {
  const chance = (seed: number) => unit(person.id, isOwn ? 1 : 0, index, seed)
  const others = Math.max(1, person.character.counterparties)
  const other = `colleague-${person.id}-${Math.floor(chance(1) * others)}`
  const endedAt = Math.min(person.today, at + Math.ceil(chance(2) * 20) * 86_400_000)
  return {
    number: 1 + Math.floor(chance(3) * 9000),
    endedAt: state === 'OPEN' ? null : endedAt,
    /** One in thirty is merged by a bot. */
    mergedBy: isOwn ? person.login : chance(4) < 1 / 30 ? 'merge-queue[bot]' : other,
    reviewer: isOwn ? null : other,
    additions: 1 + Math.floor(chance(5) ** 3 * 2000),
    deletions: Math.floor(chance(6) ** 3 * 900),
    changedFiles: 1 + Math.floor(chance(7) * 12),
    /** Pushed after the first review. */
    revisions: isOwn ? 0 : Math.floor(chance(8) ** 2 * 5),
  }
}
