import { Octokit } from '@octokit/rest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { GitHubRefused, Limited } from '../../src/github/errors.ts'
import { createRequestThrottle as createPaceWith, type RequestThrottle } from '../../src/github/request-throttle.ts'
import { CircuitOpen } from '../../src/github/circuit-breaker.ts'
import { publication } from '../../src/github/publish.ts'
import { ADD_REACTION } from '../../src/github/review-reactions.ts'
import type { Client } from '../../src/github/client.ts'

const createPace = (spaceMs: number, writtenMs: number) => createPaceWith(spaceMs, writtenMs, () => {})

interface Sent {
  what: string
  at: number
}

let sent: Sent[]
/** What GitHub answers next; after that, 200. */
let answers: (() => Response)[]
beforeEach(() => {
  sent = []
  answers = []
})
afterEach(() => void vi.useRealTimers())

const said = (status: number, headers: Record<string, string> = {}, body: object | string = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return () => new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}
const broken = () => {
  throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') })
}

function client(throttle: RequestThrottle, account: number | 'app'): Client {
  const fetch = async (url: string, { method }: { method: string }) => {
    sent.push({ what: `${account} ${method} ${new URL(url).pathname}`, at: performance.now() })
    return (answers.shift() ?? said(200))()
  }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  return throttle(account, new Octokit({ request: { fetch }, log }) as unknown as Client)
}

const here = { owner: 'ada', repo: 'loom', issue_number: 1 }
const ask = (from: Client, repo = 'loom') => from.request('GET /repos/{owner}/{repo}', { owner: 'ada', repo })
const write = (from: Client, body = 'x', repo = 'loom') =>
  from.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...here, repo, body })
const failure = (answer: Promise<unknown>) => answer.catch((error: unknown) => error)
const requests = () => sent.map(({ what }) => what)

describe('writes', () => {
  it('of one account leave a turn apart, however many clients want to at once', async () => {
    const throttle = createPace(100, 0)
    const edit = (from: Client) =>
      from.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...here, comment_id: 1, body: 'y' })
    const writes = [1, 2, 3].flatMap(() => [write(client(throttle, 7)), edit(client(throttle, 7))])
    await Promise.all(writes)
    expect(sent).toHaveLength(6)
    // A timer may fire early by a little, and the write before it have left late.
    for (const [n, { at }] of sent.slice(1).entries()) expect(at - sent[n]!.at).toBeGreaterThan(50)
    expect(sent[5]!.at - sent[0]!.at).toBeGreaterThan(450)
  })

  it('wait for no other account’s, and no question for them', async () => {
    const throttle = createPace(300, 0)
    const [seven, eight] = [client(throttle, 7), client(throttle, 8)]
    await Promise.all([write(seven), write(seven), write(eight), ask(seven), seven.graphql('{ viewer { login } }')])
    const path = '/repos/ada/loom/issues/1/comments'
    const first = [`7 POST ${path}`, `8 POST ${path}`, '7 GET /repos/ada/loom', '7 POST /graphql']
    expect(requests().slice(0, 4).toSorted()).toEqual(first.toSorted())
    expect(requests().slice(4)).toEqual([`7 POST ${path}`])
  })

  it('of GraphQL wait as those of REST do', async () => {
    const from = client(createPace(300, 0), 7)
    await Promise.all([write(from), from.graphql(ADD_REACTION, { subject: 'PRR_1', content: 'EYES' })])
    expect(sent[1]!.at - sent[0]!.at).toBeGreaterThan(250)
  })

  it('that wait for their turn are not sent once the account is told to wait', async () => {
    answers = [said(403, { 'retry-after': '60' })]
    const throttle = createPace(50, 0)
    const all = await Promise.all([1, 2, 3].map(() => failure(write(client(throttle, 7)))))
    expect(all.map((error) => (error as Error).name)).toEqual(['Limited', 'CircuitOpen', 'CircuitOpen'])
    expect(sent).toHaveLength(1)
  })
})

describe('an account', () => {
  const NOW = Date.parse('2026-11-21T10:00:00Z')
  const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000)
  const goTo = (seconds: number) => vi.setSystemTime(inSeconds(seconds))
  beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
  const remaining = (left: number, resetIn: number) => ({
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': String(NOW / 1000 + resetIn),
  })

  it.each([
    { name: 'a secondary limit', answer: said(403, { 'retry-after': '90' }), seconds: 90, fault: Limited },
    { name: 'nothing left', answer: said(403, remaining(0, 90)), seconds: 91, fault: Limited },
    { name: 'the last that was left', answer: said(200, remaining(0, 90)), seconds: 91, fault: undefined },
  ])(
    'that was told to wait asks nothing until then, and another goes on: $name',
    async ({ answer, seconds, fault }) => {
      answers = [answer]
      const throttle = createPace(0, 0)
      const first = await failure(ask(client(throttle, 7)))
      if (fault !== undefined) expect(first).toBeInstanceOf(fault)
      goTo(seconds - 0.001)
      for (const asked of [ask, write]) {
        const refused = await failure(asked(client(throttle, 7), 'other'))
        expect(refused).toBeInstanceOf(CircuitOpen)
        expect(refused).toMatchObject({ retryAt: inSeconds(seconds) })
      }
      await ask(client(throttle, 8))
      goTo(seconds)
      await ask(client(throttle, 7))
      expect(requests()).toEqual(['7', '8', '7'].map((account) => `${account} GET /repos/ada/loom`))
    },
  )

  it('that is told by GraphQL, with status 200, waits as well', async () => {
    answers = [said(200, remaining(0, 30), { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate…' }] })]
    const seven = client(createPace(0, 0), 7)
    expect(await failure(seven.graphql('{ viewer { login } }'))).toMatchObject({
      name: 'Limited',
      retryAt: inSeconds(31),
    })
    expect(await failure(ask(seven))).toBeInstanceOf(CircuitOpen)
  })

  it('that is told again and again without a time waits a minute, then twice as long; an answer ends that', async () => {
    const told = said(403, {}, { message: 'You have exceeded a secondary rate limit.' })
    const seven = client(createPace(0, 0), 7)
    const pausedFor = async () => {
      answers = [told]
      const now = Date.now()
      await Promise.all([failure(ask(seven)), failure(ask(seven))])
      const { retryAt } = (await failure(ask(seven))) as CircuitOpen
      vi.setSystemTime(retryAt!)
      return (retryAt!.getTime() - now) / 60_000
    }
    const minutes = []
    for (let n = 0; n < 8; n++) minutes.push(await pausedFor())
    await ask(seven)
    expect([...minutes, await pausedFor()]).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 1])
  })

  it('asks a repository that has no answer once, then others wait; only one finds out, and the wait grows', async () => {
    const throttle = createPace(0, 0)
    const waits: number[] = []
    for (let n = 0; n < 9; n++) {
      answers = [n % 2 === 0 ? said(502) : broken]
      const now = Date.now()
      expect(await failure(ask(client(throttle, 7)))).toMatchObject({ name: 'Unavailable', retryAt: undefined })
      const { retryAt } = (await failure(ask(client(throttle, 7)))) as CircuitOpen
      waits.push((retryAt!.getTime() - now) / 1000)
      await ask(client(throttle, 7), 'other')
      vi.setSystemTime(retryAt!)
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60])
    sent = []
    const both = await Promise.all([ask(client(throttle, 7)), failure(ask(client(throttle, 7)))])
    expect(both).toMatchObject([{ status: 200 }, { name: 'CircuitOpen' }])
    expect(sent).toHaveLength(1)
    await ask(client(throttle, 7))
  })

  it.each([
    { name: 'refuses', answer: said(404), fault: GitHubRefused },
    { name: 'answers', answer: said(200), fault: undefined },
  ])('goes on with a repository that $name again', async ({ answer, fault }) => {
    const seven = client(createPace(0, 0), 7)
    answers = [said(500), answer]
    await failure(ask(seven))
    goTo(0.5)
    const tried = await failure(ask(seven))
    if (fault !== undefined) expect(tried).toBeInstanceOf(fault)
    await ask(seven)
    expect(sent).toHaveLength(3)
  })

  it('does not write again before a write whose answer was lost must show, and reads meanwhile', async () => {
    answers = [broken]
    const seven = client(createPace(0, 10_000), 7)
    expect(await failure(write(seven))).toBeInstanceOf(Unavailable)
    await ask(seven)
    expect(await failure(write(seven))).toMatchObject({ name: 'CircuitOpen', retryAt: inSeconds(10) })
    await write(seven, 'x', 'other')
    goTo(10)
    await write(seven)
    expect(sent).toHaveLength(4)
  })

  it('tells when a write whose answer was lost must show; of a question, and of what was not sent, there is nothing to tell', async () => {
    answers = [broken, said(401), broken, said(502)]
    const seven = client(createPace(0, 10_000), 7)
    const shownAt = async (answer: Promise<unknown>) => ((await failure(answer)) as Unavailable).shownAt
    expect(await shownAt(write(seven))).toEqual(inSeconds(10))
    expect(await shownAt(write(seven))).toBeUndefined()
    expect(await shownAt(write(seven, 'x', 'refusing'))).toBeUndefined()
    expect(await shownAt(ask(seven, 'other'))).toBeUndefined()
    expect(await shownAt(write(seven, 'x', 'another'))).toEqual(inSeconds(10))
    expect(sent).toHaveLength(4)
  })

  it('does not write again because a write that was under way already is answered', async () => {
    const answered = Promise.withResolvers<void>()
    const seven = client(createPace(0, 10_000), 7)
    const slow = seven.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...here,
      body: 'x',
      request: { fetch: () => answered.promise.then(said(201)) },
    })
    answers = [broken]
    expect(await failure(write(seven))).toBeInstanceOf(Unavailable)
    answered.resolve()
    await slow
    expect(await failure(write(seven))).toMatchObject({ name: 'CircuitOpen', retryAt: inSeconds(10) })
    goTo(10)
    await write(seven)
  })

  it('does not write to a repository before a mutation of it whose answer was lost must show', async () => {
    answers = [broken]
    const seven = client(createPace(0, 10_000), 7)
    const does = { comment: true, update: true, reaction: false }
    const publish = (repository: string) => seven.graphql(publication(does), { request: { repository } })
    expect(await failure(publish('Ada/Loom'))).toBeInstanceOf(Unavailable)
    await ask(seven)
    for (const refused of [failure(write(seven)), failure(publish('ada/loom'))])
      expect(await refused).toMatchObject({ name: 'CircuitOpen', retryAt: inSeconds(10) })
    await publish('ada/other')
    goTo(10)
    await write(seven)
    expect(sent).toHaveLength(4)
  })

  it.each([
    { name: 'half an answer', answer: said(200, {}, '{"id":'), status: 'Unavailable' },
    { name: 'half a list', answer: said(201, {}, ''), status: 'Unavailable' },
    { name: 'a page of HTML', answer: said(502, { 'content-type': 'text/html' }, '<p>Unicorn'), status: 'Unavailable' },
  ])('takes $name for none', async ({ answer, status }) => {
    answers = [answer]
    expect(await failure(ask(client(createPace(0, 0), 7)))).toMatchObject({ name: status })
  })
})
