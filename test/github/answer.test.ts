import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Unavailable } from '../../src/domain/errors.ts'
import { ask, askGraphql, type GitHubAnswer, refusalIn, waitFor } from '../../src/github/github-answer.ts'
import { countChecks } from '../../src/github/checks.ts'
import { coAuthorsOf } from '../../src/github/co-authors.ts'
import { mergedPullsWith, openPullsAt } from '../../src/github/commit-pulls.ts'
import { type PullRequestCommit, isAncestor } from '../../src/github/commits.ts'
import { AccountRefused, faultIn, GitHubRefused } from '../../src/github/errors.ts'
import { listFiles } from '../../src/github/folder-names.ts'
import { listVersions } from '../../src/github/issue-edits.ts'
import { listClosingIssues, listClosingPulls } from '../../src/github/linked-issues.ts'
import { readBodyAtMerge } from '../../src/github/pull-text.ts'
import { isInTeam } from '../../src/github/repositories.ts'
import type { Installations } from '../../src/github/client.ts'
import { reaching } from './reaching.ts'

const name = { installation: 1, owner: 'acme', repo: 'app' }
const commit = { sha: 'c'.repeat(40), nodeId: 'C_1' } as PullRequestCommit
const account = { id: 1, login: 'bob', type: 'User' as const }
const merged = { number: 5, title: '', createdAt: '2026-01-01T00:00:00Z', mergedAt: '2026-01-02T00:00:00Z' }

type Reader = (client: Installations) => Promise<unknown>
/** Every question on which something is decided, and what would be its empty answer. */
const READERS: Record<string, Reader> = {
  'the issues that a pull request closes': (client) => listClosingIssues(client, name, 5),
  'the pull requests that close an issue': (client) => listClosingPulls(client, name, 5),
  'the files in some folders': (client) => listFiles(client, name, [name], ['']),
  'the checks of a commit': (client) => countChecks(client, name, commit.sha, 1),
  'the co-authors of commits': (client) => coAuthorsOf(client, name, [commit]),
  'the pull requests that brought a commit': (client) => mergedPullsWith(client, name, commit.sha),
  'the open pull requests at a commit': (client) => openPullsAt(client, name, commit.sha),
  'whether a commit has another in its history': (client) => isAncestor(client, name, { ancestor: 'a', of: 'b' }),
  'whether somebody is in a team': (client) => isInTeam(client, name, 'acme', 'core', account),
}

/** A client that answers every request so; GraphQL as its hook does. */
function client({ rest, graphql }: { rest: () => unknown; graphql: () => unknown }): Installations {
  const request = async () => rest()
  return reaching({ request, paginate: request, graphql: async () => graphql() })
}

/** Throws what our client does for GraphQL's body, or gives its data. */
function told(body: { data?: unknown; errors?: object[] }): unknown {
  const fault = faultIn({ status: 200, headers: {}, data: body })
  if (fault !== undefined) throw fault
  return body.data
}

const raise = (error: Error) => () => {
  throw error
}

describe('a refusal is not empty', () => {
  const forbidden = client({
    rest: raise(new GitHubRefused(403, undefined)),
    graphql: () => told({ errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }] }),
  })
  const account403 = client({
    rest: raise(new AccountRefused(403, undefined)),
    graphql: () =>
      told({ errors: [{ type: 'FORBIDDEN', message: 'Resource protected by organization SAML enforcement.' }] }),
  })
  const away = client({
    rest: raise(new Unavailable('GitHub is down')),
    graphql: raise(new Unavailable('GitHub is down')),
  })

  it.each(Object.entries(READERS))('%s', async (_, read) => {
    expect(await read(forbidden)).toEqual({ refused: { status: 403, why: 'right' } })
    expect(await read(account403)).toEqual({ refused: { status: 403, why: 'account' } })
    await expect(read(away)).rejects.toBeInstanceOf(Unavailable)
  })

  it('the versions of an issue, and a description as it was merged', async () => {
    expect(await listVersions(forbidden, name, 5)).toEqual({ unread: { status: 403, why: 'right' } })
    expect(await listVersions(account403, name, 5)).toEqual({ unread: { status: 403, why: 'account' } })
    expect(await readBodyAtMerge(forbidden, name, merged)).toBeUndefined()
  })

  it('the checks, of which only one half is refused: nobody knows whether all have passed', async () => {
    for (const refused of ['check-runs', 'status']) {
      const half = {
        paginate: async (route: string) => (route.endsWith(refused) ? raise(new GitHubRefused(403, ''))() : []),
      }
      expect(await countChecks(reaching(half), name, commit.sha, 1)).toHaveProperty('refused')
    }
  })

  it('no list where data say nothing of it, without any error', async () => {
    for (const data of [{}, { repository: null }, { repository: { pullRequest: null, issue: null } }]) {
      const empty = client({ rest: () => [], graphql: () => told({ data }) })
      for (const list of [listClosingIssues, listClosingPulls])
        expect(await list(empty, name, 5)).toEqual({ refused: { status: 200, why: 'hidden' } })
      expect(await listVersions(empty, name, 5)).toEqual({ unread: 'gone' })
    }
  })
})

describe('the files in some folders', () => {
  const tree = (...names: string[]) => ({ entries: names.map((one) => ({ name: one, type: 'blob' })) })

  it('are those of each repository, by their paths; a folder within is no file', async () => {
    const data = {
      r0: { f0: { entries: [...tree('a').entries, { name: '.github', type: 'tree' }] }, f1: tree('b') },
      r1: { f0: null, f1: null },
      r2: null,
    }
    const some = client({ rest: () => [], graphql: () => told({ data }) })
    expect(await listFiles(some, name, [name, name, name], ['', '.github'])).toEqual({
      known: [['a', '.github/b'], [], []],
    })
  })

  it('are asked of twenty repositories at once', async () => {
    let asked = 0
    const some = client({ rest: () => [], graphql: () => (asked++, told({ data: { r0: { f0: tree('a') } } })) })
    const { known } = (await listFiles(
      some,
      name,
      Array.from({ length: 41 }, () => name),
      [''],
    )) as { known: string[][] }
    expect([asked, known.length, known.flat().length]).toEqual([3, 41, 3])
  })
})

describe('data beside a refusal', () => {
  const issue = { fullDatabaseId: '7', url: 'https://github.com/acme/app/issues/1' }
  const links = (nodes: unknown) => ({ repository: { pullRequest: { closingIssuesReferences: { nodes } } } })
  const error = { type: 'FORBIDDEN', path: ['repository'], message: 'no' }
  const known = { id: 7, url: issue.url }

  it.each([
    { nodes: [issue, null], errors: [error], is: { known: [known], missing: { status: 403, why: 'right' } } },
    { nodes: [issue], errors: [error], is: { known: [known], missing: { status: 403, why: 'right' } } },
    { nodes: [issue, null], errors: undefined, is: { known: [known], missing: { status: 200, why: 'hidden' } } },
    { nodes: [issue], errors: undefined, is: { known: [known] } },
    { nodes: [], errors: undefined, is: { known: [] } },
    { nodes: null, errors: [error], is: { refused: { status: 403, why: 'right' } } },
    { nodes: null, errors: [{ ...error, type: 'NOT_FOUND' }], is: { refused: { status: 404, why: 'hidden' } } },
  ])('is used, and what is missing is known: $nodes, $errors', async ({ nodes, errors, is }) => {
    const half = client({ rest: () => [], graphql: () => told({ data: links(nodes), ...(errors && { errors }) }) })
    expect(await listClosingIssues(half, name, 5)).toEqual(is)
  })

  it('is a refusal where it has not the shape that was asked for', async () => {
    const shape = z.object({ a: z.number() })
    const of = async (data: unknown) => askGraphql((async () => told({ data, errors: [error] }))(), shape)
    expect(await of({ a: 'x' })).toHaveProperty('refused')
    expect(await of(null)).toHaveProperty('refused')
    expect(await of({ a: 1 })).toEqual({ known: { a: 1 }, missing: { status: 403, why: 'right' } })
  })

  it.each([
    ['the author', { author: null, userContentEdits: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } } }],
    ['the history', { author: { login: 'mia', databaseId: 7 }, userContentEdits: null }],
  ])('leaves unknown who wrote an issue of which %s is refused', async (_, rest) => {
    const data = { repository: { issue: { body: '- [x] a', ...rest } } }
    const half = client({ rest: () => [], graphql: () => told({ data, errors: [error] }) })
    const versions = [{ body: '- [x] a', by: undefined }]
    expect(await listVersions(half, name, 5)).toEqual({ versions, missing: { status: 403, why: 'right' } })
  })

  it('leaves the co-authors of a commit unknown that is not among them', async () => {
    const half = client({ rest: () => [], graphql: () => told({ data: { nodes: [null] } }) })
    expect(await coAuthorsOf(half, name, [commit])).toEqual({
      known: new Map(),
      missing: { status: 200, why: 'hidden' },
    })
  })
})

it('what is no refusal is an answer, or a fault that goes on', async () => {
  const answer: GitHubAnswer<number> = await ask(Promise.resolve(1))
  expect([answer, refusalIn(answer)]).toEqual([{ known: 1 }, undefined])
  await expect(ask(Promise.reject(new RangeError('ours')))).rejects.toBeInstanceOf(RangeError)
})

it('work that an account refuses waits ten minutes', () => {
  const wait = waitFor({ status: 403 })
  expect(wait).toBeInstanceOf(Unavailable)
  expect(wait.retryAt!.getTime() - Date.now()).toBeGreaterThan(9 * 60_000)
})

/** Where an error is the end: a terminal, or a job. Everywhere else the type asks what a refusal means. */
const ENDS = /^(?:github|cli)\/|^deliveries\/work\.ts$/

it('nobody catches a refusal but the folder that asks GitHub, the end of a job and the terminal', () => {
  const root = join(import.meta.dirname, '../../src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const catching = files.filter((file) =>
    /\b(?:GitHubRefused|AccountRefused)\b/.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(catching).toContain('deliveries/work.ts')
  expect(catching.filter((file) => !ENDS.test(file))).toEqual([])
})
