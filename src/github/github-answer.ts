import type { z } from 'zod'
import { Unavailable } from '../domain/errors.ts'
import { AccountRefused, call, GitHubRefused } from './errors.ts'

/** Why GitHub does not tell something. */
export interface Refusal {
  /** GitHub's status; 200 for an answer that leaves out what was asked, without a word. */
  status: number
  /** `account`: an IP allow list or SAML; `hidden`: gone, or not ours to see; `right`: we lack the permission. */
  why: 'account' | 'hidden' | 'right'
}

/**
 * What GitHub answers to a question on which something is decided. A refusal is not an empty answer, so the two have
 * different types and whoever asks has to say what each means. `missing`: GraphQL told only a part.
 */
export type GitHubAnswer<T> = { known: T; missing?: Refusal } | { refused: Refusal }

/** When to ask again what was refused: a person has to mend it. */
export const REFUSED_AGAIN_MS = 10 * 60_000

/** GitHub left out what was asked, and no error says why. */
export const LEFT_OUT: Refusal = { status: 200, why: 'hidden' }

/** Awaits an answer that GitHub may refuse. Rejects as `asked` does where GitHub cannot answer now. */
export async function ask<T>(answer: Promise<T>): Promise<GitHubAnswer<T>> {
  try {
    return { known: await call(answer) }
  } catch (error) {
    if (error instanceof GitHubRefused) return { refused: refusalOf(error) }
    throw error
  }
}

/** As `ask`, of a GraphQL query: data beside a refusal are used, as far as they have the shape. */
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

/** What was not told, all of it or a part; undefined of a whole answer. */
export function refusalIn(answer: GitHubAnswer<unknown>): Refusal | undefined {
  return 'refused' in answer ? answer.refused : answer.missing
}

/** For work that cannot go on until an owner of the account lets us in: it waits, and uses up no try. */
export function waitFor({ status }: Pick<Refusal, 'status'>, cause?: unknown): Unavailable {
  const message = `The account refuses this App (${status}: IP allow list or SAML)`
  return new Unavailable(message, { cause, retryAt: new Date(Date.now() + REFUSED_AGAIN_MS) })
}

function refusalOf(error: GitHubRefused): Refusal {
  const why =
    error instanceof AccountRefused ? 'account' : error.status === 404 || error.status === 410 ? 'hidden' : 'right'
  return { status: error.status, why }
}
