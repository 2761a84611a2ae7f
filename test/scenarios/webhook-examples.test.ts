import { randomUUID } from 'node:crypto'
import examples from '@octokit/webhooks-examples'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { send } from '../crash/signed.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
}, 120_000)
afterAll(() => world.close())

it('every example payload that GitHub publishes is accepted, and none is an error', { timeout: 240_000 }, async () => {
  const installation = { id: world.gh.deliveries[0]?.installationId ?? 1 }
  const kinds = examples as unknown as { name: string; examples: Record<string, unknown>[] }[]
  const all = kinds.flatMap(({ name: event, examples: some }) => some.map((payload) => ({ event, payload })))
  expect(all.length).toBeGreaterThan(300)
  for (const { event, payload } of all) {
    const delivery = { guid: randomUUID(), event, payload: { installation, ...payload } }
    expect(await send(world.gh, world.bridge, delivery)).toBe(202)
  }
  await world.idle()
  const errors = world.log.filter((line) => JSON.parse(line).level >= 50)
  expect(errors.map((line) => JSON.parse(line)).map(({ msg, err, key }) => ({ msg, key, err: err?.message }))).toEqual(
    [],
  )
})
