import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
import type { Checks } from './checks.ts'
import { oldestFirst, type PullRequestCommit, readCommit } from './commits.ts'
import type { AppIdentity } from './github.ts'
import { IssueText } from './issue-edits.ts'
import {
  Actor,
  accountOf,
  type Bots,
  Id,
  isAtMoment,
  Oid,
  PULL_FIELDS,
  PullNode,
  readPull,
} from './pull-request-node.ts'
import {
  bySubmission,
  type PullRequest,
  type RepositoryName,
  type Review,
  type TimelineEvent,
} from './pull-requests.ts'
import { HeadNode, readChecks, readOwnRuns, type ToldRun } from './told-checks.ts'
import { readOwnComments, type ToldComment } from './told-comments.ts'
import { all } from './whole-list.ts'

/**
 * The parts of a pull request as one query tells them. A part is undefined where REST might tell it otherwise: then it
 * has to be asked for by REST. That is so of whatever is null, cut off, refused or of another head, and of
 *
 * | part | because |
 * |---|---|
 * | an author that is no person | REST has other names of bots (`dependabot[bot]`), and `ghost` for a deleted account |
 * | a commit by no person | GraphQL knows no bots as authors of commits, REST does |
 * | a signed commit without a committer | REST may know that GitHub itself made it |
 * | a review of a commit that is gone | REST still has its SHA |
 * | runs of one check in a suite that began in one second, or of which one has not begun | REST has the latest run alone, GraphQL those before, too |
 * | a label that was edited after it was set | REST has the name of then, GraphQL that of now |
 */
export interface PullRequestParts {
  pull: PullRequest | undefined
  /** Whether this is what REST tells of the same moment: events that are older than the pull request lack its last push. */
  isAtMoment(pull: PullRequest): boolean
  /** All commits, oldest first. */
  commits(pull: Pick<PullRequest, 'headSha'>): PullRequestCommit[] | undefined
  reviews: Review[] | undefined
  /** The checks of the head, without those of the App `except`; null where there are none. */
  checks(pull: Pick<PullRequest, 'headSha'>, except: number): Checks | null | undefined
  events: TimelineEvent[] | undefined
  closingIssues: { id: number; url: string }[] | undefined
  /** When the description was last edited; null of one that never was. */
  editedAt: string | null | undefined
  /** The text of one of the issues that were asked for, with its newest edits. */
  textOf(issue: number): IssueText | undefined
  /** Our App's own comments on the pull request, or on one of the issues that were asked for. */
  ownComments(number: number, app: AppIdentity): ToldComment[] | undefined
  /** Our App's own check runs on the head. */
  ownRuns(pull: Pick<PullRequest, 'headSha'>, app: AppIdentity): ToldRun[] | undefined
  /** The node id of its repository. */
  repository: string | undefined
  /** Remembers how REST calls the bots among these, so that they are no reason to ask it again. */
  meet(accounts: readonly (Account | undefined)[]): void
}

interface About {
  /** The fields in which an error is. */
  spoiled: ReadonlySet<string>
  name: RepositoryName
  bots: Bots
  /** What is told of issues, by their numbers. */
  texts: ReadonlyMap<number, unknown>
}

export function readParts(node: Record<string, unknown>, { spoiled, name, bots, texts }: About): PullRequestParts {
  const whole = <T extends z.ZodType>(shape: T, ...fields: string[]): z.output<T> | undefined =>
    fields.some((field) => spoiled.has(field)) ? undefined : shape.safeParse(node).data
  return {
    pull: readPull(whole(PullNode, ...PULL_FIELDS), bots),
    isAtMoment: (pull) => isAtMoment(node, pull),
    commits: (pull) => readCommits(whole(CommitsNode, 'commits'), pull, name),
    reviews: readReviews(whole(ReviewsNode, 'reviews'), bots),
    checks: (pull, except) => readChecks(whole(HeadNode, 'head'), pull, except),
    events: readEvents(whole(EventsNode, 'timelineItems')),
    closingIssues: whole(ClosingNode, 'closingIssuesReferences')?.closingIssuesReferences.nodes.map(
      ({ fullDatabaseId: id, url }) => ({ id, url }),
    ),
    editedAt: whole(EditedNode, 'lastEditedAt')?.lastEditedAt,
    textOf: (issue) => IssueText.safeParse(texts.get(issue)).data,
    ownComments(number, app) {
      const isPull = number === node['number']
      if (isPull && spoiled.has('comments')) return undefined
      return readOwnComments(isPull ? node : texts.get(number), app)
    },
    ownRuns: (pull, app) => readOwnRuns(whole(HeadNode, 'head'), pull, app),
    repository: whole(PlaceNode, 'repository')?.repository.id,
    meet(accounts) {
      for (const account of accounts) if (account?.type === 'Bot') bots.set(account.id, account)
    },
  }
}

const CommitNode = z.object({
  id: z.string(),
  oid: z.string(),
  message: z.string(),
  committedDate: z.string(),
  tree: Oid,
  author: z.object({ user: z.object({ login: z.string(), databaseId: z.number() }) }),
  committer: z.object({ user: z.object({ login: z.string() }).nullable() }).nullable(),
  signature: z.object({ isValid: z.boolean() }).nullable(),
  parents: all(Oid),
})
const CommitsNode = z.object({ commits: all(z.object({ commit: CommitNode })) })

function readCommits(
  told: z.output<typeof CommitsNode> | undefined,
  { headSha }: Pick<PullRequest, 'headSha'>,
  name: RepositoryName,
): PullRequestCommit[] | undefined {
  const nodes = told?.commits.nodes.map(({ commit }) => commit) ?? []
  const isSure = nodes.every(({ signature, committer }) => signature?.isValid !== true || committer?.user != null)
  // A list without the head is of another moment.
  if (!isSure || !nodes.some(({ oid }) => oid === headSha)) return undefined
  const commits = nodes.map((commit) => {
    const { login, databaseId: id } = commit.author.user
    return readCommit(name, {
      sha: commit.oid,
      node_id: commit.id,
      commit: {
        message: commit.message,
        tree: { sha: commit.tree.oid },
        committer: { date: commit.committedDate },
        verification: { verified: commit.signature?.isValid === true },
      },
      author: { id, login, type: 'User' },
      committer: { login: commit.committer?.user?.login },
      parents: commit.parents.nodes.map(({ oid }) => ({ sha: oid })),
    })
  })
  return oldestFirst(commits)
}

const ReviewsNode = z.object({
  reviews: all(z.object({ author: Actor, state: z.string(), submittedAt: z.string().nullable(), commit: Oid })),
})

function readReviews(told: z.output<typeof ReviewsNode> | undefined, bots: Bots): Review[] | undefined {
  const all = told?.reviews.nodes.map((review) => ({
    author: accountOf(review.author, bots),
    state: review.state,
    headSha: review.commit.oid,
    at: review.submittedAt ?? undefined,
  }))
  return all?.every(({ author }) => author !== undefined) === true ? bySubmission(all) : undefined
}

/** The events that are read, as REST calls them, by their types in GraphQL. */
const EVENTS: Readonly<Record<string, string>> = {
  LabeledEvent: 'labeled',
  UnlabeledEvent: 'unlabeled',
  ReadyForReviewEvent: 'ready_for_review',
  ConvertToDraftEvent: 'convert_to_draft',
  HeadRefForcePushedEvent: 'head_ref_force_pushed',
  BaseRefForcePushedEvent: 'base_ref_force_pushed',
  BaseRefChangedEvent: 'base_ref_changed',
  AutomaticBaseChangeSucceededEvent: 'automatic_base_change_succeeded',
}
const READ: ReadonlySet<string> = new Set(Object.values(EVENTS))
/** Their names as the query takes them. */
export const EVENT_TYPES: readonly string[] = [...READ].map((event) => `${event.toUpperCase()}_EVENT`)

/** Those of a pull request's events that are read. */
export function onlyRead(events: readonly TimelineEvent[]): TimelineEvent[] {
  return events.filter(({ event }) => READ.has(event))
}

const LabelNode = z.object({ name: z.string(), createdAt: z.string(), updatedAt: z.string() })
const EventsNode = z.object({
  timelineItems: z.object({
    nodes: z.array(z.object({ __typename: z.string(), createdAt: z.string(), label: LabelNode.optional() })),
    pageInfo: z.object({ hasNextPage: z.literal(false) }),
  }),
})

function readEvents(told: z.output<typeof EventsNode> | undefined): TimelineEvent[] | undefined {
  const nodes = told?.timelineItems.nodes
  const isEdited = ({ createdAt: made, updatedAt: edited }: z.output<typeof LabelNode>, set: string) =>
    edited !== made && edited >= set
  if (nodes === undefined || nodes.some(({ label, createdAt }) => label && isEdited(label, createdAt))) return undefined
  return nodes.map(({ __typename: type, createdAt, label }) => ({
    event: EVENTS[type] ?? type,
    label: label?.name,
    at: createdAt,
  }))
}

const ClosingNode = z.object({
  closingIssuesReferences: z.object({ nodes: z.array(z.object({ fullDatabaseId: Id, url: z.string() })) }),
})
const PlaceNode = z.object({ repository: z.object({ id: z.string() }) })
const EditedNode = z.object({ lastEditedAt: z.string().nullable() })
