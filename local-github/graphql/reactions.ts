import { fullName, isPull } from '../access.ts'
import { react, unreact } from '../acts/comments.ts'
import { nodeId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { doer, repository, type Ask } from '../rest/ask.ts'
import type { Comment, Issue, ReactionContent, Repository, Review, ReviewComment } from '../world.ts'
import { Failure } from './failure.ts'

type Target = Comment | Review | ReviewComment
interface Input {
  input: { subjectId: string; content: string; clientMutationId?: string }
}

/** GraphQL's names of the reactions. */
const CONTENT: Readonly<Record<string, ReactionContent>> = {
  THUMBS_UP: '+1',
  THUMBS_DOWN: '-1',
  LAUGH: 'laugh',
  HOORAY: 'hooray',
  CONFUSED: 'confused',
  HEART: 'heart',
  ROCKET: 'rocket',
  EYES: 'eyes',
}

/** The mutations for reactions in a thread. */
export function reactionMutations(ask: Ask) {
  return {
    addReaction: ({ input }: Input) => {
      const { repo, issue, target } = writable(ask, input.subjectId)
      refusing(() => react(ask.world, doer(ask), repo, issue, target, CONTENT[input.content]!))
      return payload(input)
    },
    removeReaction: ({ input }: Input) => {
      const { repo, target } = writable(ask, input.subjectId)
      const { account } = doer(ask)
      const own = target.reactions.find(
        ({ userId, content }) => userId === account.id && content === CONTENT[input.content],
      )
      if (own === undefined) throw new Failure('NOT_FOUND', 'Could not find a reaction to remove.')
      refusing(() => unreact(ask.world, doer(ask), repo, target, own.id))
      return payload(input)
    },
  }
}

const payload = ({ content, clientMutationId }: Input['input']) => ({
  clientMutationId: clientMutationId ?? null,
  reaction: { content },
})

/** GraphQL has no status: a refusal for a missing right has an error type. */
function refusing(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) throw new Failure('FORBIDDEN', error.message)
    throw error
  }
}

function writable(ask: Ask, id: string): { repo: Repository; issue: Issue; target: Target } {
  for (const repo of ask.world.repositories.values()) {
    const found = repo.deleted ? undefined : findIn(repo, id)
    if (found === undefined) continue
    const [owner = '', name = ''] = fullName(ask.world, repo).split('/')
    refusing(() => repository({ ...ask, params: { owner, repo: name } }, 'write', 'pull_requests', 'issues'))
    return { repo, ...found }
  }
  throw new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`)
}

function findIn(repo: Repository, id: string): { issue: Issue; target: Target } | undefined {
  for (const issue of repo.issues.values()) {
    const is = (prefix: string) => (one: Target) => nodeId(prefix, repo.id, one.id) === id
    const target =
      issue.comments.find(is('IC')) ??
      (isPull(issue) ? (issue.pull.reviews.find(is('PRR')) ?? issue.pull.reviewComments.find(is('PRRC'))) : undefined)
    if (target !== undefined) return { issue, target }
  }
  return undefined
}
