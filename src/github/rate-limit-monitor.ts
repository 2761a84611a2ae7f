import type { LimitLeft } from '../ops/metrics.ts'
import { saysAccount } from './errors.ts'
import type { RequestTarget } from './circuit-breaker.ts'
import type { Client } from './client.ts'

/** Watches the rate limit headers and the refusals of all of GitHub's answers. */
export interface RateLimitMonitor {
  /** Watches the answers that an account's client gets. */
  on(account: RequestTarget['account'], client: Client): Client
  /**
   * The rest of each rate limit. Among the installations only the one with least left counts: there may be many, and
   * that one stops first. A limit whose hour is over is left out.
   */
  limits(): LimitLeft[]
  /** Whether GitHub's last answer refused the App's credentials. */
  isRefused(): boolean
  /** The owners whose account refused our last request: an IP allow list, or SAML. */
  refusing(): string[]
}

/** The rate limits that we use; any other counts as `other`. */
const RESOURCES = new Set(['core', 'graphql', 'search'])
/** Above this number the limits whose hour is over are dropped. */
const MANY = 1_000
/** The largest number of owners that are remembered. */
const MANY_OWNERS = 20

interface Response {
  headers: Record<string, string | number | undefined>
  data?: unknown
}

/** True for a wrong key, a wrong clock or a deleted App. */
function isRefusal(status: number | undefined, { data }: Response): boolean {
  const { message } = (data ?? {}) as { message?: unknown }
  return status === 401 || (status === 404 && /^integration not found/i.test(String(message)))
}

/** The owner in a request, REST or GraphQL. */
function ownerIn(options: object): unknown {
  const { owner, variables } = options as { owner?: unknown; variables?: unknown }
  return owner ?? (variables as { owner?: unknown } | undefined)?.owner
}

function hasErrors(data: unknown): boolean {
  return Array.isArray((data as { errors?: unknown } | null)?.errors)
}

/** `onRefusing` is called with an owner when their account begins to refuse us. */
export function createRateLimitMonitor(
  now: () => number = Date.now,
  onRefusing: (owner: string) => void = () => {},
): RateLimitMonitor {
  const seen = new Map<string, LimitLeft & { until: number }>()
  let refused = false
  const refusing = new Map<string, string>()

  function readLimit(account: RequestTarget['account'], headers: Response['headers']) {
    const [left, of, reset] = ['remaining', 'limit', 'reset'].map((name) => Number(headers[`x-ratelimit-${name}`]))
    if (!(left! >= 0 && of! > 0 && reset! > 0)) return
    if (seen.size > MANY) for (const [key, { until }] of seen) if (until <= now()) seen.delete(key)
    const header = String(headers['x-ratelimit-resource'])
    const resource = RESOURCES.has(header) ? header : 'other'
    const whose = account === 'app' ? 'app' : 'installation'
    seen.set(`${account} ${resource}`, { account: whose, resource, left: left!, of: of!, until: reset! * 1000 })
  }

  /** The owner is taken from the request. */
  function readRefusal(owner: unknown, status: number, data: unknown) {
    if (typeof owner !== 'string' || status >= 500) return
    const key = owner.toLowerCase()
    if (status !== 403 || !saysAccount(data)) refusing.delete(key)
    else if (!refusing.has(key) && refusing.size < MANY_OWNERS) {
      refusing.set(key, owner)
      onRefusing(owner)
    }
  }

  return {
    on(account, client) {
      client.hook.wrap('request', async (request, options) => {
        // A token request is the App's own, within another request.
        const asker = options.url.endsWith('/access_tokens') ? 'app' : account
        try {
          const answer = await request(options)
          readLimit(asker, answer.headers)
          // GraphQL refuses with status 200.
          if (asker !== 'app') readRefusal(ownerIn(options), hasErrors(answer.data) ? 403 : 200, answer.data)
          if (asker === 'app') refused = false
          return answer
        } catch (error) {
          const { status, response } = error as { status?: number; response?: Response }
          if (response !== undefined) readLimit(asker, response.headers)
          if (asker !== 'app' && status !== undefined) readRefusal(ownerIn(options), status, response?.data)
          if (asker === 'app' && response !== undefined) refused = isRefusal(status, response)
          throw error
        }
      })
      return client
    },
    limits() {
      const least = new Map<string, LimitLeft>()
      for (const { until, ...one } of seen.values()) {
        const key = `${one.account} ${one.resource}`
        if (until > now() && one.left < (least.get(key)?.left ?? Infinity)) least.set(key, one)
      }
      return [...least.values()]
    },
    isRefused: () => refused,
    refusing: () => [...refusing.values()].toSorted((a, b) => a.localeCompare(b)),
  }
}
