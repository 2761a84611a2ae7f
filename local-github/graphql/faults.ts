import type { Fault } from '../faults.ts'
import { resourceLimits } from './failure.ts'

/** Selects the requests that a fault hits; by default the next one. */
type Which = Pick<Fault, 'asking' | 'times' | 'until' | 'every' | 'share'>

const graphql =
  (how: Fault) =>
  (which: Which = {}) => ({ path: /^\/graphql$/, ...how, ...which })

/** Faults of GitHub's GraphQL API, in its own answers. */
export const graphqlFaults = {
  /** Status 200, with the error of a query that is too much. */
  resourceLimits: graphql({
    status: 200,
    body: { data: null, errors: [{ type: resourceLimits().type, message: resourceLimits().message }] },
  }),
  /** Status 200, with an error that Octokit's throttling does not know. */
  rateLimit: graphql({
    status: 200,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'graphql' },
    body: { errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: 'API rate limit already exceeded.' }] },
  }),
  secondary: (which: Which & { status?: 403 | 429; retryAfter?: number } = {}) => {
    const { status = 403, retryAfter = 60, ...rest } = which
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    return graphql({ status, headers: { 'retry-after': String(retryAfter) }, body: { message } })(rest)
  },
  timeout: (which: Which & { status?: 502 | 504 } = {}) => {
    const { status = 502, ...rest } = which
    const message = 'Something went wrong while executing your query. This may be the result of a timeout.'
    return graphql({ status, body: { data: null, errors: [{ message }] } })(rest)
  },
  /** Never answered. */
  hang: graphql({ hang: true }),
}
