import type { z } from 'zod'
import { Unavailable } from '../domain/errors.ts'
import { AccountRefused, call, GitHubRefused } from './errors.ts'

/** The reason why GitHub refuses to tell something. */
export interface Refusal {
  /** GitHub's status; 200 for an answer that silently leaves out the requested data. */
  status: number
  /** `account`: an IP allow list or SAML; `hidden`: gone, or not ours to see; `right`: we lack the permission. */
  why: 'account' | 'hidden' | 'right'
}

/**
 * GitHub's answer to a query that something is decided on. A refusal is not an empty answer, so the two have different
 * types, and the caller has to handle both. `missing`: GraphQL gave only a part.
 */
export type GitHubAnswer<T> = { known: T; missing?: Refusal } | { refused: Refusal }

/** The retry delay after a refusal, in milliseconds: a person has to fix it. */
export const REFUSED_AGAIN_MS = 10 * 60_000

/** GitHub left out the requested data, and no error says why. */
export const LEFT_OUT: Refusal = { status: 200, why: 'hidden' }

/** Awaits an answer that GitHub may refuse. Rejects as `call` does where GitHub cannot answer now. */
export async function ask<T>(answer: Promise<T>): Promise<GitHubAnswer<T>> {
  try {
    return { known: await call(answer) }
  } catch (error) {
    if (error instanceof GitHubRefused) return { refused: refusalOf(error) }
    throw error
  }
}

/** Like `ask`, for a GraphQL query: data beside a refusal are used, as far as they match the schema. */
export async function askGraphql<T extends z.ZodType>(
  answer: Promise<unknown>,
  shape: T,
): Promise<GitHubAnswer<z.output<T>>> {
  try {
    return { known: shape.parse(await call(answer)) }
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    const refusal = refusalOf(error)
    const partial = shape.safeParse(error.partial)
    return partial.success ? { known: partial.data, missing: refusal } : { refused: refusal }
  }
}

/** The refusal of the whole answer or of a part; undefined for a complete answer. */
export function refusalIn(answer: GitHubAnswer<unknown>): Refusal | undefined {
  return 'refused' in answer ? answer.refused : answer.missing
}

/**
 * The error for work that cannot go on until an owner of the account lets us in: the job waits without counting a
 * retry.
 */
export function waitFor({ status }: Pick<Refusal, 'status'>, cause?: unknown): Unavailable {
  const message = `The account refuses this App (${status}: IP allow list or SAML)`
  return new Unavailable(message, { cause, retryAt: new Date(Date.now() + REFUSED_AGAIN_MS) })
}

function refusalOf(error: GitHubRefused): Refusal {
  const why =
    error instanceof AccountRefused ? 'account' : error.status === 404 || error.status === 410 ? 'hidden' : 'right'
  return { status: error.status, why }
}
