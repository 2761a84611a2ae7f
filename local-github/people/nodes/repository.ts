import { isoSeconds } from '../../clock.ts'
import { connection, type Paged } from '../../graphql/connection.ts'
import { nodeId } from '../../ids.ts'
import { unit } from '../random.ts'
import type { Repo } from '../repositories.ts'
import { objectAt } from './tree.ts'

const DAY = 86_400_000
const BYTES = 400_000

/** The authors of a repository's pull requests, where they are known. */
type Authors = (index: number) => { author: object | null; mergedBy: object | null }

/** A made-up repository as GraphQL's `Repository`. */
export function repositoryNode(url: string, repo: Repo, authors: Authors = strangers(repo)) {
  const { facts, owner } = repo
  const nameWithOwner = `${owner.login}/${facts.name}`
  const page = `${url}/${nameWithOwner}`
  return {
    __typename: 'Repository',
    id: nodeId('R', repo.id),
    databaseId: repo.id,
    name: facts.name,
    nameWithOwner,
    owner: { __typename: owner.kind, login: owner.login },
    url: page,
    description: facts.topics.length === 0 ? null : `A tool for ${facts.topics.join(', ')}`,
    isFork: repo.isFork,
    isArchived: false,
    isMirror: false,
    isTemplate: false,
    isPrivate: false,
    visibility: 'PUBLIC',
    isInOrganization: owner.kind === 'Organization',
    hasIssuesEnabled: facts.noTracker !== true,
    stargazerCount: facts.stars,
    forkCount: facts.forks,
    createdAt: isoSeconds(repo.createdAt),
    pushedAt: isoSeconds(repo.pushedAt),
    licenseInfo: facts.license ? { key: 'mit', name: 'MIT License', spdxId: 'MIT' } : null,
    primaryLanguage: languagesOf(repo)[0] ?? null,
    watchers: (asked: Paged) => connection(asked, facts.watchers, () => null),
    mentionableUsers: (asked: Paged) => connection(asked, Math.min(facts.watchers, 100), () => null),
    languages: (asked: Paged) => languages(repo, asked),
    repositoryTopics: (asked: Paged) =>
      connection(asked, facts.topics.length, (index) => ({ topic: { name: facts.topics[index] } })),
    releases: (asked: Paged) => connection(asked, facts.releases, (index) => release(repo, index)),
    pullRequests: ({ states, ...asked }: Paged & { states?: string[] }) =>
      connection(asked, (states ?? ['MERGED']).includes('MERGED') ? facts.mergedPRsByOthers : 0, authors),
    issues: ({ states, ...asked }: Paged & { states?: string[] }) =>
      connection(asked, issuesIn(repo, states), () => null),
    object: ({ expression }: { expression?: string }) => objectAt(repo, expression ?? 'HEAD:'),
    contributingGuidelines: facts.ci ? { url: `${page}/blob/HEAD/CONTRIBUTING.md` } : null,
    codeOfConduct: facts.ci ? { key: 'contributor_covenant', name: 'Contributor Covenant' } : null,
  }
}

const strangers =
  (repo: Repo): Authors =>
  (index) => ({
    author: { __typename: 'User', login: `colleague-${repo.id}-${index}` },
    mergedBy: { __typename: 'User', login: repo.owner.login },
  })

function issuesIn({ facts }: Repo, states: string[] | undefined): number {
  const of = (state: string) => states === undefined || states.includes(state)
  return (of('CLOSED') ? facts.closedIssues : 0) + (of('OPEN') ? facts.openIssues : 0)
}

/** Sorted by bytes, the most first. */
export function languagesOf({ facts, id }: Repo): { name: string; bytes: number }[] {
  const total = Math.floor(BYTES * (0.1 + unit(id, 7)))
  return Object.entries(facts.langs)
    .map(([name, share]) => ({ name, bytes: Math.round(total * share) }))
    .toSorted((a, b) => b.bytes - a.bytes)
}

function languages(repo: Repo, asked: Paged) {
  const all = languagesOf(repo)
  const page = connection(asked, all.length, (index) => all[index]!)
  return {
    ...page,
    totalSize: all.reduce((sum, { bytes }) => sum + bytes, 0),
    edges: () => page.edges().map((edge) => ({ ...edge, size: edge.node.bytes })),
  }
}

/** A release by index, the newest first; the owner published all but every third. */
export function release(repo: Repo, index: number) {
  const at = isoSeconds(repo.pushedAt - index * 60 * DAY)
  const login = index % 3 === 2 ? 'release-please[bot]' : repo.owner.login
  return { tagName: `v1.${repo.facts.releases - index}.0`, publishedAt: at, isPrerelease: false, author: { login } }
}
