import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { WEBHOOK_PATH } from '../github/manifest.ts'
import { within } from '../ops/patience.ts'

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
  log: { warn(fields: object, message: string): void }
}

/** GitHub's own limit. */
const MAX_BYTES = 25 * 1024 * 1024
/** GitHub waits ten seconds for an answer. */
const STORE_MS = 8_000

/**
 * `POST /api/github/webhooks`: verify the signature over the raw body, store, answer 202. Nothing is done about
 * the event here, and no answer tells why: 401 (signature), 413, 415, 400 (no JSON), 503 (not stored).
 */
export function receiver(rooms: ReceiveRooms): Hono {
  const complain = sometimes((status, event) =>
    rooms.log.warn(
      { status, event: event.slice(0, 50) },
      'delivery: refused; for 401 compare WEBHOOK_SECRET with the App’s settings',
    ),
  )
  return new Hono().post(WEBHOOK_PATH, async (context) => {
    const answer = (status: 202 | 400 | 401 | 413 | 415 | 503) => {
      if (status !== 202) complain(status, header('x-github-event'))
      return context.body(null, status)
    }
    const header = (name: string) => context.req.header(name) ?? ''
    if (!/^application\/json\s*(?:;|$)/i.test(header('content-type'))) return answer(415)
    const verify = rooms.verify()
    if (verify === undefined) return answer(503)
    const bytes = await readBody(context.req.raw, Number(header('content-length')))
    if (bytes === undefined) return answer(413)
    const body = bytes.toString('utf8')
    if (!(await isSigned(verify, body, bytes, header('x-hub-signature-256')))) return answer(401)
    const payload = readJson(body)
    if (payload === undefined || header('x-github-event') === '') return answer(400)
    const guid = toUuid(header('x-github-delivery') || body)
    try {
      await within(
        STORE_MS,
        rooms.store({ guid, name: header('x-github-event'), payload }),
        'the store does not answer',
      )
      return answer(202)
    } catch (error) {
      rooms.log.warn({ err: error, delivery: guid }, 'delivery: could not be stored')
      return answer(503)
    }
  })
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

/** The raw bytes, or undefined when there are too many; reading stops there. */
async function readBody(request: Request, announced: number): Promise<Buffer | undefined> {
  if (announced > MAX_BYTES) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
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
