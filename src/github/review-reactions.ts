import type { InstallationRef } from '../domain/refs.ts'
import { clientOf, type Installations } from './client.ts'
import { z } from 'zod'
import { ask, type GitHubAnswer } from './github-answer.ts'

// The body of a review takes reactions by GraphQL alone.

export const ADD_REACTION = /* GraphQL */ `
  mutation ($subject: ID!, $content: ReactionContent!) {
    addReaction(input: { subjectId: $subject, content: $content }) {
      reaction {
        content
      }
    }
  }
`

export const REMOVE_REACTION = /* GraphQL */ `
  mutation ($subject: ID!, $content: ReactionContent!) {
    removeReaction(input: { subjectId: $subject, content: $content }) {
      reaction {
        content
      }
    }
  }
`

const CONTENT: Readonly<Record<ReactionContent, string>> = { '+1': 'THUMBS_UP', confused: 'CONFUSED' }

/** GraphQL's name of a reaction. */
export function nameOf(content: ReactionContent): string {
  return CONTENT[content]
}

/** Reacts to a review by its node id. Idempotent, because GitHub keeps one reaction of a kind for each person. */
export async function reactToReview(
  github: Installations,
  at: InstallationRef,
  subject: string,
  content: ReactionContent,
): Promise<void> {
  await change(github, at, ADD_REACTION, subject, content)
}

/** Removes our own reaction of a kind from a review. Idempotent. */
export async function unreactToReview(
  github: Installations,
  at: InstallationRef,
  subject: string,
  content: ReactionContent,
): Promise<void> {
  await change(github, at, REMOVE_REACTION, subject, content)
}

/** Changes a reaction. A locked conversation, a deleted review and a missing reaction are no errors. */
async function change(
  github: Installations,
  at: InstallationRef,
  mutation: string,
  subject: string,
  content: ReactionContent,
): Promise<void> {
  const client = await clientOf(github, at)
  const variables = { subject, content: nameOf(content) }
  await ask(client.graphql(mutation, variables)).catch(leaveUnnamed)
}

const Unnamed = z.object({ name: z.literal('GraphqlResponseError') })

/** GraphQL has more types of errors than we know; any error here is about a reaction alone. */
function leaveUnnamed(error: unknown): GitHubAnswer<unknown> {
  if (!Unnamed.safeParse(error).success) throw error
  return { known: undefined }
}

export type ReactionContent = '+1' | 'confused'
