import { schema } from '@octokit/graphql-schema'
import { buildSchema, execute, GraphQLError, parse } from 'graphql'
import type { Answer, Fault } from '../../../importers/github/answers.ts'
import type { Github } from '../../../importers/github/fetching.ts'

const published = buildSchema(schema.idl, { assumeValidSDL: true })

export interface MadeUp {
  id: number
  login: string
  years?: number[]
  repositories?: object[]
  /** Newest first. */
  pulls?: object[]
  reviews?: object[]
  /** Search refuses to look for them. */
  unsearchable?: boolean
}

type Asked = { text: string; variables: Record<string, unknown> }

/** People made up, asked about through GitHub's published schema. `first`: what happens before an answer; it may throw. */
export function madeUpGithub(
  people: readonly MadeUp[],
  {
    organizations = [],
    starred = [],
    first,
  }: { organizations?: string[]; starred?: object[]; first?: (asked: Asked) => void } = {},
) {
  const asked: Asked[] = []
  const find = (login: string) => people.find((person) => person.login.toLowerCase() === login.toLowerCase())
  const root = {
    rateLimit: { limit: 5_000, cost: 1, remaining: 4_000, resetAt: '2026-11-21T14:05:00Z' },
    user({ login }: { login: string }) {
      const person = find(login)
      if (person === undefined) throw fault('NOT_FOUND')
      return userNode(person)
    },
    repositoryOwner({ login }: { login: string }) {
      if (organizations.includes(login)) return { __typename: 'Organization', login }
      const person = find(login)
      return person === undefined ? null : { __typename: 'User', login }
    },
    search({ query, type, first: size, after }: { query: string; type: string; first: number; after?: string }) {
      if (type === 'REPOSITORY') return page(starredIn(starred, query), size, after)
      const person = find(/author:(\S+)/.exec(query)![1]!)!
      if (person.unsearchable === true) throw fault('UNPROCESSABLE')
      const found = (person.pulls ?? []).filter((pull) => isSearched(pull as Pull, query, person.login))
      return { issueCount: found.length, ...page(found.slice(0, 1_000), size, after) }
    },
    node: ({ id }: { id: string }) =>
      people.flatMap(({ pulls = [] }) => pulls).find((pull) => (pull as Pull).id === id),
    repository: ({ owner, name }: { owner: string; name: string }) =>
      find(owner)?.repositories?.find(
        (each) => (each as { nameWithOwner: string }).nameWithOwner === `${owner}/${name}`,
      ),
  }

  async function query(text: string, variables: Record<string, unknown>, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted()
    asked.push({ text, variables })
    first?.({ text, variables })
    // Each query is validated in queries.test.ts; here that would take most of the time.
    const { data, errors = [] } = await execute({
      schema: published,
      document: parse(text),
      rootValue: root,
      variableValues: variables,
    })
    const wrong = errors.find(({ extensions }) => extensions['type'] === undefined)
    if (wrong !== undefined) throw wrong
    return {
      data: { ...data },
      faults: errors.map((error): Fault => ({ path: [...error.path!], type: error.extensions['type'] as string })),
    }
  }

  const github: Github = {
    host: 'github.com',
    pages: 'https://github.com',
    query,
    loginOf: async (id) => people.find((person) => person.id === id)?.login,
    spent: { requests: 0, points: 0 },
    left: undefined,
  }
  return { github, asked }
}

function fault(type: string): GraphQLError {
  return new GraphQLError(type, { extensions: { type } })
}

type Pull = { id: string; state: string; createdAt: string; repository: { owner: { login: string } } }

function isSearched({ state, createdAt, repository }: Pull, query: string, login: string): boolean {
  const before = /created:<=(\S+)/.exec(query)?.[1]
  return (
    repository.owner.login !== login &&
    (!query.includes('is:merged') || state === 'MERGED') &&
    (!query.includes('is:unmerged') || state === 'CLOSED') &&
    (before === undefined || createdAt <= before)
  )
}

function starredIn(starred: object[], query: string): object[] {
  const most = Number(/stars:\d+\.\.(\d+)/.exec(query)?.[1] ?? Infinity)
  return starred.filter((each) => (each as { stargazerCount: number }).stargazerCount <= most).slice(0, 1_000)
}

function page(all: readonly object[], first: number, after: string | undefined) {
  const start = Number(after ?? 0)
  const end = start + first
  return {
    totalCount: all.length,
    pageInfo: { hasNextPage: end < all.length, endCursor: String(end) },
    nodes: all.slice(start, end),
  }
}

interface Page {
  first: number
  after?: string
  states?: string[]
  isFork?: boolean
}

function userNode({ id, login, years = [2026], repositories = [], pulls = [], reviews = [] }: MadeUp) {
  return {
    __typename: 'User',
    databaseId: id,
    login,
    name: `Name of ${login}`,
    bio: null,
    location: null,
    createdAt: '2024-03-01T00:00:00Z',
    followers: { totalCount: 3 },
    issues: { totalCount: 2 },
    repositories: ({ first, after, isFork }: Page) => page(isFork === true ? [] : repositories, first, after),
    pullRequests: ({ first, after, states }: Page) =>
      page(
        pulls.filter((pull) => states!.includes((pull as Pull).state)),
        first,
        after,
      ),
    contributionsCollection: ({ from, to }: { from?: string; to?: string }) => ({
      contributionYears: years,
      startedAt: from,
      endedAt: to,
      totalCommitContributions: 100,
      totalPullRequestContributions: 10,
      totalPullRequestReviewContributions: reviews.length,
      totalIssueContributions: 1,
      pullRequestReviewContributions: ({ first, after }: Page) => page(reviews, first, after),
    }),
  }
}

export function repositoryNode(nameWithOwner: string, more: object = {}): object {
  const none = { totalCount: 0 }
  return {
    __typename: 'Repository',
    nameWithOwner,
    owner: { __typename: 'User', login: nameWithOwner.split('/')[0] },
    isFork: false,
    isPrivate: false,
    isArchived: false,
    isMirror: false,
    isTemplate: false,
    stargazerCount: 40,
    forkCount: 4,
    watchers: { totalCount: 5 },
    createdAt: '2024-04-01T00:00:00Z',
    pushedAt: '2026-10-01T00:00:00Z',
    description: 'A thing',
    licenseInfo: { spdxId: 'MIT' },
    primaryLanguage: { name: 'Rust' },
    languages: {
      edges: [
        { size: 5_000, node: { name: 'Rust' } },
        { size: 20, node: { name: 'Shell' } },
      ],
    },
    repositoryTopics: { nodes: [{ topic: { name: 'cli' } }] },
    releases: { totalCount: 2, nodes: [{ author: { login: 'ada' } }, { author: null }] },
    pullRequests: ({ states }: { states: string[] }) => ({ totalCount: states[0] === 'MERGED' ? 80 : 20 }),
    hasIssuesEnabled: true,
    issues: none,
    object: ({ expression }: { expression: string }) => TREE[expression] ?? null,
    ...more,
  }
}

const TREE: Record<string, object> = {
  'HEAD:': { __typename: 'Tree', entries: [{ name: 'Cargo.toml' }, { name: 'src' }] },
  'HEAD:.github/workflows': { __typename: 'Tree', entries: [{ name: 'ci.yml' }] },
  'HEAD:Cargo.toml': { __typename: 'Blob', isTruncated: false, text: '[dependencies]\nserde = "1"\n' },
}

export function pullNode(number: number, repository: object, more: object = {}): object {
  const day = new Date(Date.UTC(2026, 9, 1) - number * 3_600_000).toISOString().replace('.000Z', 'Z')
  return {
    __typename: 'PullRequest',
    id: `PR_${number}`,
    url: `https://github.com/${(repository as { nameWithOwner: string }).nameWithOwner}/pull/${number}`,
    state: 'MERGED',
    createdAt: day,
    closedAt: day,
    additions: 10,
    deletions: 2,
    mergedBy: { __typename: 'User', login: 'bob' },
    author: { __typename: 'User', login: 'ada' },
    commits: { totalCount: 1 },
    repository,
    timelineItems: {
      nodes: [
        { __typename: 'PullRequestCommit' },
        { __typename: 'PullRequestReview', author: { __typename: 'User', login: 'ada' } },
        { __typename: 'PullRequestCommit' },
        { __typename: 'PullRequestReview', author: { __typename: 'User', login: 'bob' } },
        { __typename: 'PullRequestCommit' },
        { __typename: 'HeadRefForcePushedEvent' },
      ],
    },
    ...more,
  }
}

export function reviewNode(repository: object, author: string | null): object {
  return {
    occurredAt: '2026-06-01T00:00:00Z',
    pullRequestReview: { comments: { totalCount: 3 } },
    pullRequest: { author: author === null ? null : { __typename: 'User', login: author }, repository },
  }
}
