import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { AccountRefused, call, callOrNotFound, faultIn, GitHubRefused, Limited } from '../../src/github/errors.ts'

const NOW = Date.parse('2026-11-21T10:00:00Z')
beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

const answer = (status: number, headers: Record<string, string> = {}, data: object = {}) =>
  Object.assign(new Error('secret text of GitHub’s'), { status, response: { headers, data } })
async function refuse(error: unknown): Promise<never> {
  throw error
}
async function failure(error: unknown): Promise<unknown> {
  try {
    return await call(refuse(error))
  } catch (translated) {
    return translated
  }
}
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000)
const resetIn = (seconds: number) => String(NOW / 1000 + seconds)

describe('an answer of GitHub that asks us to wait', () => {
  test.each([
    { name: '429 with its seconds', error: answer(429, { 'retry-after': '30' }), seconds: 30 },
    { name: '403 with its seconds', error: answer(403, { 'retry-after': '60' }), seconds: 60 },
    { name: '429 without a word', error: answer(429), seconds: 60 },
    { name: '429 with a header that is no number', error: answer(429, { 'retry-after': 'soon' }), seconds: 60 },
    { name: '429 with zero seconds', error: answer(429, { 'retry-after': '0' }), seconds: 60 },
    {
      name: '403 with nothing left, a second after the reset',
      error: answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetIn(120) }),
      seconds: 121,
    },
    {
      name: '429 with nothing left',
      error: answer(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetIn(9) }),
      seconds: 10,
    },
    {
      name: 'a reset that is past',
      error: answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetIn(-99) }),
      seconds: 1,
    },
    {
      name: 'both headers: its seconds',
      error: answer(403, { 'retry-after': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetIn(99) }),
      seconds: 5,
    },
    {
      name: '403 for a secondary limit, without headers',
      error: answer(403, {}, { message: 'You have exceeded a secondary rate limit.' }),
      seconds: 60,
    },
    {
      name: '403 in the words of an older Enterprise Server',
      error: answer(403, {}, { message: 'You have triggered an abuse detection mechanism.' }),
      seconds: 60,
    },
    {
      name: '403 in the words of the primary limit, its headers lost',
      error: answer(403, {}, { message: 'API rate limit exceeded for installation ID 7.' }),
      seconds: 60,
    },
    {
      name: '403 that only its page tells apart',
      error: answer(403, {}, { documentation_url: 'https://docs.github.com/rest/limits#about-secondary-rate-limits' }),
      seconds: 60,
    },
    {
      name: '422 for a comment too soon after another',
      error: answer(422, {}, { message: 'Validation Failed', errors: [{ message: 'was submitted too quickly' }] }),
      seconds: 60,
    },
    { name: 'a time beyond all limits: a day', error: answer(429, { 'retry-after': '1e300' }), seconds: 86_400 },
  ])('is unavailable until then: $name', async ({ error, seconds }) => {
    const translated = await failure(error)
    expect(translated).toBeInstanceOf(Limited)
    expect(translated).toBeInstanceOf(Unavailable)
    expect(translated).toMatchObject({ cause: error, retryAt: inSeconds(seconds) })
  })
})

describe('an answer of GitHub that it cannot give now', () => {
  test.each([
    { name: '500', error: answer(500) },
    { name: '502', error: answer(502) },
    { name: '503', error: answer(503) },
    { name: '401, which is ours to mend', error: answer(401) },
    { name: 'an APP_ID that is none', error: answer(404, {}, { message: 'Integration not found' }) },
    { name: 'a suspended installation', error: answer(403, {}, { message: 'This installation has been suspended' }) },
    { name: 'a connection lost in fetch', error: new TypeError('fetch failed', { cause: new Error('ECONNRESET') }) },
    { name: 'our own time limit', error: Object.assign(new Error('late'), { name: 'TimeoutError' }) },
    { name: 'an aborted request', error: Object.assign(new Error('aborted'), { name: 'AbortError' }) },
  ])('is unavailable, at no known time: $name', async ({ error }) => {
    const translated = await failure(error)
    expect(translated).toBeInstanceOf(Unavailable)
    expect(translated).toMatchObject({ cause: error, retryAt: undefined })
  })
})

test('what GitHub cannot answer now, and says until when, is unavailable until then', async () => {
  const translated = await failure(answer(503, { 'retry-after': '20' }))
  expect(translated).toMatchObject({ name: 'Unavailable', retryAt: inSeconds(20) })
})

describe('GraphQL’s answer of status 200', () => {
  const graphql = (errors: object[], headers: Record<string, string> = {}) =>
    faultIn({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      data: { errors },
    })

  test.each([
    { name: 'RATE_LIMITED', fault: () => graphql([{ type: 'RATE_LIMITED' }]), is: { name: 'Limited', named: false } },
    {
      name: 'a secondary limit with its seconds',
      fault: () => graphql([{ message: 'You have exceeded a secondary rate limit.' }], { 'retry-after': '9' }),
      is: { name: 'Limited', retryAt: inSeconds(9) },
    },
    {
      name: 'its own fault',
      fault: () => graphql([{ message: 'Something went wrong while executing your query. This may be…' }]),
      is: { name: 'Unavailable', retryAt: undefined },
    },
    { name: 'NOT_FOUND', fault: () => graphql([{ type: 'NOT_FOUND' }]), is: { name: 'GitHubRefused', status: 404 } },
    { name: 'FORBIDDEN', fault: () => graphql([{ type: 'FORBIDDEN' }]), is: { name: 'GitHubRefused', status: 403 } },
    {
      name: 'FORBIDDEN by SAML',
      fault: () => graphql([{ type: 'FORBIDDEN', message: 'Resource protected by organization SAML enforcement.' }]),
      is: { name: 'AccountRefused', status: 403 },
    },
    { name: 'INSUFFICIENT_SCOPES', fault: () => graphql([{ type: 'INSUFFICIENT_SCOPES' }]), is: { status: 403 } },
    {
      name: 'SERVICE_UNAVAILABLE',
      fault: () => graphql([{ type: 'SERVICE_UNAVAILABLE' }]),
      is: { name: 'Unavailable' },
    },
  ])('is told by its errors: $name', ({ fault, is }) => expect(fault()).toMatchObject(is))

  test('is a fault of ours when the query is wrong, and an answer without errors', () => {
    expect(graphql([{ message: "Field 'x' doesn't exist" }])).toBeUndefined()
    expect(faultIn({ status: 200, headers: {}, data: { data: {} } })).toBeUndefined()
  })
})

test('a connection that never was is no answer, though Octokit gives it a status', async () => {
  const nobody = Object.assign(new Error('fetch failed'), { name: 'HttpError', status: 500 })
  expect(await failure(nobody)).toMatchObject({ name: 'Unavailable', message: 'GitHub cannot be reached' })
  expect(await failure(answer(500))).toMatchObject({ name: 'Unavailable', message: 'GitHub answered 500' })
})

describe('a refusal of GitHub', () => {
  test.each([
    { name: '403 for want of a right', error: answer(403, {}, { message: 'Resource not accessible by integration' }) },
    {
      name: '403 with requests left',
      error: answer(403, { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': resetIn(60) }),
    },
    { name: '404', error: answer(404) },
    { name: '422', error: answer(422) },
    { name: '422 that has limit headers', error: answer(422, { 'retry-after': '60' }) },
    { name: '451', error: answer(451) },
    { name: '404 without a response', error: Object.assign(new Error('gone'), { status: 404 }) },
  ])('is final and keeps its status, not its text: $name', async ({ error }) => {
    const translated = await failure(error)
    expect(translated).toBeInstanceOf(GitHubRefused)
    expect(translated).toMatchObject({ status: error.status, cause: error, message: `GitHub answered ${error.status}` })
  })

  test.each([
    'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
    'Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.',
  ])('is the account’s in the words of an IP allow list and of SAML: %s', async (message) => {
    expect(await failure(answer(403, {}, { message }))).toBeInstanceOf(AccountRefused)
    // Somebody’s text that a validation repeats is no such word.
    expect(await failure(answer(422, {}, { message }))).not.toBeInstanceOf(AccountRefused)
  })

  test('is nothing found where that may be: 404 and 410 only', async () => {
    for (const status of [404, 410]) expect(await callOrNotFound(refuse(answer(status)))).toBeUndefined()
    for (const status of [403, 422])
      await expect(callOrNotFound(refuse(answer(status)))).rejects.toBeInstanceOf(GitHubRefused)
    await expect(callOrNotFound(refuse(answer(503)))).rejects.toBeInstanceOf(Unavailable)
  })
})

describe('what is none of GitHub’s', () => {
  test.each([
    { name: 'a fault of ours', error: new RangeError('ours') },
    { name: 'a refusal translated before', error: new GitHubRefused(422, undefined) },
    { name: 'an outage translated before', error: new Unavailable('Dolt is down') },
    { name: 'no error at all', error: 'thrown text' },
  ])('goes on as it is: $name', async ({ error }) => {
    expect(await failure(error)).toBe(error)
  })

  test('is an answer', async () => {
    expect(await call(Promise.resolve(1))).toBe(1)
    expect(await callOrNotFound(Promise.resolve(1))).toBe(1)
  })
})
