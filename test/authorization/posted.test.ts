import { describe, expect, test } from 'vitest'
import { type ItemClaim, type PostedFacts, postedWhere, roleCounts } from '../../src/authorization/posted.ts'

describe('an item was posted', () => {
  test.each<[string, PostedFacts, string]>([
    ['here by the id that was kept', { keptId: 7, link: 'none' }, 'here'],
    ['elsewhere by that id, whatever its text links to', { keptId: 8, link: 'same-issue' }, 'elsewhere'],
    ['nowhere without id and link', { keptId: undefined, link: 'none' }, 'nowhere'],
    [
      'here where the issue of its link is the one that it was made of',
      { keptId: undefined, link: 'same-issue' },
      'here',
    ],
    ['elsewhere where its link leads to another', { keptId: undefined, link: 'other' }, 'elsewhere'],
  ])('%s', (_name, facts, where) => expect(postedWhere(facts, 7)).toBe(where))
})

describe('a role here counts for an item', () => {
  const role = { admin: false, maintain: true, narrowed: false }
  test.each<[string, Partial<ItemClaim>, boolean]>([
    ['posted here', { posted: 'here' }, true],
    ['posted nowhere', { posted: 'nowhere' }, true],
    ['posted elsewhere: no', {}, false],
    ['posted elsewhere and opened', { opened: true }, true],
    ['posted elsewhere, with the role there', { roleThere: role }, true],
    [
      'posted elsewhere, with a role there that settings leave out: no',
      { roleThere: { ...role, narrowed: true } },
      false,
    ],
    ['posted elsewhere, with write there: no', { roleThere: { ...role, maintain: false } }, false],
  ])('%s', (_name, given, counts) =>
    expect(roleCounts({ posted: 'elsewhere', opened: false, roleThere: undefined, ...given })).toBe(counts),
  )
})
