import { z } from 'zod'
import { Unavailable } from '../domain/errors.ts'
import { CircuitOpen } from './circuit-breaker.ts'
import type { Client } from './client.ts'
import { call, GitHubRefused, Limited } from './errors.ts'

const FieldError = z
  .object({
    type: z.string().optional().catch(undefined),
    path: z.array(z.unknown()).optional().catch(undefined),
  })
  .catch({})
export type FieldError = z.infer<typeof FieldError>
const FieldErrors = z.array(FieldError)
/** Octokit's error for an answer that has any. */
const ResponseError = z.object({
  name: z.literal('GraphqlResponseError'),
  errors: FieldErrors.catch([{}]),
  data: z.unknown(),
})

export type GraphqlAnswer = { data: unknown; errors: readonly FieldError[] }

/** Data and errors as GitHub gives them, whatever our client makes of errors. */
export async function sendGraphql(
  client: Client,
  query: string,
  variables: Record<string, unknown>,
): Promise<GraphqlAnswer | 'limited' | 'unanswered' | 'not understood'> {
  try {
    return { data: await call(client.graphql(query, variables)), errors: [] }
  } catch (error) {
    if (error instanceof GitHubRefused) {
      const errors = FieldErrors.safeParse(error.cause).data
      return { data: errors && error.partial, errors: errors ?? [] }
    }
    // The circuit breaker knows until when to wait.
    if (error instanceof Limited || error instanceof CircuitOpen) return 'limited'
    // A mutation may have been done: nothing is written in its place before it must show.
    if (error instanceof Unavailable && error.shownAt !== undefined) throw error
    if (error instanceof Unavailable) return 'unanswered'
    const { data: told } = ResponseError.safeParse(error)
    if (told === undefined) throw error
    // Only a query that is not understood has errors without a type, and no data.
    const isUnderstood = told.data != null || told.errors.some(({ type }) => type !== undefined)
    return isUnderstood ? { data: told.data, errors: told.errors } : 'not understood'
  }
}
