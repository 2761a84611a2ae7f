import examples from '@octokit/webhooks-examples'
import { describe, expect, it } from 'vitest'
import type { EventRooms } from '../../src/events/event.ts'
import { EVENTS } from '../../src/events/registry.ts'

class Reached extends Error {}

/** Rooms of which the first that is entered says so: the payload was read. */
const rooms = new Proxy({} as EventRooms, {
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

describe("GitHub's example payloads", () => {
  it('are there for every event of ours', () => {
    const found = new Set(payloads.map(({ event }) => event.name))
    expect([...found].toSorted()).toEqual(EVENTS.map((event) => event.name).toSorted())
  })

  it.each(
    payloads.map(({ event, payload }, n) => [event.name, String((payload as { action?: string }).action), n] as const),
  )('%s %s is read (%i)', async (_name, _action, n) => {
    const { event, payload } = payloads[n]!
    expect(event.key(payload)).toMatch(/^[0-9]+\/([0-9]+|repository|checks|organization|installation)$/)
    const outcome = await event.handle(rooms, { delivery: 'example', payload }).catch((error: unknown) => error)
    if (outcome !== undefined) expect(outcome).toBeInstanceOf(Reached)
  })
})
