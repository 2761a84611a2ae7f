import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { send } from '../crash/signed.ts'
import type { World } from './world.ts'
import { forgetJobs } from '../queue-rows.ts'

export interface Thread {
  repo: string
  number: number
}

/** Says a line on a thread and resolves to the bridge's newest comment there. */
export async function say(world: World, at: Thread, login: string, line: string): Promise<string> {
  world.gh.as(login).comment(at.repo, at.number, line)
  await world.idle()
  return world.said(at.repo, at.number).at(-1) ?? ''
}

/** Says a line and expects a reply of these words, the confused reaction and no Dolt commit. */
export async function expectRefused(world: World, at: Thread, login: string, line: string, words: RegExp) {
  const before = await ledgerHead(world)
  world.gh.user(login)
  const comment = world.gh.as(login).comment(at.repo, at.number, line)
  await world.idle()
  expect(world.said(at.repo, at.number).at(-1)).toMatch(words)
  expect(world.gh.reactions(comment.id)).toMatchObject([{ content: 'confused' }])
  expect(await ledgerHead(world)).toBe(before)
}

export async function ledgerHead(world: World): Promise<string> {
  return String((await world.sql(`SELECT DOLT_HASHOF('HEAD') AS head`))[0]!['head'])
}

/** A rig of `wl`'s, which no account of GitHub stands behind. */
export async function foreignRig(world: World, handle: string) {
  await world.sql('INSERT INTO rigs (handle, display_name, hop_uri) VALUES (?, ?, ?)', [
    handle,
    handle,
    `hop://${handle}@example.org/${handle}/`,
  ])
  await world.sql(`CALL DOLT_COMMIT('-Am', 'Register rig')`)
}

/** A comment is delivered again: under its GUID, which the queue has forgotten, and under a new one. */
export async function deliverAgain(world: World, comment: { id: number }) {
  const delivery = world.gh.deliveries.findLast(({ payload }) => payload.comment?.id === comment.id)!
  await forgetJobs(world.ops, delivery.guid)
  await world.gh.redeliver(delivery.guid)
  await world.idle()
  expect(await send(world.gh, world.bridge, { ...delivery, guid: randomUUID() })).toBe(202)
  await world.idle()
}
