import { fullName, isPull } from './access.ts'
import { nodeId } from './ids.ts'
import { presentActor } from './graphql/actor.ts'
import { Refusal } from './refusal.ts'
import { repository, type Ask } from './rest/ask.ts'
import type { Comment, Issue, Repository, World } from './world.ts'

type Text = Pick<Comment, 'id' | 'userId' | 'body' | 'versions'> & { updatedAt?: string }
type Found = { type: string; text: Text }

/** A comment, review or review comment by its global id, with its edits; undefined for any other node. */
export function commentNode(ask: Ask, id: string): object | undefined {
  if (!/^(IC|PRR|PRRC)_/.test(id)) return undefined
  for (const repo of ask.world.repositories.values()) {
    const found = repo.deleted || !isVisible(ask, repo) ? undefined : findIn(repo, id)
    if (found) return present(ask.world, id, found)
  }
  return new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`)
}

function findIn(repo: Repository, id: string): Found | undefined {
  const all = [...repo.issues.values()].flatMap((issue) => textsOf(repo, issue))
  return all.find((one) => one.id === id)
}

function textsOf(repo: Repository, issue: Issue): (Found & { id: string })[] {
  const of = (type: string, prefix: string) => (text: Text) => ({
    type,
    text,
    id: nodeId(prefix, repo.id, text.id),
  })
  return [
    ...issue.comments.map(of('IssueComment', 'IC')),
    ...(isPull(issue) ? issue.pull.reviews.map(of('PullRequestReview', 'PRR')) : []),
    ...(isPull(issue) ? issue.pull.reviewComments.map(of('PullRequestReviewComment', 'PRRC')) : []),
  ]
}

function present(world: World, id: string, { type, text }: Found): object {
  const { userId, versions } = text
  const last = versions.at(-1)
  const edits = versions.toReversed().map(({ editorId, at, body }) => ({
    editedAt: at,
    diff: body,
    editor: presentActor(world, editorId),
  }))
  return {
    __typename: type,
    id,
    fullDatabaseId: String(text.id),
    body: text.body,
    updatedAt: text.updatedAt,
    author: presentActor(world, userId),
    editor: last === undefined ? null : presentActor(world, last.editorId),
    lastEditedAt: last?.at ?? null,
    userContentEdits: ({ first = 100 }: { first?: number }) => ({
      nodes: edits.slice(0, first),
      totalCount: edits.length,
    }),
  }
}

function isVisible(ask: Ask, repo: Repository): boolean {
  const [owner = '', name = ''] = fullName(ask.world, repo).split('/')
  try {
    return repository({ ...ask, params: { owner, repo: name } }, 'read', 'pull_requests', 'issues') === repo
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
