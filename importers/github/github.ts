import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Octokit } from '@octokit/core'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { z } from 'zod'
import { type Answer, partOf, Told, wholeOf } from './answers.ts'
import { LimitReached, TokenRefused } from './errors.ts'
import type { Github } from './fetching.ts'

export interface Opening {
  /** `https://api.github.com`, or `https://<host>/api/v3`. */
  apiUrl: string
  token: string
  host: string
  /** The address of GitHub's pages: `https://github.com`. */
  pages: string
  /** The points of the token's rate limit that are not used: `LEAST` unless given. */
  floor?: (limit: number) => number
  /**
   * At a rate limit: reject with LimitReached (unless given), or wait until its end, calling `waiting` with the time.
   */
  atLimit?: 'reject' | { waiting(until: Date): void }
  /** Milliseconds since 1970. */
  now?: () => number
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

const LEAST = () => 200
/** The floor for an installation's token, which the App uses as well. */
export const HALF = (limit: number) => limit / 2

const MINUTE_MS = 60_000
const LONGEST_PAUSE_MS = 3_600_000
/** Timeout in milliseconds; GitHub itself gives a query ten seconds. */
const ANSWER_MS = 60_000

/**
 * GitHub with one token. Open one for a token and share it: all its requests are queued, because GitHub's real limit is
 * the processor time that a token takes. octokit's plugins throttle them and retry one whose connection broke. Waiting
 * out rate limits is our own: the plugins' neither doubles nor ends with a signal, and misses a 200 that means
 * RATE_LIMIT.
 */
export function openGithub(opening: Opening): Github {
  const { host, pages, floor = LEAST, atLimit = 'reject', now = Date.now, sleep = sleepWell } = opening
  const spent = { requests: 0, points: 0 }
  const octokit = connect(opening, () => spent.requests++)
  const inTurn = createLine()
  let left: Github['left']
  /** No request is sent before this time, in milliseconds since 1970. */
  let heldUntil = 0
  let pauseMs = MINUTE_MS

  async function holdBack(signal: AbortSignal): Promise<void> {
    while (heldUntil > now()) {
      if (atLimit === 'reject') throw new LimitReached(new Date(heldUntil))
      atLimit.waiting(new Date(heldUntil))
      await sleep(heldUntil - now(), signal)
      signal.throwIfAborted()
    }
  }

  function told({ until }: Told) {
    heldUntil = until ?? now() + pauseMs
    if (until === undefined) pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }

  function counted(answer: Answer): Answer {
    const limit = RateLimit.safeParse(answer.data['rateLimit']).data
    if (limit === undefined) return answer
    spent.points += limit.cost
    left = { points: limit.remaining, resetAt: limit.resetAt }
    if (limit.remaining < floor(limit.limit)) heldUntil = limit.resetAt.getTime() + 1000
    return answer
  }

  function ask<T>(send: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return inTurn(async () => {
      for (;;) {
        signal.throwIfAborted()
        await holdBack(signal)
        try {
          const answer = await inTime(send, signal)
          pauseMs = MINUTE_MS
          return answer
        } catch (error) {
          signal.throwIfAborted()
          if (!(error instanceof Told)) throw error
          told(error)
        }
      }
    })
  }

  return {
    host,
    pages,
    spent,
    get left() {
      return left
    },
    query: (text, variables, signal) =>
      ask(async (ends) => {
        const answer = octokit.graphql(text, { ...variables, request: { signal: ends } })
        return counted(await answer.then(wholeOf, (error: unknown) => partOf(error, now())))
      }, signal),
    loginOf: (id, signal) =>
      ask(async (ends) => {
        const answer = octokit.request('GET /user/{account_id}', { account_id: id, request: { signal: ends } })
        return answer.then(
          ({ data }) => User.parse(data).login,
          (error: unknown) => {
            if ((error as { status?: unknown }).status !== 404) partOf(error, now())
            return undefined
          },
        )
      }, signal),
  }
}

const RateLimit = z.object({
  limit: z.number(),
  cost: z.number(),
  remaining: z.number(),
  resetAt: z.string().transform((iso) => new Date(iso)),
})

const User = z.object({ login: z.string() })

const Client = Octokit.plugin(retry, throttling)
const isHere = /^https?:\/\/(?:localhost|127\.|\[::1\])/

function connect({ apiUrl, token }: Opening, sending: () => void): Octokit {
  // fetch's error for an invalid header repeats the header.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TokenRefused(401)
  const says = () => {}
  return new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: 'wasteland-bridge',
    log: { debug: says, info: says, warn: says, error: says },
    request: {
      fetch: (...sent: Parameters<typeof fetch>) => {
        sending()
        return fetch(...sent)
      },
    },
    // A rate limit is no error to retry after a second.
    retry: {
      retries: 1,
      doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
      retryAfterBaseValue: isHere.test(apiUrl) ? 1 : 1000,
    },
    throttle: {
      // A GitHub on this machine needs no throttle.
      enabled: !isHere.test(apiUrl),
      id: randomUUID(),
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  })
}

/** A queue, first in, first out; one that fails does not hold up the rest. */
function createLine(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}

/**
 * Rejects with the signal, or after the timeout. An AbortSignal.timeout would keep the answer in memory until its end.
 */
async function inTime<T>(send: (ends: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  const ending = new AbortController()
  const end = () => ending.abort(signal.reason)
  const timer = setTimeout(() => ending.abort(new DOMException('no answer', 'TimeoutError')), ANSWER_MS)
  signal.addEventListener('abort', end)
  try {
    return await send(ending.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

/** Sleeps; ends early with the signal. */
async function sleepWell(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {})
}
