import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Completion } from '../../src/domain/completion.ts'
import type { Rig } from '../../src/domain/rig.ts'
import { TRANSITIONS, type WantedStatus } from '../../src/domain/wanted.ts'
import { nextStep } from '../../src/pull-requests/decide-item-step.ts'
import type { Goal, LedgerView, Next, Rest, Step } from '../../src/pull-requests/item-state.ts'

const evidence = (digit: string) => `https://github.com/acme/app/pull/5 head=${digit.repeat(40)} commits=1`
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
  item: item('open'),
  rig,
  mine: undefined,
  olderWaits: false,
  heldElsewhere: false,
  claimedApart: false,
  capped: false,
  bounty: true,
  ...given,
})
const entry = (text = NOW) => ({ mine: completion(text), entered: true })

type Row = [name: string, state: Partial<LedgerView>, claim: Step | Rest, done: Step | Rest, none: Step | Rest]
const TABLE: Row[] = [
  ['is open', {}, 'not-entered', 'enter', 'let-go'],
  ['is open, its author unknown', { rig: undefined }, 'not-entered', 'register', 'let-go'],
  [
    'is open, an older one waits, and its author holds all they may',
    { olderWaits: true, capped: true },
    'not-entered',
    'enter',
    'let-go',
  ],
  ['is open, its author suspended', { rig: { ...rig, trustLevel: -1 } }, 'not-entered', 'capped', 'let-go'],
  ['was entered', entry(), 'leave', 'entered', 'leave'],
  ['was entered and pushed since', entry(evidence('b')), 'leave', 'enter', 'leave'],
  [
    'was entered by somebody suspended since',
    { ...entry(), rig: { ...rig, trustLevel: -1 } },
    'leave',
    'entered',
    'leave',
  ],
  ['was entered and this head rejected', { ...entry(), rejected: 'No' }, 'leave', 'leave', 'leave'],
  ['was left, this head rejected', { rejected: 'No' }, 'not-entered', 'rejected', 'let-go'],
  ['was adopted', { item: item('completed', 'bob'), mine: completion(NOW, 's-1') }, 'stamped', 'stamped', 'stamped'],
  ['went to another entry', { item: item('completed', 'eve'), ...entry() }, 'not-adopted', 'not-adopted', 'let-go'],
  ['was completed before', { item: item('completed', 'eve') }, 'completed-elsewhere', 'completed-elsewhere', 'let-go'],
  ['was withdrawn', { item: item('withdrawn'), ...entry() }, 'withdrawn-item', 'withdrawn-item', 'let-go'],
  ['was claimed by a peer', { item: item('claimed', 'eve') }, 'taken', 'taken', 'let-go'],
  ['was entered, then claimed by a peer', { item: item('claimed', 'eve'), ...entry() }, 'leave', 'taken', 'leave'],
  ['was claimed by its author', { item: item('claimed', 'bob') }, 'claimed', 'done', 'unclaim'],
  ['was entered, then claimed by its author', { item: item('claimed', 'bob'), ...entry() }, 'leave', 'leave', 'leave'],
  ['was entered and is no bounty any more', { ...entry(), bounty: false }, 'leave', 'leave', 'leave'],
  [
    'is no bounty any more, and an older one waits',
    { bounty: false, olderWaits: true },
    'waiting',
    'waiting',
    'let-go',
  ],
]
const STEPS = new Set<string>(['register', 'claim', 'done', 'evidence', 'withdraw', 'unclaim', 'enter', 'leave'])
const named = (word: Step | Rest) => (STEPS.has(word) ? { step: word } : { rest: word })

describe('the next step of a pull request that names an open bounty', () => {
  test.each(TABLE)('which %s', (_name, state, claim, done, none) => {
    expect(nextStep('claim', view(state), NOW)).toEqual(named(claim))
    expect(nextStep('done', view(state), NOW)).toEqual(named(done))
    expect(nextStep('none', view(state), NOW)).toEqual(named(none))
  })

  test('merged with a rejected head takes its entry back, and no new one can come', () => {
    expect(nextStep('spent', view({ ...entry(), rejected: 'No' }), NOW)).toEqual({ step: 'leave' })
    expect(nextStep('spent', view({ rejected: 'No' }), NOW)).toEqual({ rest: 'spent' })
  })

  test('rests within a few steps in any state, moves no item that others hold, and rests there', () => {
    const views = fc.record({
      item: fc
        .tuple(
          fc.constantFrom<WantedStatus>('open', 'claimed', 'in_review', 'completed', 'withdrawn'),
          fc.constantFrom(null, 'bob', 'eve'),
        )
        .map(([status, by]) => item(status, status === 'open' ? null : by)),
      mine: fc.constantFrom(undefined, completion(), completion(evidence('b'))),
      entered: fc.boolean(),
      bounty: fc.boolean(),
      olderWaits: fc.boolean(),
      heldElsewhere: fc.boolean(),
      claimedApart: fc.boolean(),
      capped: fc.boolean(),
      rejected: fc.constantFrom(undefined, 'No'),
    })
    fc.assert(
      fc.property(fc.constantFrom<Goal>('none', 'claim', 'done', 'spent'), views, (goal, given) => {
        const start: LedgerView = { ...given, rig, entered: given.entered && given.mine !== undefined }
        const end = settle(goal, start)
        expect(settle(goal, end).steps).toEqual([])
        if (start.item!.claimedBy === 'eve') expect(end.item).toEqual(start.item)
      }),
      { numRuns: 3000 },
    )
  })
})

/** Takes steps as `steps.ts` does until there is none to take. */
function settle(goal: Goal, start: LedgerView): LedgerView & { steps: Step[] } {
  const steps: Step[] = []
  for (let at = start; steps.length < 8;) {
    const next: Next = nextStep(goal, at, NOW)
    if ('rest' in next) return { ...at, steps }
    steps.push(next.step)
    at = take(next.step, at)
  }
  throw new Error(`no rest after ${steps.join(', ')}`)
}

function take(step: Step, at: LedgerView): LedgerView {
  if (step === 'register') return { ...at, rig }
  if (step === 'enter') return { ...at, mine: completion(), entered: true }
  if (step === 'leave') return { ...at, mine: undefined, entered: false }
  if (step === 'evidence') return { ...at, mine: completion() }
  if (step === 'submit') return take('done', take('claim', at))
  expect(at.item!.status).toBe(TRANSITIONS[step].from)
  const holds = step === 'claim' || step === 'done'
  return {
    ...at,
    item: item(TRANSITIONS[step].to, holds ? 'bob' : null),
    mine: step === 'done' ? completion() : step === 'withdraw' ? undefined : at.mine,
  }
}
