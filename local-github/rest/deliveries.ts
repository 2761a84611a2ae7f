import type { Attempt, Delivery } from '../courier.ts'
import { notFound, Refusal } from '../refusal.ts'
import { demandApp } from './app.ts'
import { ok, perPage, query, text, type Ask, type Route } from './ask.ts'

type Sent = { delivery: Delivery; attempt: Attempt }

const keptMs = 3 * 24 * 3_600_000

/** The number of an attempt. Since 2026 GitHub's are beyond 2^53 (octokit/request.js#797). */
const numberOf = ({ id }: Attempt) => 3_804_000_000_000_000_001n + BigInt(id)
/** A raw number for JSON.stringify, which takes no bigint; TypeScript does not know of it yet. */
const exactly = (value: bigint) => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value))

/** GitHub lists attempts of three days, newest first: a redelivery is an entry of its own with the same guid. */
function attempts(ask: Ask): Sent[] {
  demandApp(ask)
  const oldest = ask.world.clock.now() - keptMs
  return ask.courier.deliveries
    .flatMap((delivery) => delivery.attempts.map((attempt) => ({ delivery, attempt })))
    .filter(({ attempt }) => Date.parse(attempt.deliveredAt) >= oldest)
    .toSorted((a, b) => b.attempt.id - a.attempt.id)
}

function find(ask: Ask): Sent {
  const found = attempts(ask).find(({ attempt }) => String(numberOf(attempt)) === text(ask, 'delivery_id'))
  if (!found) throw notFound()
  return found
}

function presentItem({ delivery, attempt }: Sent) {
  return {
    id: exactly(numberOf(attempt)),
    guid: delivery.guid,
    delivered_at: attempt.deliveredAt,
    redelivery: attempt.redelivery,
    duration: attempt.durationSeconds,
    status: attempt.status,
    status_code: attempt.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
}

export const deliveryRoutes: Route[] = [
  {
    method: 'GET',
    template: '/app/hook/config',
    answer(ask) {
      demandApp(ask)
      const url = ask.courier.hookUrl ?? ''
      return ok({ content_type: 'json', insecure_ssl: '0', secret: '********', url })
    },
  },
  {
    method: 'GET',
    template: '/app/hook/deliveries',
    // Pagination by cursor, in one direction: `cursor` names the last entry of the page before.
    answer(ask) {
      const status = query(ask, 'status')
      const failed = ({ attempt }: Sent) => attempt.statusCode < 200 || attempt.statusCode >= 400
      const wanted = attempts(ask).filter((sent) => status === undefined || (status === 'failure') === failed(sent))
      const cursor = query(ask, 'cursor')
      const before = cursor === undefined ? undefined : /^v1_(\d+)$/.exec(cursor)?.[1]
      if (cursor !== undefined && before === undefined) throw new Refusal(422, 'Invalid cursor')
      const rest = wanted.filter(({ attempt }) => before === undefined || numberOf(attempt) < BigInt(before))
      const shown = rest.slice(0, perPage(ask))
      const last = shown.at(-1)
      if (!last || shown.length === rest.length) return ok(shown.map(presentItem))
      const next = new URL(ask.url)
      next.searchParams.set('cursor', `v1_${numberOf(last.attempt)}`)
      return { status: 200, body: shown.map(presentItem), headers: { link: `<${next.href}>; rel="next"` } }
    },
  },
  {
    method: 'GET',
    template: '/app/hook/deliveries/{delivery_id}',
    answer(ask) {
      const sent = find(ask)
      const { attempt, delivery } = sent
      return ok({
        ...presentItem(sent),
        url: ask.courier.hookUrl ?? '',
        request: { headers: attempt.requestHeaders, payload: delivery.payload },
        response: { headers: attempt.responseHeaders, payload: attempt.responseBody },
      })
    },
  },
  {
    method: 'POST',
    template: '/app/hook/deliveries/{delivery_id}/attempts',
    answer(ask) {
      void ask.courier.redeliver(find(ask).delivery.guid)
      return { status: 202, body: {} }
    },
  },
]
