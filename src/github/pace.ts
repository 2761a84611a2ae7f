import { suspendGuard } from '../ops/suspend-guard.ts'
import { faultIn, toldUntil, translate } from './errors.ts'
import type { Client } from './github.ts'
import { createPauses, type Place } from './pauses.ts'
import { requestContext } from './request-context.ts'
import { createTurns } from './turns.ts'

/** GitHub asks for a second between two writes; on this machine there is nobody to spare. */
const SPACE_MS = 1_000
/** A write whose answer was lost shows in GitHub's lists by then, or never. */
const WRITTEN_MS = 10_000

/** How each installation, and the App itself, asks GitHub, whichever client does it. */
export type Pace = (account: Place['account'], client: Client) => Client

/** The pace that GitHub asks for. `dropToken`: the installation's is not accepted any more. */
export function paceFor(apiUrl: string, dropToken: (installation: number) => void): Pace {
  const isHere = /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(apiUrl)
  return isHere ? createPace(0, 500, dropToken) : createPace(SPACE_MS, WRITTEN_MS, dropToken)
}

/**
 * Writes of one account leave `spaceMs` apart, however many want to at once, in turns of repositories and persons; and
 * what GitHub said holds for all that is asked after it. Requests fail as `asked` tells.
 */
export function createPace(spaceMs: number, writtenMs: number, dropToken: (installation: number) => void): Pace {
  const turn = createTurns(spaceMs)
  const pauses = createPauses(writtenMs)
  return (account, client) => {
    client.hook.wrap('request', async (request, options) => {
      // A token is asked for within another request.
      if (options.url.endsWith('/access_tokens')) return request(options)
      const place = placeOf(account, options)
      pauses.check(place)
      const assertNotSuspended = suspendGuard()
      const context = requestContext()
      if (context !== undefined) context.sent++
      if (place.write)
        sendWith(options, async () => {
          await turn(account, context ?? { lane: place.repository ?? '', first: false })
          pauses.checkAccount(place)
          assertNotSuspended()
        })
      try {
        const answer = await request(options)
        const fault = faultIn(answer)
        if (fault !== undefined) throw fault
        pauses.answered(place, toldUntil(answer.headers))
        return answer
      } catch (error) {
        const fault = translate(error)
        pauses.failed(place, fault)
        // It may have been taken back, or have run out while this machine slept.
        if ((error as { status?: unknown }).status === 401 && account !== 'app') dropToken(account)
        throw fault
      }
    })
    return client
  }
}

interface RequestOptions {
  method: string
  url: string
  owner?: unknown
  repo?: unknown
  query?: unknown
  request: { fetch?: typeof fetch }
}

/** Where a request goes. GraphQL asks and writes at one address. */
function placeOf(account: Place['account'], { method, url, owner, repo, query }: RequestOptions): Place {
  const isNamed = typeof owner === 'string' && typeof repo === 'string'
  return {
    account,
    repository: isNamed ? `${owner}/${repo}`.toLowerCase() : undefined,
    write: url.endsWith('/graphql') ? /^\s*mutation\b/.test(String(query)) : method !== 'GET',
  }
}

/** Has a request wait for something just before it is sent: its token may be fetched first. Hooks share `options`. */
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
