import { z } from 'zod'
import type { RepositoryRef } from '../domain/refs.ts'
import { type Check, conclusionOf } from './check-runs.ts'
import { clientOf, type Installations } from './client.ts'
import { nameOf, type ReactionContent } from './review-reactions.ts'
import { sendGraphql } from './send-graphql.ts'
import type { ToldRun } from './told-checks.ts'

/*
 * A status comment, a check run and a reaction written by one request. GitHub runs the fields of a mutation one after
 * the other, and one that fails keeps none of the others from being done.
 */

const COMMENT = /* GraphQL */ `
  updateIssueComment(input: $comment) {
    issueComment {
      id
    }
  }
`
const UPDATED_RUN = /* GraphQL */ `
  updateCheckRun(input: $run) {
    checkRun {
      id
    }
  }
`
// Where GitHub does not create check suites by itself, a run needs one that was created for it.
const CREATED_RUN = /* GraphQL */ `
  createCheckSuite(input: $suite) {
    checkSuite {
      id
    }
  }
  createCheckRun(input: $run) {
    checkRun {
      id
    }
  }
`

const REACTION = /* GraphQL */ `
  addReaction(input: $reaction) {
    reaction {
      content
    }
  }
`

/** The mutation that updates a comment, or not, updates a check run or creates one, and reacts to a comment, or not. */
export function publication(does: { comment: boolean; update: boolean; reaction: boolean }): string {
  const { comment, update, reaction } = does
  const inputs = [
    ...(reaction ? ['$reaction: AddReactionInput!'] : []),
    ...(comment ? ['$comment: UpdateIssueCommentInput!'] : []),
    ...(update ? ['$run: UpdateCheckRunInput!'] : ['$suite: CreateCheckSuiteInput!', '$run: CreateCheckRunInput!']),
  ]
  const fields = [...(comment ? [COMMENT] : []), update ? UPDATED_RUN : CREATED_RUN, ...(reaction ? [REACTION] : [])]
  return `mutation Publish(${inputs.join(', ')}) {${fields.join('')}}`
}

const Answer = z.object({
  updateIssueComment: z
    .object({ issueComment: z.object({ id: z.string() }) })
    .optional()
    .catch(undefined),
  updateCheckRun: z
    .object({ checkRun: z.object({ id: z.string() }) })
    .optional()
    .catch(undefined),
  createCheckRun: z
    .object({ checkRun: z.object({ id: z.string() }) })
    .optional()
    .catch(undefined),
  addReaction: z
    .object({ reaction: z.object({ content: z.string() }) })
    .optional()
    .catch(undefined),
})

/** A reaction to a comment or review, by its node id. */
export interface Reaction {
  nodeId: string
  content: ReactionContent
}

/** The comment to update and the check run to update or to create, by their node ids. */
export interface Published {
  comment: { nodeId: string; body: string } | undefined
  /** The node id of the repository. */
  repository: string
  run: ToldRun | undefined
  check: Check
  /** The reaction to a person's comment, which comes last. */
  reaction: Reaction | undefined
}

/** The parts that GitHub surely wrote. */
export interface Done {
  comment: boolean
  check: boolean
  reaction: boolean
}

/**
 * Writes them, and tells which of them GitHub surely did; `unanswered`: none, for it was not reached. What it did not do
 * is written by REST, which says why where it is refused. Throws Unavailable where the answer is lost: it may have done
 * any of it, and shows that at the error's `shownAt`.
 */
export async function publish(
  github: Installations,
  at: RepositoryRef,
  { comment, repository, run, check, reaction }: Published,
): Promise<Done | 'unanswered'> {
  const conclusion = conclusionOf(check)
  // A completed run cannot be restarted: a new one takes its place.
  const update = run !== undefined && (conclusion !== undefined || !run.isOver)
  const { name, sha: headSha, title, summary } = check
  const state =
    conclusion === undefined ? { status: 'IN_PROGRESS' } : { status: 'COMPLETED', conclusion: conclusion.toUpperCase() }
  const content = { repositoryId: repository, ...state, output: { title, summary } }
  const client = await clientOf(github, at)
  const does = { comment: comment !== undefined, update, reaction: reaction !== undefined }
  const answer = await sendGraphql(client, publication(does), {
    // Where its answer is lost, nothing is written there before it must show.
    request: { repository: `${at.owner}/${at.repo}` },
    ...(reaction !== undefined && { reaction: { subjectId: reaction.nodeId, content: nameOf(reaction.content) } }),
    ...(comment !== undefined && { comment: { id: comment.nodeId, body: comment.body } }),
    ...(update
      ? { run: { ...content, checkRunId: run.nodeId } }
      : { suite: { repositoryId: repository, headSha }, run: { ...content, name, headSha } }),
  })
  if (answer === 'unanswered') return answer
  const done = typeof answer === 'string' ? undefined : Answer.safeParse(answer.data).data
  return {
    comment: done?.updateIssueComment !== undefined,
    check: (done?.updateCheckRun ?? done?.createCheckRun) !== undefined,
    reaction: done?.addReaction !== undefined,
  }
}
