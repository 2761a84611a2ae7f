import fc from 'fast-check'
import type { Doing } from './plans.ts'

/** How what an act tells the bridge gets there. `lost`, dropped without a trace, only a reconcile finds. */
export const FATES = ['once', 'twice', 'again', 'late', 'swapped', 'failed', 'lost'] as const
export type Fate = (typeof FATES)[number]

/**
 * One thing that somebody does on GitHub, as plain data that shrinks. `pull` and `item` say which of the history's;
 * `way` is the variant. What GitHub would not let them do at that point is left out when it is played.
 */
export interface Act {
  does: Doing
  pull: number
  item: number
  way: number
  fate: Fate
}

export type History = Act[]

type Weights = Partial<Record<Doing, number>>

/** A history of one pull request, whose deliveries may go any way. */
export function loneHistory(fates: readonly Fate[], maxLength = 8): fc.Arbitrary<History> {
  const acts = actsOf(
    {
      label: 5,
      unlabel: 2,
      relabel: 2,
      line: 2,
      push: 3,
      forcePush: 1,
      toDraft: 2,
      ready: 3,
      merge: 4,
      close: 2,
      reopen: 3,
      deleteBranch: 1,
      stamp: 5,
      reject: 4,
      undo: 4,
      meddle: 1,
      revert: 3,
    },
    fates,
    [0],
  )
  return historyOf(acts, fates, maxLength)
}

/** A history of several pull requests, of two people, that want the same items. */
export function rivalHistory(fates: readonly Fate[], maxLength = 9): fc.Arbitrary<History> {
  const acts = actsOf(
    {
      open: 4,
      label: 6,
      unlabel: 2,
      relabel: 1,
      line: 2,
      push: 2,
      toDraft: 1,
      ready: 1,
      merge: 3,
      close: 3,
      reopen: 2,
      deleteBranch: 1,
      stamp: 4,
      reject: 3,
      undo: 3,
      meddle: 1,
      claim: 1,
      unclaim: 2,
      revert: 2,
    },
    fates,
    [0, 0, 1, 1, 2],
  )
  return historyOf(acts, fates, maxLength)
}

/** How histories begin: most just open a pull request, some come further, to where chance alone leads too seldom. */
const BEGINNINGS: readonly { weight: number; does: readonly Doing[] }[] = [
  { weight: 7, does: ['open'] },
  { weight: 1, does: ['open', 'stamp'] },
  { weight: 1, does: ['open', 'reject', 'push'] },
  { weight: 1, does: ['open', 'stamp', 'close'] },
  { weight: 1, does: ['open', 'merge', 'revert'] },
  { weight: 1, does: ['open', 'merge', 'revert', 'revert'] },
]

function historyOf(acts: fc.Arbitrary<Act>, fates: readonly Fate[], maxLength: number): fc.Arbitrary<History> {
  const beginnings = BEGINNINGS.map(({ weight, does }) => ({ weight, arbitrary: beginningOf(does, fates) }))
  const more = fc.array(acts, { minLength: 3, maxLength, size: 'max' })
  return fc.tuple(fc.oneof(...beginnings), more).map(([begun, rest]) => [...begun, ...rest])
}

function beginningOf(does: readonly Doing[], fates: readonly Fate[]): fc.Arbitrary<History> {
  const acts = fc.tuple(...does.map((one) => actsOf({ [one]: 1 }, fates, [0])))
  // What comes further must name the item at its opening, and be ready.
  return does.length === 1
    ? acts
    : acts.map(([open, ...rest]) => [{ ...open!, way: 0, item: 0 }, ...rest.map((act) => ({ ...act, item: 0 }))])
}

function actsOf(weights: Weights, fates: readonly Fate[], pulls: readonly number[]): fc.Arbitrary<Act> {
  const doings = Object.entries(weights).map(([does, weight]) => ({ weight, arbitrary: fc.constant(does) }))
  return fc.record({
    does: fc.oneof(...doings) as fc.Arbitrary<Act['does']>,
    pull: fc.constantFrom(...pulls),
    item: fc.constantFrom(0, 0, 0, 1),
    way: fc.nat(5),
    fate: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Fate>('once') },
      { weight: 4, arbitrary: fc.constantFrom(...fates) },
    ),
  })
}
