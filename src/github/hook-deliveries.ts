import type { AppAccess } from './client.ts'
import { z } from 'zod'
import { call } from './errors.ts'

/** One attempt of GitHub's to deliver. All attempts of one delivery have the same GUID. */
export interface DeliveryAttempt {
  /** Digits, as text: GitHub's numbers are beyond JavaScript's safe integers (octokit/request.js#797). */
  id: string
  guid: string
  event: string
  action: string | null
  at: Date
  /** GitHub's words for the result, such as `failed to connect to host`. */
  status: string
  /** The hook's address answered 2xx. */
  ok: boolean
}

const AttemptShape = z
  .object({
    id: z.union([z.number(), z.bigint()]),
    guid: z.string(),
    event: z.string(),
    action: z.string().nullish(),
    delivered_at: z.coerce.date(),
    status: z.string(),
    status_code: z.number(),
  })
  .transform(({ id, guid, event, action, delivered_at: at, status, status_code: code }): DeliveryAttempt => ({
    id: String(id),
    guid,
    event,
    action: action ?? null,
    at,
    status,
    ok: code >= 200 && code < 300,
  }))

/**
 * Pagination: a page of a hundred attempts, newest first, from GitHub's cursor on; `next` is the cursor of the next
 * page.
 */
export async function listDeliveries(
  github: AppAccess,
  cursor?: string,
  signal?: AbortSignal,
): Promise<{ attempts: DeliveryAttempt[]; next: string | undefined }> {
  const client = await github.app()
  const { data, headers } = await call(
    client.request('GET /app/hook/deliveries', {
      per_page: 100,
      ...(cursor === undefined ? {} : { cursor }),
      ...until(signal),
    }),
  )
  const next = /<([^<>]+)>;\s*rel="next"/.exec(headers.link ?? '')?.[1]
  return {
    attempts: z.array(AttemptShape).parse(data),
    next: next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined),
  }
}

/** Requests a redelivery. Throws GitHubRefused. */
export async function redeliver(github: AppAccess, attempt: string, signal?: AbortSignal): Promise<void> {
  const client = await github.app()
  await call(client.request(`POST /app/hook/deliveries/${attempt}/attempts`, until(signal)))
}

const PayloadShape = z.object({ request: z.object({ payload: z.record(z.string(), z.unknown()) }) })

/** The payload of a delivery, as JSON text; undefined when GitHub does not have it any more. Throws GitHubRefused. */
export async function getPayload(
  github: AppAccess,
  attempt: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const client = await github.app()
  const { data } = await call(client.request(`GET /app/hook/deliveries/${attempt}`, until(signal)))
  const payload = PayloadShape.safeParse(data).data?.request.payload
  // Large numbers as JSON.parse would have read them from the webhook.
  return payload && JSON.stringify(payload, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))
}

function until(signal: AbortSignal | undefined): { request?: { signal: AbortSignal } } {
  return signal === undefined ? {} : { request: { signal } }
}
