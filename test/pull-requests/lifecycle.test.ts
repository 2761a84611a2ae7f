import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Completion } from '../../src/domain/completion.ts'
import type { Rig } from '../../src/domain/rig.ts'
import { TRANSITIONS, type WantedStatus } from '../../src/domain/wanted.ts'
import { goalOf, nextStep } from '../../src/pull-requests/decide-item-step.ts'
import type { Goal, LedgerView, Rest, Step } from '../../src/pull-requests/item-state.ts'

const evidence = (digit: string, merge = '') =>
  `https://github.com/acme/app/pull/5 head=${digit.repeat(40)}${merge === '' ? '' : ` merge=${merge.repeat(40)}`} commits=1`
const NOW = evidence('a')

const rig: Rig = {
  handle: 'bob',
  displayName: 'Bob',
  hopUri: null,
  trustLevel: 1,
  rigType: 'human',
  parentRig: null,
  registeredAt: null,
}
const item = (status: WantedStatus, claimedBy: string | null = null) => ({
  id: 'w-0123456789',
  title: 'Fix it',
  status,
  postedBy: 'alice',
  claimedBy,
})
const completion = (text = NOW, stampId: string | null = null): Completion => ({
  id: 'c-0123456789abcdef',
  wantedId: 'w-0123456789',
  completedBy: 'bob',
  evidence: text,
  stampId,
  validatedBy: null,
  hopUri: null,
  completedAt: '2026-11-21 10:02:03',
})
const view = (given: Partial<LedgerView>): LedgerView => ({
  item: undefined,
  rig,
  mine: undefined,
  olderWaits: false,
  heldElsewhere: false,
  claimedApart: false,
  capped: false,
  ...given,
})

describe('what a pull request asks for', () => {
  const [open, closed] = [true, false]
  test.each<[string, Parameters<typeof goalOf>[0], boolean, Goal, spent?: boolean]>([
    ['a draft', { open, draft: true, merged: false }, true, 'claim'],
    ['ready for review', { open, draft: false, merged: false }, true, 'done'],
    ['merged', { open: closed, draft: false, merged: true }, true, 'done'],
    ['merged as a draft', { open: closed, draft: true, merged: true }, true, 'done'],
    ['closed unmerged', { open: closed, draft: false, merged: false }, true, 'none'],
    ['a closed draft', { open: closed, draft: true, merged: false }, true, 'none'],
    ['ready, but naming the item no longer', { open, draft: false, merged: false }, false, 'none'],
    ['merged, but naming the item no longer', { open: closed, draft: false, merged: true }, false, 'none'],
    ['merged with a rejected head', { open: closed, draft: false, merged: true }, true, 'spent', true],
    ['the same, but naming the item no longer', { open: closed, draft: false, merged: true }, false, 'none', true],
  ])('%s', (_name, pull, named, goal, spent) => {
    expect(goalOf(pull, named, spent)).toBe(goal)
  })
})

type Row = [name: string, state: Partial<LedgerView>, claim: Step | Rest, done: Step | Rest, none: Step | Rest]
const TABLE: Row[] = [
  ['no such item', {}, 'unknown', 'unknown', 'unknown'],
  ['withdrawn', { item: item('withdrawn') }, 'withdrawn-item', 'withdrawn-item', 'let-go'],
  ['completed by others', { item: item('completed', 'eve') }, 'completed-elsewhere', 'completed-elsewhere', 'let-go'],
  [
    'completed and mine stamped',
    { item: item('completed', 'bob'), mine: completion(NOW, 's-1') },
    'stamped',
    'stamped',
    'stamped',
  ],
  ['closed without a stamp', { item: item('completed', 'bob'), mine: completion() }, 'closed', 'closed', 'let-go'],
  ['gone, mine stamped', { mine: completion(NOW, 's-1') }, 'stamped', 'stamped', 'stamped'],
  ['open', { item: item('open') }, 'claim', 'submit', 'let-go'],
  ['open, author unknown', { item: item('open'), rig: undefined }, 'register', 'register', 'let-go'],
  ['open, an older one waits', { item: item('open'), olderWaits: true }, 'waiting', 'waiting', 'let-go'],
  [
    'open, an older one waits, author unknown',
    { item: item('open'), rig: undefined, olderWaits: true },
    'waiting',
    'waiting',
    'let-go',
  ],
  [
    'claimed by me, this head rejected',
    { item: item('claimed', 'bob'), rejected: 'No' },
    'claimed',
    'rejected',
    'unclaim',
  ],
  ['open, this head rejected', { item: item('open'), rejected: 'No' }, 'claim', 'claim', 'let-go'],
  ['open, as many claims as they may', { item: item('open'), capped: true }, 'capped', 'submit', 'let-go'],
  [
    'open, as many claims as they may, this head rejected',
    { item: item('open'), capped: true, rejected: 'No' },
    'capped',
    'capped',
    'let-go',
  ],
  ['open, its author suspended', { item: item('open'), rig: { ...rig, trustLevel: -1 } }, 'capped', 'capped', 'let-go'],
  [
    'open, as many claims as they may, an older one waits',
    { item: item('open'), capped: true, olderWaits: true },
    'waiting',
    'waiting',
    'let-go',
  ],
  [
    'claimed by me, as many claims as they may',
    { item: item('claimed', 'bob'), capped: true },
    'claimed',
    'done',
    'unclaim',
  ],
  ['claimed by me', { item: item('claimed', 'bob') }, 'claimed', 'done', 'unclaim'],
  [
    'claimed by me for another pull request too',
    { item: item('claimed', 'bob'), heldElsewhere: true },
    'claimed',
    'done',
    'let-go',
  ],
  [
    'claimed by me since, by command',
    { item: item('claimed', 'bob'), claimedApart: true },
    'claimed',
    'done',
    'let-go',
  ],
  ['claimed by another', { item: item('claimed', 'eve') }, 'taken', 'taken', 'let-go'],
  ['claimed, author unknown', { item: item('claimed', 'eve'), rig: undefined }, 'taken', 'taken', 'let-go'],
  ['claimed by nobody', { item: item('claimed') }, 'taken', 'taken', 'let-go'],
  ['in review, mine', { item: item('in_review', 'bob'), mine: completion() }, 'withdraw', 'in-review', 'withdraw'],
  [
    'in review, mine, pushed since',
    { item: item('in_review', 'bob'), mine: completion(evidence('b')) },
    'withdraw',
    'evidence',
    'withdraw',
  ],
  ['in review, of my other pull request', { item: item('in_review', 'bob') }, 'taken', 'taken', 'let-go'],
  ['in review by another', { item: item('in_review', 'eve') }, 'taken', 'taken', 'let-go'],
  [
    'in review by another, with mine',
    { item: item('in_review', 'eve'), mine: completion() },
    'taken',
    'taken',
    'let-go',
  ],
  ['in a state of somebody else’s', { item: item('paused' as WantedStatus, 'bob') }, 'taken', 'taken', 'let-go'],
]
const RESTS = new Set<string>([
  'unknown',
  'withdrawn-item',
  'taken',
  'waiting',
  'capped',
  'completed-elsewhere',
  'claimed',
  'in-review',
  'stamped',
  'closed',
  'let-go',
  'rejected',
  'spent',
])
const named = (word: Step | Rest) => (RESTS.has(word) ? { rest: word } : { step: word })

describe('the next step', () => {
  test.each(TABLE)('when the item is %s', (_name, state, claim, done, none) => {
    expect(nextStep('claim', view(state), NOW)).toEqual(named(claim))
    expect(nextStep('done', view(state), NOW)).toEqual(named(done))
    expect(nextStep('none', view(state), NOW)).toEqual(named(none))
  })

  test.each<[string, Partial<LedgerView>, Rest]>([
    ['open', { item: item('open') }, 'spent'],
    ['held by its author', { item: item('claimed', 'bob'), rejected: 'No' }, 'spent'],
    ['held by another', { item: item('claimed', 'eve') }, 'spent'],
    ['in review by another', { item: item('in_review', 'eve') }, 'spent'],
    ['completed by others', { item: item('completed', 'eve') }, 'completed-elsewhere'],
    ['withdrawn', { item: item('withdrawn') }, 'withdrawn-item'],
    ['no such item', {}, 'unknown'],
  ])('of a merged pull request whose head was rejected is none: the item is %s', (_name, state, rest) => {
    expect(nextStep('spent', view(state), NOW)).toEqual({ rest })
  })

  test.each([
    { name: 'a push', before: evidence('b'), moves: true },
    { name: 'a merge', before: NOW, now: evidence('a', 'c'), moves: true },
    { name: 'text of somebody else', before: 'see my branch', moves: true },
    { name: 'another review or check', before: NOW, now: `${NOW} reviews=1/0`, moves: false },
    { name: 'facts that are not known', before: evidence('b'), now: undefined, moves: false },
  ])('writes the evidence again after a push or merge only: $name', ({ before, moves, ...given }) => {
    const now = 'now' in given ? given.now : NOW
    const state = view({ item: item('in_review', 'bob'), mine: completion(before) })
    expect(nextStep('done', state, now)).toEqual(moves ? { step: 'evidence' } : { rest: 'in-review' })
  })
})

/** What `steps.ts` does to the rows, demanding what the WHERE of each write demands. */
function take(step: Step, before: LedgerView, now: string): LedgerView {
  if (step === 'register') return { ...before, rig }
  if (step === 'enter' || step === 'leave') throw new Error('only a bounty has entries')
  const old = before.item!
  if (step === 'submit') return take('done', take('claim', before, now), now)
  if (step === 'evidence') return { ...before, mine: { ...before.mine!, evidence: now } }
  expect(old.status).toBe(TRANSITIONS[step].from)
  if (step !== 'claim') expect(old.claimedBy).toBe(before.rig!.handle)
  if (step === 'withdraw') expect(before.mine?.stampId).toBeNull()
  return {
    ...before,
    item: {
      ...old,
      status: TRANSITIONS[step].to,
      claimedBy: step === 'claim' || step === 'done' ? before.rig!.handle : null,
    },
    mine: step === 'done' ? completion(now) : step === 'withdraw' ? undefined : before.mine,
  }
}

function restOf(goal: Goal, start: LedgerView, now: string): { rest: Rest; at: LedgerView; steps: Step[] } {
  const steps: Step[] = []
  for (let at = start; steps.length < 8;) {
    const next = nextStep(goal, at, now)
    if ('rest' in next) return { rest: next.rest, at, steps }
    steps.push(next.step)
    at = take(next.step, at, now)
  }
  throw new Error(`no rest after ${steps.join(', ')}`)
}

describe('from any state of the ledger', () => {
  const goals = fc.constantFrom<Goal>('none', 'claim', 'done', 'spent')
  const lines = fc.constantFrom(NOW, evidence('b'), evidence('a', 'c'), 'see my branch', '')
  const views = fc.record({
    item: fc.option(
      fc
        .record({
          status: fc.constantFrom<WantedStatus>(
            'open',
            'claimed',
            'in_review',
            'completed',
            'withdrawn',
            'paused' as WantedStatus,
          ),
          by: fc.constantFrom(null, 'bob', 'eve'),
        })
        .map(({ status, by }) => item(status, by)),
      { nil: undefined },
    ),
    rig: fc.constantFrom(rig, undefined),
    mine: fc.option(
      fc.tuple(lines, fc.constantFrom(null, 's-1')).map(([text, stamp]) => completion(text, stamp)),
      { nil: undefined },
    ),
    olderWaits: fc.boolean(),
    heldElsewhere: fc.boolean(),
    claimedApart: fc.boolean(),
    capped: fc.boolean(),
    rejected: fc.constantFrom(undefined, 'No'),
  })
  // A completion of mine names its rig.
  const states = views.map((given): LedgerView => ({ ...given, rig: given.mine === undefined ? given.rig : rig }))

  test('comes to rest within 8 steps, each of them allowed, and rests there', () => {
    fc.assert(
      fc.property(goals, states, lines, (goal, start, now) => {
        const { rest, at } = restOf(goal, start, now)
        expect(restOf(goal, at, now)).toEqual({ rest, at, steps: [] })
      }),
      { numRuns: 3000 },
    )
  })

  test('comes to the same rest whatever was asked before, as events may come late', () => {
    const fresh = fc
      .tuple(fc.constantFrom(rig, undefined), fc.boolean())
      .map(([who, heldElsewhere]) =>
        view({ item: item('open'), rig: who, heldElsewhere: heldElsewhere && who !== undefined }),
      )
    fc.assert(
      fc.property(
        fresh,
        fc.array(goals, { maxLength: 5 }),
        fc.constantFrom<Goal>('claim', 'done'),
        lines,
        (start, earlier, goal, now) => {
          const settled = earlier.reduce((at, one) => restOf(one, at, now).at, start)
          expect(restOf(goal, settled, now).rest).toBe(restOf(goal, start, now).rest)
        },
      ),
    )
  })

  test('never moves a stamped completion', () => {
    fc.assert(
      fc.property(goals, states, lines, (goal, start, now) => {
        const stamped = { ...start, rig, mine: completion(NOW, 's-1') }
        expect(restOf(goal, stamped, now)).toEqual({ rest: 'stamped', at: stamped, steps: [] })
      }),
    )
  })
})
