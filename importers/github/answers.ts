import { z } from 'zod'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { oneLine, storableJson } from '../../src/domain/text.ts'
import { TokenRefused, TooMuch } from './errors.ts'

/** An error of a GraphQL answer: the part that GitHub left out, and why. */
export interface Fault {
  /** Names and indexes from the top of the answer. */
  path: (string | number)[]
  /** GitHub's type: `NOT_FOUND`, `FORBIDDEN`, `RESOURCE_LIMITS_EXCEEDED` … */
  type: string
}

/** A GraphQL answer: complete, or without the parts that its faults name. */
export interface Answer {
  data: Record<string, unknown>
  faults: Fault[]
}

/** GitHub's rate limit: it asks us to wait until a time, in milliseconds since 1970, where it names one. */
export class Told extends Error {
  readonly until: number | undefined

  constructor(until: number | undefined) {
    super('GitHub asks us to wait')
    this.until = until
  }
}

export function isTooMuch({ type }: { type: string }): boolean {
  return type === 'RESOURCE_LIMITS_EXCEEDED'
}

/** People write any characters into their profiles, and neither store takes all of them. */
const Data = z.record(z.string(), z.unknown()).transform((data) => storableJson(data) as Record<string, unknown>)
const Headers = z.record(z.string(), z.unknown()).catch({})
type Headers = z.infer<typeof Headers>

const Body = z
  .object({
    message: z.string().catch(''),
    documentation_url: z.string().catch(''),
    data: z.unknown().optional(),
    errors: z
      .array(
        z.object({
          type: z.string().catch(''),
          message: z.string().catch(''),
          path: z
            .array(z.union([z.string(), z.number()]))
            .optional()
            .catch(undefined),
        }),
      )
      .catch([]),
  })
  .catch({ message: '', documentation_url: '', data: undefined, errors: [] })
type Body = z.infer<typeof Body>

/**
 * The error that octokit throws: GraphQL's errors have no status, and their body is spread over it; any other error has
 * one.
 */
const Failure = z.object({
  status: z.number().optional().catch(undefined),
  message: z.string().catch(''),
  errors: z.unknown().optional(),
  headers: z.unknown().optional(),
  response: z.object({ headers: z.unknown().optional(), data: z.unknown() }).optional().catch(undefined),
})

/** A complete answer. */
export function wholeOf(data: unknown): Answer {
  const answered = Data.safeParse(data)
  if (!answered.success) throw new Unavailable('GitHub’s answer broke off')
  return { data: answered.data, faults: [] }
}

/**
 * The part of an answer that came though the request failed; otherwise throws.
 *
 * | GitHub says | thrown |
 * |---|---|
 * | 429; 403 with `retry-after`, nothing remaining or the words of a limit; 200 with RATE_LIMIT or RATE_LIMITED | Told |
 * | 502, 504; 200 with RESOURCE_LIMITS_EXCEEDED or "something went wrong", and no word of where | TooMuch |
 * | 401, any other 403, 200 with FORBIDDEN or INSUFFICIENT_SCOPES for all | TokenRefused |
 * | 500, 503, nothing | Unavailable |
 * | any other status | UserError |
 *
 * The original error is dropped: it holds the request.
 */
export function partOf(error: unknown, now: number): Answer {
  const { status = 200, message, response, ...failure } = Failure.parse(error)
  const body = Body.parse(failure.errors === undefined ? response?.data : error)
  const headers = Headers.parse(failure.errors === undefined ? response?.headers : failure.headers)
  if (isLimit(status, headers, { ...body, message: `${message} ${body.message}` }))
    throw new Told(toldUntil(headers, now))
  if (body.errors.length > 0) return answered(body)
  if (status === 502 || status === 504) throw new TooMuch('time')
  if (status === 401 || status === 403) throw new TokenRefused(status)
  if (response === undefined) throw new Unavailable('GitHub cannot be reached')
  if (status >= 500) throw new Unavailable(`GitHub answered ${status}`)
  throw new UserError(`GitHub answered ${status} where its API was expected: check the address of the API`)
}

function answered({ data, errors }: Body): Answer {
  const faults = errors.flatMap(({ path, type }) => (path === undefined ? [] : [{ path, type }]))
  // A search that fails leaves no data at all, because GitHub's schema promises one: only its path is known.
  if (faults.length === errors.length) return { data: Data.catch({}).parse(data), faults }
  const ofAll = errors.find(({ path }) => path === undefined)!
  if (isTooMuch(ofAll)) throw new TooMuch('resources')
  if (/^something went wrong|time(d )?out/i.test(ofAll.message)) throw new TooMuch('time')
  if (ofAll.type === 'FORBIDDEN' || ofAll.type === 'INSUFFICIENT_SCOPES') throw new TokenRefused(403)
  throw new Unavailable(`GitHub could not answer a query: ${oneLine(ofAll.message || ofAll.type, 200)}`)
}

function isLimit(status: number, headers: Headers, { message, documentation_url, errors }: Body): boolean {
  if (status === 429 || errors.some(({ type }) => type.startsWith('RATE_LIMIT'))) return true
  if (status === 403 && toldUntil(headers, 0) !== undefined) return true
  const words = [message, ...errors.map((each) => each.message)].join('\n')
  // Without headers, only these words tell a rate limit from a refusal.
  return (
    /rate limit exceeded|secondary rate limit|abuse detection/i.test(words) ||
    (documentation_url.includes('#') && /(?:secondary|abuse)-rate-limits$/.test(documentation_url))
  )
}

/** The longest time that is believed, in milliseconds: no limit of GitHub's lasts longer. */
const DAY_MS = 24 * 3_600_000

/** The time until which the headers ask us to wait, in milliseconds since 1970. */
function toldUntil(headers: Headers, now: number): number | undefined {
  const after = Number(headers['retry-after'])
  if (after > 0) return now + Math.min(after * 1000, DAY_MS)
  const reset = Number(headers['x-ratelimit-reset'])
  if (String(headers['x-ratelimit-remaining']) !== '0' || !(reset > 0)) return undefined
  return Math.min(Math.max(reset * 1000, now) + 1000, now + DAY_MS)
}
