import { expect, it } from 'vitest'
import { runCheck } from '../../src/cli/finding.ts'
import { AccountRefused, GitHubRefused } from '../../src/github/errors.ts'

it.each([
  ['an account that lets us in nowhere', new AccountRefused(403, undefined), /IP allow list or SAML/],
  ['GitHub', new GitHubRefused(401, undefined), /APP_ID and the private key/],
])('a check that %s refuses says what to do', async (_, error, says) => {
  expect(await runCheck('installed: acme', () => Promise.reject(error))).toEqual([
    { state: 'wrong', part: 'installed: acme', says: expect.stringMatching(says) },
  ])
})
