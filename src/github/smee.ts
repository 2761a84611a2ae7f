/**
 * Webhooks through a smee channel, for a bridge that GitHub cannot reach: development only, for the proxy
 * reads every payload and anybody who knows the channel can post to it (the signature still guards us).
 *
 * smee-client keeps the connection; the forwarding is ours. Its own would end the process on a message
 * without a body, and send the request to our own port through an HTTP_PROXY.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { SmeeClient } from 'smee-client'
import { z } from 'zod'
import { UserError } from '../domain/errors.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
const CLOSED = 2

/** A message of smee: the request's headers in lower case beside its parsed body. */
const RelayedRequest = z.looseObject({
  body: z.record(z.string(), z.unknown()),
  'x-github-event': z.string(),
  'x-github-delivery': z.string(),
  'x-hub-signature-256': z.string(),
})

/** Loaded lazily, because it brings an HTTP client of its own. */
const smee = async () => (await import('smee-client')).SmeeClient

type SmeeLog = Pick<Logger, 'info' | 'warn' | 'debug'>

export interface SmeeOptions {
  /** The channel, WEBHOOK_PROXY_URL. */
  source: string
  /** The bridge's own webhook URL on this machine. */
  target: string
  log: SmeeLog
  firstWaitMs?: number
}

/** Relays until closed. Returns at once; a channel that cannot be reached is logged as a warning and retried. */
export function startSmee(options: SmeeOptions): { close: () => Promise<void> } {
  const ending = new AbortController()
  const relaying = relay(options, ending.signal)
  return {
    async close() {
      ending.abort()
      await relaying
    },
  }
}

async function relay(
  { source, target, log, firstWaitMs = FIRST_WAIT_MS }: SmeeOptions,
  signal: AbortSignal,
): Promise<void> {
  let wait = firstWaitMs
  while (!signal.aborted) {
    try {
      await connection({ source, target, log, signal, opened: () => (wait = firstWaitMs) })
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown'
      log.warn({ reason, waitMs: wait }, 'the webhook proxy cannot be reached; trying again')
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
}

/** One connection, from its start until it is lost for good. Rejects when it is lost, resolves on `signal`. */
async function connection(options: {
  source: string
  target: string
  log: SmeeLog
  signal: AbortSignal
  opened: () => void
}): Promise<void> {
  const { source, target, log, signal } = options
  const quiet = { info: () => undefined, error: () => undefined }
  const Client = await smee()
  if (signal.aborted) return
  const client = new Client({ source, target, logger: quiet, forward: false })
  const lost = Promise.withResolvers<undefined>()
  const stop = () => lost.resolve(undefined)
  signal.addEventListener('abort', stop, { once: true })
  client.onmessage = (message) => void forward(message.data, target, log)
  try {
    const events = await Promise.race([start(client), lost.promise])
    if (events === undefined) return
    options.opened()
    log.info('connected to the webhook proxy')
    // smee-client reconnects by itself after a lost connection; only an answer that is no stream ends it.
    client.onerror = (event) => {
      if (events.readyState === CLOSED) lost.reject(new Error(`the webhook proxy closed the channel: ${event.message}`))
    }
    await lost.promise
  } finally {
    signal.removeEventListener('abort', stop)
    await client.stop()
  }
}

/** smee-client rejects with an event, not an Error. */
async function start(client: SmeeClient): ReturnType<SmeeClient['start']> {
  try {
    return await client.start()
  } catch (event) {
    const { data } = z.object({ message: z.string() }).safeParse(event)
    throw new Error(data?.message ?? 'no connection', { cause: event })
  }
}

/** Posts one relayed webhook to ourselves. Never rejects: anybody can post anything to a channel. */
async function forward(data: unknown, target: string, log: SmeeLog): Promise<void> {
  const relayed = parseRelayed(data)
  if (relayed === undefined) {
    log.debug('the webhook proxy sent something that is no webhook')
    return
  }
  const { body, ...headers } = relayed
  const delivery = headers['x-github-delivery']
  try {
    const answer = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': headers['x-github-event'],
        'x-github-delivery': delivery,
        'x-hub-signature-256': headers['x-hub-signature-256'],
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    await answer.body?.cancel()
    if (!answer.ok) log.warn({ delivery, status: answer.status }, 'a relayed webhook was refused')
  } catch (error) {
    // GitHub counts it as delivered, because smee took it: the scheduled job `deliveries` finds that our queue lacks
    // it, and fetches it.
    log.warn({ err: error, delivery }, 'a relayed webhook was lost')
  }
}

function parseRelayed(data: unknown): z.infer<typeof RelayedRequest> | undefined {
  try {
    return RelayedRequest.safeParse(JSON.parse(String(data))).data
  } catch {
    return undefined
  }
}

/** Makes a new channel at smee.io and gives its URL. Throws UserError when smee.io does not answer. */
export async function newChannel({ newChannelUrl }: { newChannelUrl?: string } = {}): Promise<string> {
  const giveUp = AbortSignal.timeout(10_000)
  const timedOut = new Promise<never>((_, reject) => {
    giveUp.addEventListener('abort', () => reject(new Error('no answer within 10 s')), { once: true })
  })
  try {
    const made = (await smee()).createChannel(newChannelUrl === undefined ? {} : { newChannelUrl })
    return z.url({ protocol: /^https?$/ }).parse(await Promise.race([made, timedOut]))
  } catch (cause) {
    throw new UserError(
      'smee.io made no channel. Check that this machine can reach https://smee.io, or give a public address instead.',
      { cause },
    )
  }
}
