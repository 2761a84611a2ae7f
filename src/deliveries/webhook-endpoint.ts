import { isUtf8 } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { storable } from '../domain/text.ts'
import { WEBHOOK_PATH } from '../github/manifest.ts'
import { withTimeout } from '../ops/retry.ts'
import { createIntake, type Intake } from './bounded-body.ts'
import { onePerTick } from './one-per-tick.ts'
import type { Delivery } from './stored-event.ts'

export interface DeliveryIntake {
  /** The secret of the webhook. */
  secret: string
  /** Stores a delivery. Rejects when it could not be stored; then GitHub must not be told that we have it. */
  store(delivery: Delivery): Promise<void>
}

export interface ReceiveDeps {
  /** The intake of deliveries; undefined while the bridge is starting. */
  intake(): DeliveryIntake | undefined
  /** The network of the client's address, by which unverified bodies are limited. */
  networkOf(context: Context): string
  /** Called with each answer. `event` is whatever the sender said. */
  answered(event: string, status: number): void
  log: { warn(fields: object, message: string): void }
}

/** GitHub's own limit, in bytes. */
const MAX_BYTES = 25 * 1024 * 1024
const BOUNDS = {
  most: MAX_BYTES,
  // Nearly all of GitHub's payloads are smaller: a text has up to 64 kB.
  small: 256 * 1024,
  unverifiedSmall: 8 * 1024 * 1024,
  unverifiedLarge: 32 * 1024 * 1024,
  // Verified bodies wait here while a store hangs.
  verified: 32 * 1024 * 1024,
  // GitHub waits ten seconds for an answer.
  ms: 10_000,
}
const STORE_MS = 8_000
const SIGNATURE = /^sha256=([0-9a-f]{64})$/

/**
 * The route `POST /api/github/webhooks`: verifies the signature over the raw body, stores the delivery, and answers
 * 202. The event is not handled here. No answer says why it refuses: 401 (signature, or no UTF-8), 413 (too large), 415
 * (content type), 400 (no JSON), 503 (still starting, not stored, or too much at once: GitHub keeps the delivery, and
 * we request it later).
 */
export function receiver(deps: ReceiveDeps): Hono {
  const complain = sometimes((status, event) =>
    deps.log.warn(
      { status, event: event.slice(0, 50) },
      'delivery: refused; for 401 compare WEBHOOK_SECRET with the App’s settings',
    ),
  )
  const take = createIntake(BOUNDS)
  const turn = onePerTick()
  return new Hono().post(WEBHOOK_PATH, async (context) => {
    const header = (name: string) => context.req.header(name) ?? ''
    const status = await receive(deps, { take, turn }, context, header)
    if (status !== 202) complain(status, header('x-github-event'))
    deps.answered(header('x-github-event'), status)
    return context.body(null, status)
  })
}

async function receive(
  deps: ReceiveDeps,
  { take, turn }: { take: Intake; turn(): Promise<void> },
  context: Context,
  header: (name: string) => string,
): Promise<202 | 400 | 401 | 413 | 415 | 503> {
  if (!/^application\/json\s*(?:;|$)/i.test(header('content-type'))) return 415
  const intake = deps.intake()
  if (intake === undefined) return 503
  const [, signature] = SIGNATURE.exec(header('x-hub-signature-256')) ?? []
  // Without a signature of the right form, no body could be accepted.
  if (signature === undefined) return 401
  const hmac = createHmac('sha256', intake.secret)
  await turn()
  const body = await take({
    stream: context.req.raw.body,
    announced: Number(header('content-length') || NaN),
    network: deps.networkOf(context),
    part: (bytes) => hmac.update(bytes),
  })
  if (typeof body === 'number') return body
  await turn()
  if (!timingSafeEqual(hmac.digest(), Buffer.from(signature, 'hex'))) return 401
  let storing = Promise.resolve()
  try {
    const bytes = body.keep()
    if (bytes === undefined) return 503
    // GitHub sends UTF-8 only; anything else would be stored as another text than was signed.
    if (!isUtf8(bytes)) return 401
    const text = bytes.toString('utf8')
    const payload = readJson(text)
    if (payload === undefined || header('x-github-event') === '') return 400
    const guid = toUuid(header('x-github-delivery') || text)
    storing = intake.store({ guid, name: header('x-github-event'), payload })
    return await withTimeout(STORE_MS, storing, 'the store does not answer').then(
      () => 202,
      (error: unknown) => {
        deps.log.warn({ err: error, delivery: guid }, 'delivery: could not be stored')
        return 503
      },
    )
  } finally {
    // A store that hangs still has the body after GitHub was told that we do not have it.
    void storing.then(body.release, body.release)
  }
}

/** Logs at most one refusal in ten seconds, because anybody can send us invalid requests. */
function sometimes(say: (status: number, event: string) => void): (status: number, event: string) => void {
  let silentUntil = 0
  return (status, event) => {
    if (Date.now() < silentUntil) return
    silentUntil = Date.now() + 10_000
    say(status, event)
  }
}

/**
 * Parses a JSON object; undefined for any other text. Postgres stores neither NUL nor half a surrogate pair, which JSON
 * can contain: they become U+FFFD.
 */
export function readJson(body: string): Record<string, unknown> | undefined {
  const clean = (_key: string, value: unknown) => (typeof value === 'string' ? storable(value) : value)
  try {
    const value: unknown = /\\u(?:0000|d[89a-f])/i.test(body) ? JSON.parse(body, clean) : JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * A GUID as a UUID, which the queue needs. GitHub's GUIDs are UUIDs; any other text gets one of its own, the same each
 * time.
 */
export function toUuid(guid: string): string {
  if (UUID.test(guid)) return guid.toLowerCase()
  const hex = createHash('sha256').update(guid).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
