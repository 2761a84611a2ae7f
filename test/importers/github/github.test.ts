import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import nock from 'nock'
import { afterEach, describe, expect, it, test } from 'vitest'
import { Unavailable, UserError } from '../../../src/domain/errors.ts'
import { LimitReached, TokenRefused, TooMuch } from '../../../importers/github/errors.ts'
import { HALF, type Opening, openGithub } from '../../../importers/github/github.ts'
import { type Reply, startResponder } from './responder.ts'

const NOW = Date.parse('2026-11-21T13:00:00Z')
const TOKEN = 'ghp_canary0123456789'
const never = new AbortController().signal

const rateLimit = (remaining = 4_000, cost = 1) => ({
  limit: 5_000,
  cost,
  remaining,
  resetAt: '2026-11-21T14:05:00Z',
})
const good = (remaining?: number, cost?: number): Reply => ({
  body: { data: { rateLimit: rateLimit(remaining, cost), user_0: { login: 'ada' } } },
})
const fault = (type: string | undefined, message = '', path?: (string | number)[]): Reply => ({
  body: {
    data: path && { rateLimit: rateLimit(), user_0: null, user_1: { login: 'bob' } },
    errors: [{ type, message, path }],
  },
})

/** With a clock that only sleeping moves. */
function open(apiUrl: string, options: Partial<Opening> = {}) {
  let time = NOW
  const slept: number[] = []
  const told: string[] = []
  const github = openGithub({
    apiUrl,
    token: TOKEN,
    host: 'github.com',
    pages: 'https://github.com',
    atLimit: { waiting: (until) => void told.push(until.toISOString()) },
    now: () => time,
    sleep: async (ms) => {
      slept.push(ms / 1000)
      time += ms
    },
    ...options,
  })
  const ask = (signal = never) => github.query('query { rateLimit { cost } }', {}, signal)
  return { github, ask, slept, told }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.unreachable('it worked'),
    (error: Error) => error,
  )
}

describe('an answer', () => {
  it('tells what it cost, and what is left', async () => {
    await using server = await startResponder(good(4_000, 3), good(3_996, 4))
    const { github, ask } = open(server.apiUrl)
    expect(github.left).toBeUndefined()
    await ask()
    await ask()
    expect(github.spent).toEqual({ requests: 2, points: 7 })
    expect(github.left).toEqual({ points: 3_996, resetAt: new Date('2026-11-21T14:05:00Z') })
    expect(server.heard[0]!.headers.authorization).toBe(`token ${TOKEN}`)
  })

  it('comes for one request at a time, however many are asked', async () => {
    await using server = await startResponder(good(), { status: 502, body: {} }, { status: 502, body: {} }, good())
    const { ask } = open(server.apiUrl)
    const answers = await Promise.allSettled([ask(), ask(), ask(), ask()])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(server.most()).toBe(1)
  })

  it('has no text that a store does not take', async () => {
    const user_0 = { name: 'a\0c', bio: ['\ud83d', 'x'] }
    await using server = await startResponder({ body: { data: { rateLimit: rateLimit(), user_0 } } })
    const { data } = await open(server.apiUrl).ask()
    expect(data['user_0']).toEqual({ name: 'a\ufffdc', bio: ['\ufffd', 'x'] })
  })

  it('in part is used, with what was left out', async () => {
    await using server = await startResponder(fault('NOT_FOUND', 'no such user', ['user_0']))
    const { data, faults } = await open(server.apiUrl).ask()
    expect(data).toMatchObject({ user_0: null, user_1: { login: 'bob' } })
    expect(faults).toEqual([{ type: 'NOT_FOUND', path: ['user_0'] }])
  })

  it('that one search took away tells which', async () => {
    await using server = await startResponder({
      body: { data: null, errors: [{ type: 'UNPROCESSABLE', path: ['pulls_1'] }] },
    })
    expect(await open(server.apiUrl).ask()).toEqual({
      data: {},
      faults: [{ type: 'UNPROCESSABLE', path: ['pulls_1'] }],
    })
  })

  it('of an Enterprise Server is asked for at its own address', async () => {
    await using server = await startResponder(good())
    await open(`${server.apiUrl}/api/v3`).ask()
    expect(server.heard.map(({ url }) => url)).toEqual(['/api/graphql'])
  })

  it('names the login that an id has today, or nobody', async () => {
    await using server = await startResponder(
      { body: { login: 'ada2' } },
      { status: 404, body: {} },
      { status: 503, body: {} },
    )
    const { github } = open(server.apiUrl)
    expect(await github.loginOf(7, never)).toBe('ada2')
    expect(await github.loginOf(7, never)).toBeUndefined()
    await expect(github.loginOf(7, never)).rejects.toThrow(Unavailable)
    expect(server.heard[0]!.url).toBe('/user/7')
  })
})

const SOON = String(NOW / 1000 + 120)
const LIMITS: { name: string; reply: Reply; seconds: number }[] = [
  {
    name: '200 with RATE_LIMITED, and its reset',
    reply: { ...fault('RATE_LIMITED'), headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': SOON } },
    seconds: 121,
  },
  { name: '200 with RATE_LIMIT, no more', reply: fault('RATE_LIMIT', 'API rate limit exceeded'), seconds: 60 },
  { name: '403 with its seconds', reply: { status: 403, headers: { 'retry-after': '30' }, body: {} }, seconds: 30 },
  { name: '429 without a word', reply: { status: 429, body: {} }, seconds: 60 },
  {
    name: '403 in the words of a secondary limit',
    reply: { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } },
    seconds: 60,
  },
  {
    name: '403 that only its page tells',
    reply: { status: 403, body: { documentation_url: 'https://docs.github.com/x#about-secondary-rate-limits' } },
    seconds: 60,
  },
  {
    name: '200 with a secondary limit among its errors',
    reply: fault(undefined, 'You have exceeded a secondary rate limit'),
    seconds: 60,
  },
]

describe('a limit', () => {
  test.each(LIMITS)('ends and the request is sent again: $name', async ({ reply, seconds }) => {
    await using server = await startResponder(reply, good())
    const { ask, slept, told } = open(server.apiUrl)
    await ask()
    expect(slept).toEqual([seconds])
    expect(told).toEqual([new Date(NOW + seconds * 1000).toISOString()])
    expect(server.heard).toHaveLength(2)
  })

  test.each(LIMITS)('rejects with its time where nobody waits: $name', async ({ reply, seconds }) => {
    await using server = await startResponder(reply)
    const { ask } = open(server.apiUrl, { atLimit: 'reject' })
    const error = await failureOf(ask())
    expect(error).toBeInstanceOf(LimitReached)
    expect((error as LimitReached).retryAt).toEqual(new Date(NOW + seconds * 1000))
    expect(await failureOf(ask())).toBeInstanceOf(LimitReached)
    expect(server.heard).toHaveLength(1)
  })

  it('without a time lasts a minute, then twice as long each, until an answer', async () => {
    const limited: Reply = { status: 429, body: {} }
    await using server = await startResponder(limited, limited, limited, good(), limited, good())
    const { ask, slept } = open(server.apiUrl)
    await ask()
    await ask()
    expect(slept).toEqual([60, 120, 240, 60])
  })

  it('is not run into: below 200 points the next request waits for the reset', async () => {
    await using server = await startResponder(good(200), good(199), good())
    const { ask, told } = open(server.apiUrl)
    await ask()
    await ask()
    expect(told).toEqual([])
    await ask()
    expect(told).toEqual(['2026-11-21T14:05:01.000Z'])
  })

  it('of an installation is used to its half, and tells when it goes on', async () => {
    await using server = await startResponder(good(2_499))
    const { ask } = open(server.apiUrl, { atLimit: 'reject', floor: HALF })
    await ask()
    const error = await failureOf(ask())
    expect(error.message).toBe('GitHub’s limit is reached; the import goes on at 14:05 UTC')
    expect(server.heard).toHaveLength(1)
  })

  it('is waited for no longer than somebody wants', async () => {
    await using server = await startResponder({ status: 429, body: {} })
    const stop = new AbortController()
    const github = openGithub({
      apiUrl: server.apiUrl,
      token: TOKEN,
      host: 'github.com',
      pages: 'https://github.com',
      atLimit: { waiting: () => stop.abort(new Error('stopped')) },
    })
    await expect(github.query('query { rateLimit { cost } }', {}, stop.signal)).rejects.toThrow('stopped')
  })
})

const FAILURES: { name: string; replies: Reply[]; error: new (...args: never[]) => Error; sent: number }[] = [
  { name: '502, twice', replies: [{ status: 502, raw: 'Bad Gateway' }], error: TooMuch, sent: 2 },
  { name: '504, twice', replies: [{ status: 504, raw: '{}' }], error: TooMuch, sent: 2 },
  {
    name: 'too many resources, for all',
    replies: [fault('RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded.')],
    error: TooMuch,
    sent: 1,
  },
  {
    name: 'something went wrong, twice',
    replies: [fault(undefined, 'Something went wrong while executing your query. This may be the result of a timeout')],
    error: TooMuch,
    sent: 2,
  },
  { name: '503, twice', replies: [{ status: 503, body: {} }], error: Unavailable, sent: 2 },
  { name: 'a connection that breaks, twice', replies: [{ broken: true }], error: Unavailable, sent: 2 },
  { name: 'half an answer', replies: [{ raw: '{"data": {"user' }], error: Unavailable, sent: 1 },
  { name: 'an error that nobody knows', replies: [fault('SURPRISE', 'boo')], error: Unavailable, sent: 1 },
  { name: '401', replies: [{ status: 401, body: { message: `Bad credentials` } }], error: TokenRefused, sent: 1 },
  {
    name: '403',
    replies: [{ status: 403, body: { message: 'Resource not accessible' } }],
    error: TokenRefused,
    sent: 1,
  },
  { name: 'a scope that the token lacks', replies: [fault('INSUFFICIENT_SCOPES')], error: TokenRefused, sent: 1 },
  { name: '404', replies: [{ status: 404, body: {} }], error: UserError, sent: 1 },
]

describe('a failure', () => {
  test.each(FAILURES)('has its own error: $name', async ({ replies, error, sent }) => {
    await using server = await startResponder(...replies)
    const failure = await failureOf(open(server.apiUrl).ask())
    expect(failure.constructor).toBe(error)
    expect(server.heard).toHaveLength(sent)
  })

  it('that goes away at once is not seen, and is counted', async () => {
    await using server = await startResponder({ status: 502, body: {} }, good())
    const { github, ask } = open(server.apiUrl)
    await ask()
    expect(github.spent).toEqual({ requests: 2, points: 1 })
  })

  test.each([...FAILURES, ...LIMITS.map(({ name, reply }) => ({ name, replies: [reply] }))])(
    'never holds the token: $name',
    async ({ replies }) => {
      await using server = await startResponder(...replies)
      const failure = await failureOf(open(server.apiUrl, { atLimit: 'reject' }).ask())
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary')
    },
  )

  it('of a token that no header can hold does not repeat it', async () => {
    expect(() =>
      openGithub({ apiUrl: 'http://127.0.0.1:1', token: 'canary\n', host: 'github.com', pages: 'https://github.com' }),
    ).toThrow(TokenRefused)
    expect(() =>
      openGithub({ apiUrl: 'http://127.0.0.1:1', token: 'canary\n', host: 'github.com', pages: 'https://github.com' }),
    ).not.toThrow(/canary/)
  })

  it('of nobody is what a stop is', async () => {
    await using server = await startResponder(good())
    const { ask } = open(server.apiUrl)
    await expect(ask(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
    await setImmediate()
    expect(server.heard).toEqual([])
  })
})

describe('github.com, where requests are spaced,', () => {
  afterEach(() => nock.cleanAll())
  const asked = (...replies: Reply[]) => {
    for (const { status = 200, body, headers = {} } of replies)
      nock('https://api.github.com')
        .post('/graphql')
        .reply(status, body as nock.Body, headers)
    return open('https://api.github.com')
  }

  it('answers, and its limits are waited for here', async () => {
    const { ask, slept } = asked(
      { status: 403, headers: { 'retry-after': '70' }, body: { message: 'secondary rate limit' } },
      good(),
    )
    await ask()
    expect(slept).toEqual([70])
  })

  it('says RATE_LIMITED with status 200', async () => {
    const { ask, slept } = asked(
      { ...fault('RATE_LIMITED'), headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': SOON } },
      good(),
    )
    await ask()
    expect(slept).toEqual([121])
  })
})
