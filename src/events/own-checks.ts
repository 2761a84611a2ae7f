import type { z } from 'zod'
import { ask, waitFor } from '../github/answer.ts'
import { listOwnChecks, openNoSuites, postCheck } from '../github/check-runs.ts'
import type { Client } from '../github/github.ts'
import { getRepository } from '../github/repositories.ts'
import { pullRequestsAt } from '../operations/pull-request-heads.ts'
import { NAMES_NO_ITEM } from '../replies/check.ts'
import { CHECK, forgetCheck } from '../replies/checker.ts'
import { type Envelope, type EventRooms, nameOf } from './event.ts'

type At = Pick<z.output<typeof Envelope>, 'repository' | 'installation'>

/**
 * Answers a person who asks for our checks of a commit again. GitHub has reopened the suite and waits for new runs, so
 * what was said is said again at once; then settings and pull requests are looked at anew, and what has changed is
 * reported as ever.
 */
export async function repeatOwnChecks(rooms: EventRooms, at: At, head: string): Promise<void> {
  await rooms.forget(at.repository.id)
  await post(rooms, at, head, (ours) => ours)
  await lookAgain(rooms, at, head)
}

/**
 * Ends the suite that GitHub opens for us at every push, where no pull request of ours is: one without a run stays
 * queued for ever, and bots that merge wait for it. Our look at a pull request brings that run up to date. And has it
 * open no more of them in this repository: where it will not, each is ended.
 */
export async function concludeSuite(rooms: EventRooms, at: At, head: string): Promise<void> {
  await unlessRefused(async () => {
    const client = await servedBy(rooms, at)
    if (client !== undefined) await openNoSuites(client, nameOf(at.repository), (await rooms.identity()).id)
  })
  if ((await pullsAt(rooms, at, head)).length > 0) return
  await post(rooms, at, head, () => [])
  // One that was looked at meanwhile has a run that is older than ours.
  await lookAgain(rooms, at, head)
}

/** Posts some of what is said of a commit again; of one of which nothing is said, and no pull request is, that. */
async function post(rooms: EventRooms, at: At, head: string, again: <T>(ours: T[]) => T[]): Promise<void> {
  await unlessRefused(async () => {
    const client = await servedBy(rooms, at)
    if (client === undefined) return
    const name = nameOf(at.repository)
    const ours = await listOwnChecks(client, name, (await rooms.identity()).id, head)
    const isEmpty = ours.length === 0 && (await pullsAt(rooms, at, head)).length === 0
    const checks = isEmpty ? [{ name: CHECK, sha: head, ...NAMES_NO_ITEM }] : again(ours)
    for (const check of checks) await postCheck(client, name, check)
  })
}

/** A check is a help and no more: a repository that forbids it has the comment. */
async function unlessRefused(work: () => Promise<void>): Promise<void> {
  const done = await ask(work())
  if ('refused' in done && done.refused.why === 'account') throw waitFor(done.refused)
}

async function lookAgain(rooms: EventRooms, at: At, head: string): Promise<void> {
  for (const pull of await pullsAt(rooms, at, head)) {
    await forgetCheck(rooms.store, pull.pull_request_id)
    await rooms.revisit(pull)
  }
}

function pullsAt({ store, host }: EventRooms, { repository }: At, head: string) {
  return pullRequestsAt(store, { host, repository_id: repository.id, head })
}

/** Undefined where we do not serve: there nothing is reported. */
async function servedBy(rooms: EventRooms, { repository, installation }: At): Promise<Client | undefined> {
  const client = await rooms.installation(installation.id)
  const name = nameOf(repository)
  const facts = await getRepository(client, name)
  return facts === undefined || 'refused' in (await rooms.gate(client, name, facts)) ? undefined : client
}
