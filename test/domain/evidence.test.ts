import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Evidence, evidenceLine, readEvidence } from '../../src/domain/evidence.ts'

const sha = fc.stringMatching(/^[0-9a-f]{40}$/)
const login = fc.stringMatching(/^[A-Za-z0-9-]{1,39}(\[bot\])?$/)
const url = fc.nat().map((n) => `https://github.com/acme/app/pull/${n}`)
const evidence = fc
  .record(
    {
      url,
      head: sha,
      merge: sha,
      tree: sha,
      commits: fc.nat(),
      by: fc.array(login, { maxLength: 20 }),
      agents: fc.array(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,38}$/), { maxLength: 10 }),
      suggested: fc.array(login, { maxLength: 20 }),
      unknown: fc.nat(),
      reviews: fc.record({ approved: fc.nat(99), changes: fc.nat(99) }),
      rounds: fc.nat(99),
      checks: fc.record({ pass: fc.nat(99), total: fc.nat(99) }),
    },
    { requiredKeys: ['url', 'head', 'by'] },
  )
  .map((given): Evidence => given)
const GRAMMAR =
  /^https:\/\/\S+\/pull\/\d+ head=[0-9a-f]{40}( merge=[0-9a-f]{40})?( tree=[0-9a-f]{40})?( commits=\d+)?( by=[^\s,]+(,[^\s,]+)*)?( agents=[a-z0-9-]+(,[a-z0-9-]+)*)?( suggested=[^\s,]+(,[^\s,]+)*)?( unknown=\d+)?( reviews=\d+\/\d+)?( rounds=\d+)?( checks=\d+\/\d+)?$/

describe('an evidence line', () => {
  test('keeps the grammar, whatever is known', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        expect(evidenceLine(given)).toMatch(GRAMMAR)
      }),
    )
  })

  test('gives url, head, merge, agents and suggestions back', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const { url: page, head, merge, agents = [], suggested = [] } = given
        expect(readEvidence(evidenceLine(given))).toEqual({ url: page, head, merge, agents, suggested })
      }),
    )
  })

  test('reads like this when all is known', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]
    const line = evidenceLine({
      url: 'https://github.com/acme/app/pull/5',
      head: a,
      merge: b,
      tree: c,
      commits: 3,
      by: ['bob', 'alice'],
      agents: ['claude', 'cursor'],
      suggested: ['mia'],
      unknown: 12,
      reviews: { approved: 1, changes: 0 },
      rounds: 2,
      checks: { pass: 4, total: 5 },
    })
    expect(line).toBe(
      `https://github.com/acme/app/pull/5 head=${a} merge=${b} tree=${c} commits=3 by=bob,alice agents=claude,cursor suggested=mia unknown=12 reviews=1/0 rounds=2 checks=4/5`,
    )
  })

  test.each([
    { name: 'nothing', line: null },
    { name: 'a bare link', line: 'https://github.com/acme/app/pull/5' },
    { name: 'prose about a pull request', line: `see https://github.com/acme/app/pull/5 head=${'a'.repeat(40)}` },
    { name: 'a short SHA', line: 'https://github.com/acme/app/pull/5 head=abc1234' },
    { name: 'a SHA that goes on', line: `https://github.com/acme/app/pull/5 head=${'a'.repeat(41)}` },
    { name: 'a link to an issue', line: `https://github.com/acme/app/issues/5 head=${'a'.repeat(40)}` },
  ])('of somebody else is not taken for ours: $name', ({ line }) => {
    expect(readEvidence(line)).toBeUndefined()
  })
})
