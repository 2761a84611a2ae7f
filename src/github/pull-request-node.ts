import type { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
import { byName, type PullRequest } from './pull-requests.ts'
import { all } from './whole-list.ts'

/** Bots as REST calls them, by their ids. */
export type Bots = LRUCache<number, Account>

export const Id = z.coerce.number().int().positive()
export const Oid = z.object({ oid: z.string() })

export const Actor = z.object({ __typename: z.string(), login: z.string(), databaseId: z.number() })

/** The account as REST shows it; undefined where that is not certain. */
export function accountOf({ __typename: type, login, databaseId: id }: z.output<typeof Actor>, bots: Bots) {
  if (type === 'User') return { id, login, type } satisfies Account
  return type === 'Bot' ? bots.get(id) : undefined
}

export const PullNode = z.object({
  fullDatabaseId: Id,
  number: z.number(),
  url: z.string(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  mergeCommit: Oid.nullable(),
  headRefOid: z.string(),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  author: Actor,
  labels: all(z.object({ name: z.string() })),
  additions: z.number(),
  deletions: z.number(),
  changedFiles: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
  mergedAt: z.string().nullable(),
  repository: z.object({
    databaseId: z.number(),
    nameWithOwner: z.string(),
    isPrivate: z.boolean(),
    visibility: z.string(),
    isArchived: z.boolean(),
    defaultBranchRef: z.object({ name: z.string() }),
    owner: z.object({ databaseId: z.number() }),
  }),
  commits: z.object({ totalCount: z.number() }),
})
/** An error in one commit leaves their number as it is. */
export const PULL_FIELDS = Object.keys(PullNode.shape).filter((field) => field !== 'commits')

export function readPull(pull: z.output<typeof PullNode> | undefined, bots: Bots): PullRequest | undefined {
  const author = pull && accountOf(pull.author, bots)
  if (pull === undefined || author === undefined) return undefined
  const { repository } = pull
  const merged = pull.state === 'MERGED'
  if (merged && pull.mergeCommit === null) return undefined
  return {
    id: pull.fullDatabaseId,
    number: pull.number,
    url: pull.url,
    title: pull.title,
    body: pull.body,
    open: pull.state === 'OPEN',
    draft: pull.isDraft,
    merged,
    mergeSha: merged ? pull.mergeCommit?.oid : undefined,
    headSha: pull.headRefOid,
    base: { branch: pull.baseRefName, sha: pull.baseRefOid },
    author,
    labels: byName(pull.labels.nodes.map(({ name }) => name)),
    commits: pull.commits.totalCount,
    lines: pull.additions + pull.deletions,
    changedFiles: pull.changedFiles,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
    closedAt: pull.closedAt ?? undefined,
    mergedAt: pull.mergedAt ?? undefined,
    repository: {
      id: repository.databaseId,
      fullName: repository.nameWithOwner,
      ownerId: repository.owner.databaseId,
      hidden: repository.isPrivate || repository.visibility !== 'PUBLIC',
      archived: repository.isArchived,
      defaultBranch: repository.defaultBranchRef.name,
    },
  }
}

const Moment = PullNode.pick({ headRefOid: true, baseRefName: true, baseRefOid: true, updatedAt: true })

/** Whether a pull request, as REST tells it, is still at the moment of which the query tells. */
export function isAtMoment(node: object, { headSha, base, updatedAt }: PullRequest): boolean {
  const { data: then } = Moment.safeParse(node)
  const stands = then?.headRefOid === headSha && then.baseRefName === base.branch && then.baseRefOid === base.sha
  return stands && then.updatedAt === updatedAt
}
