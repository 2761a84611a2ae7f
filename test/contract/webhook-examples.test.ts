import examples from '@octokit/webhooks-examples'
import { describe, expect, it } from 'vitest'
import type { EventDeps } from '../../src/events/event.ts'
import type { ForgeEvent } from '../../src/events/forge-event.ts'
import { EVENTS, handle, keyOf } from '../../src/events/registry.ts'
import { readDelivery } from '../../src/deliveries/stored-event.ts'

class Reached extends Error {}

/** Deps of which the first that is entered says so: the payload was read. */
const deps = new Proxy({} as EventDeps, {
  get() {
    throw new Reached()
  },
})

const payloads = EVENTS.flatMap((event) =>
  (examples as unknown as { name: string; examples: Record<string, unknown>[] }[])
    .filter(({ name }) => name === event.name)
    .flatMap((kind) => kind.examples)
    .filter((payload) => event.actions.length === 0 || event.actions.includes(String(payload['action'])))
    .map((payload) => ({ event, payload: { installation: { id: 1 }, ...payload } })),
)

/** Of these GitHub publishes no example. */
const WITHOUT = [
  'member.removed',
  'organization.deleted',
  'organization.member_removed',
  'pull_request.edited',
  'pull_request_review.edited',
  'repository.archived',
  'repository.deleted',
  'repository.unarchived',
]

describe("GitHub's example payloads", () => {
  it('are there for every event of ours', () => {
    const found = new Set(payloads.map(({ event }) => event.name))
    expect([...found].toSorted()).toEqual(EVENTS.map((event) => event.name).toSorted())
  })

  it('are there for every action of ours, but for a few that are in their schemas only', () => {
    const found = new Set(
      payloads.map(({ event, payload }) => `${event.name}.${(payload as { action?: string }).action}`),
    )
    const ours = EVENTS.flatMap((event) => event.actions.map((action) => `${event.name}.${action}`))
    expect(ours.filter((one) => !found.has(one)).toSorted()).toEqual(WITHOUT)
  })

  it.each(
    payloads.map(({ event, payload }, n) => [event.name, String((payload as { action?: string }).action), n] as const),
  )('%s %s is read (%i)', async (_name, _action, n) => {
    const { event, payload } = payloads[n]!
    const read = readDelivery({ guid: 'example', name: event.name, payload })!
    expect(keyOf(read)).toMatch(/^[0-9]+\/([0-9]+|repository|checks|organization|installation)$/)
    // As the queue gives it back.
    const stored = JSON.parse(JSON.stringify(read)) as ForgeEvent
    expect(stored).toEqual(read)
    const outcome = await handle(deps, stored).catch((error: unknown) => error)
    if (outcome !== undefined) expect(outcome).toBeInstanceOf(Reached)
  })
})
