import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { WEBHOOK_PATH } from '../github/manifest.ts'
import { within } from '../ops/patience.ts'
import { createIntake, type Intake } from './intake.ts'

/** A delivery as it is stored: under its GUID, with GitHub's payload. */
export interface Delivery {
  guid: string
  name: string
  payload: Record<string, unknown>
  /** Fetched from GitHub's list, where it counts as delivered: it may have been worked on. */
  isAnswered?: boolean
}

export interface ReceiveRooms {
  /** Whether the signature is that of the raw body. Undefined while we are still starting. */
  verify(): ((body: string, signature: string) => Promise<boolean>) | undefined
  /** Stores a delivery. Rejects when it could not be stored; then GitHub must not hear that we have it. */
  store(delivery: Delivery): Promise<void>
  /** Called with each answer. The event is whatever the sender said. */
  answered(event: string, status: number): void
  log: { warn(fields: object, message: string): void }
}

/** GitHub's own limit. */
const MAX_BYTES = 25 * 1024 * 1024
/** Of all that is being read or stored at once: anybody can send us bodies, and a store may hang. */
const MAX_BYTES_AT_ONCE = 32 * 1024 * 1024
/** GitHub waits ten seconds for an answer. */
const READ_MS = 10_000
const STORE_MS = 8_000

/**
 * `POST /api/github/webhooks`: verify the signature over the raw body, store, answer 202. Nothing is done about
 * the event here, and no answer tells why: 401 (signature), 413, 415, 400 (no JSON), 503 (not stored, or too much at
 * once: GitHub keeps it, and we ask for it later).
 */
export function receiver(rooms: ReceiveRooms): Hono {
  const complain = sometimes((status, event) =>
    rooms.log.warn(
      { status, event: event.slice(0, 50) },
      'delivery: refused; for 401 compare WEBHOOK_SECRET with the App’s settings',
    ),
  )
  const take = createIntake({ most: MAX_BYTES, atOnce: MAX_BYTES_AT_ONCE, ms: READ_MS })
  return new Hono().post(WEBHOOK_PATH, async (context) => {
    const header = (name: string) => context.req.header(name) ?? ''
    const status = await receive(rooms, take, context.req.raw, header)
    if (status !== 202) complain(status, header('x-github-event'))
    rooms.answered(header('x-github-event'), status)
    return context.body(null, status)
  })
}

async function receive(
  rooms: ReceiveRooms,
  take: Intake,
  { body }: Request,
  header: (name: string) => string,
): Promise<202 | 400 | 401 | 413 | 415 | 503> {
  if (!/^application\/json\s*(?:;|$)/i.test(header('content-type'))) return 415
  const verify = rooms.verify()
  if (verify === undefined) return 503
  const held = await take(body, Number(header('content-length')))
  if (typeof held === 'number') return held
  let storing = Promise.resolve()
  try {
    const text = held.bytes.toString('utf8')
    if (!(await isSigned(verify, text, held.bytes, header('x-hub-signature-256')))) return 401
    const payload = readJson(text)
    if (payload === undefined || header('x-github-event') === '') return 400
    const guid = toUuid(header('x-github-delivery') || text)
    storing = rooms.store({ guid, name: header('x-github-event'), payload })
    return await within(STORE_MS, storing, 'the store does not answer').then(
      () => 202,
      (error: unknown) => {
        rooms.log.warn({ err: error, delivery: guid }, 'delivery: could not be stored')
        return 503
      },
    )
  } finally {
    // A store that hangs has it still when GitHub has heard that we do not.
    void storing.then(held.letGo, held.letGo)
  }
}

/** At most one complaint in ten seconds: anybody can send us rubbish. */
function sometimes(say: (status: number, event: string) => void): (status: number, event: string) => void {
  let silentUntil = 0
  return (status, event) => {
    if (Date.now() < silentUntil) return
    silentUntil = Date.now() + 10_000
    say(status, event)
  }
}

async function isSigned(
  verify: (body: string, signature: string) => Promise<boolean>,
  body: string,
  bytes: Buffer,
  signature: string,
): Promise<boolean> {
  // A body that is no UTF-8 would be verified as another text than GitHub signed.
  if (signature === '' || !Buffer.from(body, 'utf8').equals(bytes)) return false
  return verify(body, signature).catch(() => false)
}

/** Postgres keeps neither NUL nor half a surrogate pair, which JSON can carry: they become U+FFFD. */
export function readJson(body: string): Record<string, unknown> | undefined {
  const clean = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd').toWellFormed() : value
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

/** GitHub's GUIDs are UUIDs, as the queue needs; anything else gets one of its own, the same each time. */
export function toUuid(guid: string): string {
  if (UUID.test(guid)) return guid.toLowerCase()
  const hex = createHash('sha256').update(guid).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
