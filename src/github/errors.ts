import { setTimeout as sleep } from 'node:timers/promises'
import { Unavailable } from '../domain/errors.ts'

/** GitHub said no, and will say no again: 401, 403 (not a limit), 404, 410, 422, 451. */
export class GitHubRefused extends Error {
  override name = 'GitHubRefused'
  readonly status: number

  constructor(status: number, cause: unknown) {
    super(`GitHub answered ${status}`, { cause })
    this.status = status
  }
}

interface RequestError {
  status: number
  response?: { headers?: Record<string, string | undefined>; data?: unknown }
}

/**
 * Awaits an answer of GitHub. Limits, 5xx and a lost connection become Unavailable, with the time that the
 * headers name; every other refusal becomes GitHubRefused.
 */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw translate(error)
  }
}

/** As `asked`, but 404 (gone, or not ours to see) is undefined. */
export async function askedMaybe<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await asked(answer)
  } catch (error) {
    if (error instanceof GitHubRefused && (error.status === 404 || error.status === 410)) return undefined
    throw error
  }
}

/** As `askedMaybe`, about what an event told of: one of GitHub's replicas may not have it yet, so one 404 is not believed. */
export async function askedTwice<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const answer = await askedMaybe(ask())
  if (answer !== undefined) return answer
  await sleep(1_000)
  return askedMaybe(ask())
}

function translate(error: unknown): unknown {
  if (error instanceof Unavailable || error instanceof GitHubRefused) return error
  if (!isRequestError(error))
    return isNetworkError(error) ? new Unavailable('GitHub cannot be reached', { cause: error }) : error
  const retryAt = limitedUntil(error)
  if (retryAt !== undefined) return new Unavailable('GitHub asks us to wait', { cause: error, retryAt })
  // Octokit reports a connection that broke as status 500 too.
  if (error.status >= 500) return new Unavailable(`GitHub answered ${error.status}`, { cause: error })
  // Ours to mend, and no fault of the work: a key that was changed, a clock that is wrong, a suspended installation.
  if (error.status === 401 || isSuspended(error))
    return new Unavailable('GitHub does not accept our credentials now', { cause: error })
  return new GitHubRefused(error.status, error)
}

/** When a primary or secondary limit ends; a secondary one without a header lasts a minute at least. */
function limitedUntil({ status, response }: RequestError): Date | undefined {
  if (status !== 403 && status !== 429) return undefined
  const headers = response?.headers ?? {}
  const after = Number(headers['retry-after'])
  if (Number.isFinite(after) && after > 0) return new Date(Date.now() + after * 1000)
  const reset = Number(headers['x-ratelimit-reset'])
  if (headers['x-ratelimit-remaining'] === '0' && reset > 0) return new Date(Math.max(reset * 1000, Date.now()) + 1000)
  return status === 429 || isSecondary(response?.data) ? new Date(Date.now() + 60_000) : undefined
}

/** GitHub tells a secondary limit without headers from a refusal by nothing but these two. */
function isSecondary(data: unknown): boolean {
  const { message, documentation_url: page } = (data ?? {}) as { message?: unknown; documentation_url?: unknown }
  return /secondary rate limit/i.test(String(message)) || /#.*(secondary|abuse)-rate-limits$/.test(String(page))
}

function isSuspended({ status, response }: RequestError): boolean {
  const { message } = (response?.data ?? {}) as { message?: unknown }
  return status === 403 && /installation has been suspended/i.test(String(message))
}

function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && typeof (error as { status?: unknown }).status === 'number'
}

function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // fetch reports a lost connection as a TypeError with a cause; one without is a fault of ours.
  return (
    (error instanceof TypeError && error.cause !== undefined) ||
    error.name === 'TimeoutError' ||
    error.name === 'AbortError'
  )
}
