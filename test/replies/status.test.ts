import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../src/domain/evidence.ts'
import { ourFault, refusal } from '../../src/replies/refusals.ts'
import { leftAlone, type LeftAlone } from '../../src/replies/left-alone.ts'
import { NOT_IN_REVIEW, statusComment } from '../../src/replies/status.ts'
import { rigPages } from '../../src/http/site.ts'
import { nodesOf, valuesOf } from './render.ts'
import type { ItemState, ShownItem } from '../../src/replies/shown-item.ts'

const HOSTILE =
  '`@team` <img src=x> [a](javascript:b)\n\n# \u202eEvil #1 ![](https://e.example/p.png) https://e.example'
const SHOWN = '`@team` <img src=x> [a](javascript:b) # Evil #1 ![](https://e.example/p.png) https://e.example'
const STATES: ShownItem['state'][] = [
  { is: 'unknown' },
  { is: 'withdrawn-item' },
  { is: 'waiting' },
  { is: 'completed-elsewhere' },
  { is: 'claimed' },
  { is: 'in-review' },
  { is: 'let-go' },
  { is: 'taken', holder: HOSTILE },
  { is: 'taken', holder: null },
  { is: 'rejected', reason: HOSTILE },
  { is: 'spent', reason: HOSTILE },
  {
    is: 'stamped',
    stamps: [
      { author: HOSTILE, valence: { quality: 4, creativity: '<b>', evil: 9 }, skills: [HOSTILE], flagged: true },
    ],
  },
]
const evidence: Evidence = {
  url: 'https://github.com/acme/app/pull/5',
  head: 'a'.repeat(40),
  commits: 1,
  by: [HOSTILE],
  agents: [HOSTILE],
  suggested: [HOSTILE],
  reviews: { approved: 2, changes: 1 },
  rounds: 1,
  checks: { pass: 1, total: 2 },
}

/** Text of others only in code spans; no tag but our own `<sub>`. */
function expectHarmless(markdown: string) {
  for (const node of nodesOf(markdown)) {
    expect(['link', 'image', 'linkReference', 'code', 'blockquote']).not.toContain(node.type)
  }
  expect(valuesOf(markdown, 'html').join('')).toMatch(/^(<\/?sub>)*$/)
  expect(valuesOf(markdown, 'text').join(' ')).not.toMatch(/@|#\d|https?:|Evil|[\u202a-\u202e]/)
}

const status = (items: ShownItem[], given: Partial<Parameters<typeof statusComment>[0]> = {}) =>
  statusComment({ author: 'bob', rig: undefined, items, malformed: [], evidence, ...given })
const withState = (state: ShownItem['state'], title: string | undefined = 'Fix it') => ({
  wanted: 'w-0123456789',
  title,
  state,
})

describe('the status comment', () => {
  test.each(STATES)('keeps hostile text in code spans when the item is $is', (state) => {
    const text = status([withState(state, HOSTILE)], { author: HOSTILE, rig: HOSTILE, malformed: [HOSTILE] })
    expectHarmless(text)
    expect(valuesOf(text, 'inlineCode').filter((span) => span === SHOWN).length).toBeGreaterThan(0)
  })

  test('shows of a stamp the three dimensions that are numbers, and nothing else', () => {
    expect(status([withState(STATES.at(-1)!)])).toContain(': quality 4; skills')
  })

  test('links the rigs that it names to their pages, where there are pages', () => {
    const stamped = withState({
      is: 'stamped',
      stamps: [{ author: 'Mia', valence: { quality: 4 }, skills: [], flagged: false }],
    })
    const linked = status([stamped], { rig: 'bob', pageOf: rigPages('https://wl.example/on/') })
    expect(linked).toContain('[`bob`](https://wl.example/on/rigs/bob), [`Mia`](https://wl.example/on/rigs/mia).')
    expect(rigPages('https://wl.example')('a.b')).toBeUndefined()
    expect(status([stamped], { rig: 'bob', pageOf: rigPages(undefined) })).toContain('for the rigs `bob`, `Mia`.')
  })

  test('shows evidence only while the item is in review', () => {
    expect(status([withState({ is: 'in-review' })])).toContain(
      '2 approvals, 1 request for changes · 1 review round · checks 1/2',
    )
    expect(status([withState({ is: 'claimed' })])).not.toContain('Evidence')
  })

  test('shows who helped: agents of trailers, whose suggestions were accepted, and what is nobody’s', () => {
    const helped = { ...evidence, by: ['bob'], agents: ['claude', 'cursor'], suggested: ['mia'], unknown: 12 }
    expect(status([withState({ is: 'in-review' })], { evidence: helped })).toContain(
      '1 commit · by `bob` · with the agents `claude`, `cursor` · suggestions of `mia` · 12 lines by addresses of no account · 2 approvals',
    )
    const alone = { ...evidence, agents: [], suggested: [] }
    expect(status([withState({ is: 'in-review' })], { evidence: alone })).not.toMatch(/agents|suggestions|no account/)
  })

  test.each([
    ['that its human has to ask', { asked: [] }, /its human comments .*\/wl own/],
    [
      'who asked, and how to agree',
      { asked: [HOSTILE] },
      /asked to be its human; somebody else who may stamp here agrees/,
    ],
    ['whose it is', { owner: HOSTILE }, /is an agent; its human is/],
  ])('says of an agent %s', (_name, agent, words) => {
    const text = status([withState({ is: 'in-review' })], { author: HOSTILE, agent })
    expectHarmless(text)
    expect(text).toMatch(words)
  })

  test('says in review who stamps and how', () => {
    expect(status([withState({ is: 'in-review' })])).toMatch(/a maintainer .* comments `\/wl stamp quality=4`/)
  })
})

describe('a refusal', () => {
  const repository = HOSTILE
  test.each([
    ['role', refusal.stamp({ rule: 'role', roleName: HOSTILE }, repository), 'admin or maintain'],
    ['agent', refusal.stamp({ rule: 'agent' }, repository), 'Somebody else'],
    ['a suspended rig', refusal.stamp({ rule: 'suspended' }, repository), 'Somebody of trust level 3'],
    ['an unowned agent', refusal.stamp({ rule: 'unowned-agent', agent: HOSTILE }, repository), '`/wl own @agent`'],
    ['oneself', refusal.stamp({ rule: 'yearbook-self' }, repository), 'yearbook rule'],
    ['owner', refusal.stamp({ rule: 'yearbook-owner', rig: HOSTILE }, repository), 'yearbook rule'],
    [
      'author',
      refusal.stamp({ rule: 'yearbook-author', sha: 'abc'.repeat(13), share: 0.25 }, repository),
      '`abcabcabca` is yours',
    ],
    ['what GitHub does not tell', refusal.stamp({ rule: 'untold', status: 403 }, repository), 'it answered 403'],
    ['unseen author', refusal.stamp({ rule: 'yearbook-unseen' }, repository), 'more than 2,500 commits'],
    ['another item', refusal.otherItem(HOSTILE, ['w-0123456789']), 'is not an item'],
    ['several items', refusal.whichItem(['w-a', 'w-b'], '/wl stamp w-a quality=4'), '`/wl stamp w-a quality=4`'],
    ['no item', refusal.noItem, 'label'],
    ['stamped already', refusal.stampedAlready, 'final'],
    ['our fault', ourFault('8f0c'), '`8f0c`'],
  ])('of %s names the rule and says what to do, harmlessly', (_name, text, says) => {
    expectHarmless(text)
    expect(text).toContain(says)
  })

  test.each(Object.keys(NOT_IN_REVIEW) as ItemState[])('of an item that is %s says why', (state) => {
    expect(refusal.notInReview('w-0123456789', state)).toBe(
      `\`w-0123456789\` cannot be judged: ${NOT_IN_REVIEW[state]}`,
    )
  })

  test.each<LeftAlone>([
    'not-admitted',
    'name-moved',
    'private-not-named',
    'private-keep',
    'declined',
    'ignored',
    'author-gone',
    'no-person',
  ])('of a pull request left alone says that nothing is recorded: %s', (why) => {
    const text = leftAlone(why, HOSTILE)
    expectHarmless(text)
    expect(text).toMatch(/nothing (is|can be) recorded/)
  })
})
