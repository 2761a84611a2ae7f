import { Unavailable } from '../domain/errors.ts'
import { suspendGuard } from '../ops/suspend-guard.ts'
import { faultIn, Limited, waitUntilOf, translate } from './errors.ts'
import { createCircuitBreaker, type RequestTarget } from './circuit-breaker.ts'
import { requestContext } from './request-context.ts'
import { createFairQueue } from './fair-queue.ts'
import type { Client } from './client.ts'

/** GitHub asks for a second between two writes; a GitHub on this machine needs none. */
const SPACE_MS = 1_000
/** After this time a write whose answer was lost shows in GitHub's lists, or never. */
const WRITTEN_MS = 10_000

/** Throttles the requests of an installation, or of the App itself, whichever client sends them. */
export type RequestThrottle = (account: RequestTarget['account'], client: Client) => Client

/** The throttle by GitHub's guidelines. `dropToken` is called when an installation's token is not accepted any more. */
export function requestThrottleFor(apiUrl: string, dropToken: (installation: number) => void): RequestThrottle {
  const isHere = /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(apiUrl)
  return isHere ? createRequestThrottle(0, 500, dropToken) : createRequestThrottle(SPACE_MS, WRITTEN_MS, dropToken)
}

/**
 * Sends the writes of one account `spaceMs` apart, in a fair order of repositories and persons, and asks the circuit
 * breaker before each request. Requests fail as `call` tells.
 */
export function createRequestThrottle(
  spaceMs: number,
  writtenMs: number,
  dropToken: (installation: number) => void,
): RequestThrottle {
  const nextSlot = createFairQueue(spaceMs)
  const breaker = createCircuitBreaker(writtenMs)
  return (account, client) => {
    client.hook.wrap('request', async (request, options) => {
      // A token is requested within another request.
      if (options.url.endsWith('/access_tokens')) return request(options)
      const target = targetOf(account, options)
      breaker.check(target)
      const assertNotSuspended = suspendGuard()
      const context = requestContext()
      if (context !== undefined) context.sent++
      let isWriteSent = false
      if (target.write)
        sendWith(options, async () => {
          await nextSlot(account, context ?? { lane: target.repository ?? '', first: false })
          breaker.checkAccount(target)
          assertNotSuspended()
          isWriteSent = true
        })
      try {
        const answer = await request(options)
        const fault = faultIn(answer)
        if (fault !== undefined) throw fault
        breaker.answered(target, waitUntilOf(answer.headers))
        return answer
      } catch (error) {
        const fault = translate(error)
        breaker.failed(target, fault)
        // The token may have been revoked, or have expired while this machine slept.
        if ((error as { status?: unknown }).status === 401 && account !== 'app') dropToken(account)
        throw isWriteSent ? faultOfWrite(fault, writtenMs) : fault
      }
    })
    return client
  }
}

/** The fault of a write that was sent: where GitHub may have done it without having said so, with when it shows. */
function faultOfWrite(fault: unknown, writtenMs: number): unknown {
  if (!(fault instanceof Unavailable) || fault instanceof Limited) return fault
  const { message, cause, retryAt } = fault
  const { status = 500 } = (cause ?? {}) as { status?: number }
  if (status < 500) return fault
  return new Unavailable(message, { cause, retryAt, shownAt: new Date(Date.now() + writtenMs) })
}

interface RequestOptions {
  method: string
  url: string
  owner?: unknown
  repo?: unknown
  query?: unknown
  request: { fetch?: typeof fetch; repository?: unknown }
}

/**
 * The account and repository that a request counts for. GraphQL queries and mutations have one address: one that counts
 * for a repository names it in `request`, as `owner/repo`.
 */
function targetOf(
  account: RequestTarget['account'],
  { method, url, owner, repo, query, request }: RequestOptions,
): RequestTarget {
  const named = typeof owner === 'string' && typeof repo === 'string' ? `${owner}/${repo}` : request.repository
  return {
    account,
    repository: typeof named === 'string' ? named.toLowerCase() : undefined,
    write: url.endsWith('/graphql') ? /^\s*mutation\b/.test(String(query)) : method !== 'GET',
  }
}

/** Delays a request just before it is sent, after its token was fetched. Hooks share `options`. */
function sendWith(options: RequestOptions, before: () => Promise<void>) {
  const send = options.request.fetch ?? fetch
  options.request = {
    ...options.request,
    async fetch(...sent) {
      await before()
      return send(...sent)
    },
  }
}
