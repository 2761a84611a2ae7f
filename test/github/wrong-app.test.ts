import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { translate } from '../../src/github/errors.ts'
import type { AppIdentity } from '../../src/github/github.ts'
import { refuseWrongApp } from '../../src/github/wrong-app.ts'

const IDENTITY: AppIdentity = { id: 1, slug: 'bridge', ownerId: 5, ownerLogin: 'ada' }

/** As Octokit throws it, and `asked` gives it on. */
function refusal(status: number, message: string, date: Date | null = new Date()) {
  const headers = date === null ? {} : { date: date.toUTCString() }
  return translate(
    Object.assign(new Error(message), {
      name: 'HttpError',
      status,
      request: {},
      response: { status, headers, data: { message } },
    }),
  )
}

/** A GitHub that says these one after the other. */
function github(...answers: unknown[]) {
  let asked = 0
  return {
    asked: () => asked,
    async identity() {
      const answer = answers[Math.min(asked++, answers.length - 1)]
      if (answer === IDENTITY) return IDENTITY
      throw answer
    },
  }
}

describe('a start with credentials that GitHub does not accept', () => {
  test.each([
    ['a key of another App', 401, 'A JSON web token could not be decoded', 'this private key'],
    ['an App that is none', 404, 'Integration not found', 'APP_ID'],
  ])('ends for %s, when it is said twice', async (_, status, message, words) => {
    const said = github(refusal(status, message))
    const ended = refuseWrongApp(said)
    await expect(ended).rejects.toThrow(UserError)
    await expect(ended).rejects.toThrow(words)
    expect(said.asked()).toBe(2)
  })

  test.each([
    ['GitHub knows it the second time', refusal(401, 'Bad credentials'), IDENTITY],
    ['GitHub is at fault', refusal(502, 'Bad gateway')],
    [
      'GitHub cannot be reached',
      translate(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })),
    ],
    ['the limit is used up', refusal(429, 'rate limit exceeded')],
    ['GitHub refuses something else', refusal(403, 'Forbidden')],
    [
      'our clock is wrong',
      refusal(401, "'Expiration time' claim ('exp') is too far in the future", new Date(Date.now() - 300_000)),
    ],
    ['the time of the answer is not told', refusal(401, 'Bad credentials', null)],
    ['they are accepted', IDENTITY],
  ])('goes on where %s', async (_, ...answers) => {
    await expect(refuseWrongApp(github(...answers))).resolves.toBeUndefined()
  })

  test('goes on where GitHub is slow', async () => {
    const never = { identity: () => new Promise<never>(() => {}) }
    await expect(refuseWrongApp(never, 20)).resolves.toBeUndefined()
  })
})
