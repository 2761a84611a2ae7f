import { createHmac, randomUUID } from 'node:crypto'
import { installationOf } from './access.ts'
import { presentAccount } from './present/account.ts'
import { presentInstallationLite } from './present/installation.ts'
import { presentOrganizationOf, presentRepository } from './present/repository.ts'
import type { Occurrence, World } from './world.ts'

/**
 * One attempt to deliver a webhook. `statusCode` as GitHub's API lists it: 502 when it could not connect, 504 after 10
 * s.
 */
export type Attempt = {
  id: number
  deliveredAt: string
  durationSeconds: number
  redelivery: boolean
  statusCode: number
  status: string
  requestHeaders: Record<string, string>
  responseHeaders: Record<string, string>
  responseBody: string
}

/** One webhook, with all attempts to deliver it; a redelivery keeps the GUID. */
export type Delivery = {
  guid: string
  event: string
  action: string | null
  installationId: number | null
  repositoryId: number | null
  // oxlint-disable-next-line typescript/no-explicit-any -- a payload is whatever the event makes it
  payload: any
  createdAt: string
  attempts: Attempt[]
}

export type Courier = {
  deliveries: Delivery[]
  hookUrl: string | null
  /** False: the App's webhook is switched off, so nothing is sent and nothing listed. */
  active: boolean
  emit: (occurrence: Occurrence) => void
  hold: () => void
  release: (how?: { order?: 'reverse' | ((held: Delivery[]) => Delivery[]) }) => void
  drop: (predicate: (delivery: Delivery) => boolean) => () => void
  redeliver: (guid: string) => Promise<void>
  settled: () => Promise<void>
  /** Ends the attempt under way without waiting for its answer. */
  stop: () => Promise<void>
}

const always = new Set(['installation', 'installation_repositories', 'github_app_authorization'])
const timeoutMs = 10_000

/** Sends webhooks one after another, each once, because GitHub never retries by itself. */
export function createCourier(world: World, hookUrl: string | null, deliveries: Delivery[] = []): Courier {
  const dropping = new Set<(delivery: Delivery) => boolean>()
  const stopping = new AbortController()
  let held: Delivery[] | null = null
  let line: Promise<void> = Promise.resolve()

  async function attempt(delivery: Delivery, redelivery: boolean): Promise<void> {
    const lost = [...dropping].some((predicate) => predicate(delivery))
    delivery.attempts.push(await post(world, lost ? null : courier.hookUrl, delivery, redelivery, stopping.signal))
  }

  function enqueue(delivery: Delivery, redelivery = false): Promise<void> {
    line = line.then(() => attempt(delivery, redelivery))
    return line
  }

  const courier: Courier = {
    deliveries,
    hookUrl,
    active: true,
    emit(occurrence) {
      const delivery = prepare(world, occurrence)
      if (!delivery) return
      deliveries.push(delivery)
      if (!courier.active) return
      if (held) held.push(delivery)
      else void enqueue(delivery)
    },
    hold() {
      held ??= []
    },
    release({ order } = {}) {
      const waiting = held ?? []
      held = null
      const arranged = order === 'reverse' ? waiting.toReversed() : order ? order(waiting) : waiting
      for (const delivery of arranged) void enqueue(delivery)
    },
    drop(predicate) {
      dropping.add(predicate)
      return () => void dropping.delete(predicate)
    },
    redeliver(guid) {
      const delivery = deliveries.find((other) => other.guid === guid)
      if (!delivery) throw new Error(`no delivery ${guid}`)
      return enqueue(delivery, true)
    },
    // The answer to one delivery may cause others.
    async settled() {
      for (let seen; seen !== line;) {
        seen = line
        await seen
      }
    },
    stop() {
      courier.hookUrl = null
      stopping.abort()
      return courier.settled()
    },
  }
  return courier
}

/** The payload as it is now; null if the App does not get the event. */
function prepare(
  world: World,
  { event, action, sender, repository, installation, fields }: Occurrence,
): Delivery | null {
  const at = installation ?? (repository && installationOf(world, repository))
  if (!at || (at.suspendedAt !== null && event !== 'installation')) return null
  if (!always.has(event) && !world.app.events.includes(event)) return null
  const payload = {
    ...(action === null ? {} : { action }),
    ...(repository
      ? {
          repository: presentRepository(world, repository),
          ...presentOrganizationOf(world, repository.ownerId),
          installation: presentInstallationLite(at),
        }
      : {}),
    ...fields,
    sender: presentAccount(world, sender),
  }
  return {
    guid: randomUUID(),
    event,
    action,
    installationId: at.id,
    repositoryId: repository?.id ?? null,
    payload: JSON.parse(JSON.stringify(payload)),
    createdAt: world.clock.iso(),
    attempts: [],
  }
}

async function post(
  world: World,
  hookUrl: string | null,
  delivery: Delivery,
  redelivery: boolean,
  stopped: AbortSignal,
): Promise<Attempt> {
  const { app } = world
  const body = JSON.stringify(delivery.payload)
  const requestHeaders = {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/10ca1fe',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.event,
    'x-github-hook-id': String(app.id + 400_000_000),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': `sha256=${createHmac('sha256', app.webhookSecret).update(body).digest('hex')}`,
  }
  const started = performance.now()
  const made = { id: world.id('attempt'), deliveredAt: world.clock.iso(), redelivery, requestHeaders }
  const end = (statusCode: number, status: string, responseHeaders = {}, responseBody = ''): Attempt => ({
    ...made,
    durationSeconds: Math.round((performance.now() - started) / 10) / 100,
    statusCode,
    status,
    responseHeaders,
    responseBody,
  })
  if (hookUrl === null) return end(502, 'failed to connect to host')
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)])
    const answer = await fetch(hookUrl, { method: 'POST', headers: requestHeaders, body, signal, redirect: 'manual' })
    const status = answer.ok ? 'OK' : `Invalid HTTP Response: ${answer.status}`
    return end(answer.status, status, Object.fromEntries(answer.headers), await answer.text())
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return late ? end(504, 'timed out') : end(502, 'failed to connect to host')
  }
}
