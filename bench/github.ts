import { graphqlFaults } from '../local-github/graphql/faults.ts'
import { startLocalGitHub, type LocalGitHub } from '../local-github/local-github.ts'

/**
 * The local GitHub in a process of its own, for it keeps what it is asked: `node bench/github.ts <people> <share that
 * fails>`. Sends `Started`, 'asked' when it is first asked for something, and `Counted` to each message.
 */
export interface Started {
  url: string
  token: string
}

/** What was asked with GraphQL since the last message, and its points by GitHub's formula. */
export interface Counted {
  requests: number
  points: number
}

const NO_LIMIT = 1e9

function fail(gh: LocalGitHub, share: number) {
  gh.fault(graphqlFaults.timeout({ share: share / 2 }))
  gh.fault(graphqlFaults.resourceLimits({ share: share / 2 }))
}

const [people, failing] = process.argv.slice(2).map(Number)
const gh = await startLocalGitHub({ people: { count: people! } })
gh.limits.points = NO_LIMIT
gh.user('operator')
fail(gh, failing!)
let before = gh.limits.usage()
process.on('message', () => {
  const { graphql, points } = gh.limits.usage()
  const counted: Counted = { requests: graphql - before.graphql, points: points - before.points }
  before = gh.limits.usage()
  gh.requests.length = 0
  process.send!(counted)
})
const stop = gh.onRequest(() => {
  stop()
  process.send!('asked')
})
process.send!({ url: gh.url, token: gh.as('operator').token } satisfies Started)
