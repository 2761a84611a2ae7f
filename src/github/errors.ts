import { setTimeout as sleep } from 'node:timers/promises'
import { Unavailable } from '../domain/errors.ts'

/** GitHub refused, and will refuse again: 401, 403 (not a rate limit), 404, 410, 422, 451. */
export class GitHubRefused extends Error {
  override name = 'GitHubRefused'
  readonly status: number
  /** The data of a GraphQL answer beside the refusal. */
  readonly partial: unknown

  constructor(status: number, cause: unknown, partial?: unknown) {
    super(`GitHub answered ${status}`, { cause })
    this.status = status
    this.partial = partial
  }
}

/**
 * The account refuses all requests of ours: its IP allow list lacks our address, or it demands SAML. An owner of it can
 * change that, so the work waits as for a suspended installation.
 */
export class AccountRefused extends GitHubRefused {
  override name = 'AccountRefused'
}

/** GitHub's rate limit is used up: the caller must send nothing until `retryAt`. */
export class Limited extends Unavailable {
  override name = 'Limited'
  /** True where GitHub named the time; otherwise it is a minute from now. */
  readonly named: boolean

  constructor(until: number | undefined, cause: unknown) {
    super('GitHub asks us to wait', { cause, retryAt: new Date(until ?? Date.now() + MINUTE_MS) })
    this.named = until !== undefined
  }
}

/** An answer in Octokit's form. */
export interface HttpResponse {
  status: number
  headers: Record<string, string | number | undefined>
  data: unknown
}

interface RequestError {
  status: number
  response?: Partial<HttpResponse>
}

/**
 * Awaits an answer of GitHub.
 *
 * | GitHub says | here |
 * |---|---|
 * | 429; 403 with `retry-after`, nothing remaining or the words of a limit; 422 submitted too quickly; GraphQL RATE_LIMITED | Limited, until the time that the headers name |
 * | 5xx, nothing, half an answer; GraphQL's own fault | Unavailable |
 * | 401, App unknown, installation suspended | Unavailable: ours or its owner's to mend, and no fault of the work |
 * | 403, or GraphQL FORBIDDEN, in the words of an IP allow list or of SAML | AccountRefused |
 * | any other 4xx; GraphQL NOT_FOUND, FORBIDDEN, INSUFFICIENT_SCOPES | GitHubRefused |
 */
export async function call<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw translate(error)
  }
}

/** Like `call`, but 404 (gone, or not ours to see) is undefined. */
export async function callOrNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await call(answer)
  } catch (error) {
    if (error instanceof GitHubRefused && (error.status === 404 || error.status === 410)) return undefined
    throw error
  }
}

/**
 * Like `callOrNotFound`, for an object that an event told of: one of GitHub's replicas may not have it yet, so one 404
 * is retried.
 */
export async function callRetryingNotFound<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const answer = await callOrNotFound(ask())
  if (answer !== undefined) return answer
  await sleep(1_000)
  return callOrNotFound(ask())
}

/** Translates the error of a failed request into ours. A bug of ours passes through unchanged. */
export function translate(error: unknown): unknown {
  if (error instanceof Unavailable || error instanceof GitHubRefused) return error
  if (!isRequestError(error))
    return isNetworkError(error) ? new Unavailable('GitHub cannot be reached', { cause: error }) : error
  // Octokit wraps every error of fetch.
  if (error.cause instanceof Unavailable) return error.cause
  const { status, response = {} } = error
  const until = waitUntilOf(response.headers)
  if (isLimit(status, response)) return new Limited(until, error)
  // Octokit reports a lost or refused connection as status 500, too: without a response.
  if (status >= 500)
    return new Unavailable(error.response === undefined ? 'GitHub cannot be reached' : `GitHub answered ${status}`, {
      cause: error,
      retryAt: until ? new Date(until) : undefined,
    })
  if (status === 401 || isDisowned(response.data))
    return new Unavailable('GitHub does not accept our credentials now', { cause: error })
  return status === 403 && saysAccount(response.data)
    ? new AccountRefused(status, error)
    : new GitHubRefused(status, error)
}

/** The error in an answer with a good status: GraphQL's errors, and a truncated body. */
export function faultIn({ status, headers, data }: HttpResponse): Error | undefined {
  const isJson = /\bjson\b/.test(String(headers['content-type']))
  if (typeof data === 'string' && isJson && status <= 201) return new Unavailable('GitHub’s answer broke off')
  const { errors } = (data ?? {}) as { errors?: unknown }
  if (!Array.isArray(errors)) return undefined
  const types = new Set(errors.map((error) => (error as { type?: unknown } | null)?.type))
  if (types.has('RATE_LIMITED') || saysLimit(data)) return new Limited(waitUntilOf(headers), errors)
  if (wordsOf(data).some((words) => /^something went wrong while executing your query/i.test(words)))
    return new Unavailable('GitHub could not carry out a query', { cause: errors })
  if (types.has('SERVICE_UNAVAILABLE') || types.has('INTERNAL'))
    return new Unavailable('GitHub could not carry out a query', { cause: errors })
  const partial = (data as { data?: unknown }).data ?? undefined
  const isForbidden = types.has('FORBIDDEN') || types.has('INSUFFICIENT_SCOPES')
  if (isForbidden && saysAccount(data)) return new AccountRefused(403, errors, partial)
  if (isForbidden) return new GitHubRefused(403, errors, partial)
  return types.has('NOT_FOUND') ? new GitHubRefused(404, errors, partial) : undefined
}

const MINUTE_MS = 60_000
/** The longest time that is believed, in milliseconds: no limit of GitHub's lasts longer. */
const DAY_MS = 24 * 3_600_000

/** The time until which the headers ask us to wait, in milliseconds since 1970; undefined where they do not. */
export function waitUntilOf(headers: HttpResponse['headers'] = {}): number | undefined {
  const now = Date.now()
  const after = Number(headers['retry-after'])
  if (after > 0) return now + Math.min(after * 1000, DAY_MS)
  const reset = Number(headers['x-ratelimit-reset'])
  if (headers['x-ratelimit-remaining'] !== '0' || !(reset > 0)) return undefined
  return Math.min(Math.max(reset * 1000, now) + 1000, now + DAY_MS)
}

function isLimit(status: number, { headers, data }: Partial<HttpResponse>): boolean {
  if (status === 429) return true
  if (status === 403) return waitUntilOf(headers) !== undefined || saysLimit(data)
  return status === 422 && wordsOf(data).some((words) => /submitted too quickly/i.test(words))
}

/** GitHub marks a rate limit without headers by nothing but these words. */
function saysLimit(data: unknown): boolean {
  const { documentation_url: page } = (data ?? {}) as { documentation_url?: unknown }
  const isTold = (words: string) => /rate limit exceeded|secondary rate limit|abuse detection/i.test(words)
  const isLimitPage = String(page).includes('#') && /(?:secondary|abuse)-rate-limits$/.test(String(page))
  return wordsOf(data).some(isTold) || isLimitPage
}

/** True for a deleted App, or an APP_ID that is none; and for an installation that its owner has suspended. */
function isDisowned(data: unknown): boolean {
  return wordsOf(data).some((words) => /^integration not found|installation has been suspended/i.test(words))
}

/** GitHub marks a refusal for the whole account by nothing but these words. */
export function saysAccount(data: unknown): boolean {
  return wordsOf(data).some((words) => /\bip allow list\b|\bsaml enforcement\b/i.test(words))
}

/** The messages of an answer. */
function wordsOf(data: unknown): string[] {
  const { message, errors } = (data ?? {}) as { message?: unknown; errors?: unknown }
  const all = [message, ...(Array.isArray(errors) ? errors.map((error) => error?.message as unknown) : [])]
  return all.filter((words) => typeof words === 'string')
}

function isRequestError(error: unknown): error is Error & RequestError {
  return error instanceof Error && typeof (error as { status?: unknown }).status === 'number'
}

function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // fetch reports a lost connection as a TypeError with a cause; one without is a bug of ours.
  return (
    (error instanceof TypeError && error.cause !== undefined) ||
    error.name === 'TimeoutError' ||
    error.name === 'AbortError'
  )
}
