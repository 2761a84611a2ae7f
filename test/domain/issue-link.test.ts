import { expect, it } from 'vitest'
import { readIssueLink } from '../../src/domain/issue-link.ts'

it('a link has a number that GitHub may give: for a larger one GraphQL refuses the whole query', () => {
  const at = (number: number) => readIssueLink(`https://github.com/acme/tool/issues/${number} A title`)?.number
  expect([at(1), at(2_147_483_647), at(2_147_483_648), at(9_999_999_999)]).toEqual([
    1,
    2_147_483_647,
    undefined,
    undefined,
  ])
})
