import type { Gate } from '../authorization/gate.ts'
import type { Completion } from '../domain/completion.ts'
import { readEvidence } from '../domain/evidence.ts'
import { type Reverted, readReverted } from '../domain/reverts.ts'
import { type Account, BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { mergedPullsWith } from '../github/commit-pulls.ts'
import { listCommits } from '../github/commits.ts'
import { getPullRequest, type PullRequest } from '../github/pull-requests.ts'
import { findWork } from '../ledger/bounties.ts'
import { completionsFrom, findCompletion } from '../ledger/completions.ts'
import { findRigOf } from '../ledger/rigs.ts'
import { commandHasRun, revertsOf } from '../operations/ledger-index.ts'
import type { RepositoryPlace } from '../operations/places.ts'
import { itemsOf } from '../operations/pull-request-items.ts'
import { noteSeenReverts, seenRevertsOf } from '../operations/seen-reverts.ts'
import type { Replier, Thread } from '../replies/replier.ts'
import { askAboutRevert, workIsBack } from '../replies/reverts.ts'
import type { ShownItem } from '../replies/status.ts'
import type { Place } from './attend.ts'
import type { FollowRooms } from './follow.ts'
import { completionOf } from './steps.ts'

/**
 * Work that was taken back.
 *
 * A merged pull request, or a commit on the default branch, reverts what it names (`domain/reverts.ts`). Each revert
 * of a completion is noted in an empty Dolt commit and flags the work; who reverts the revert lets it fall, who
 * reverts that makes it stand again. A flag changes no stamp.
 */
export interface Reverting {
  /** `pull_request/<id>` or `commit/<sha>`. */
  key: string
  /** Of a pull request. */
  number?: number
  url: string
  /** Undefined where GitHub resolves nobody. */
  author: Account | undefined
  delivery: string
  sender: string
}

/** A merged pull request (`number`), or a commit of the default branch, whose reverts are to be noted. */
export type RevertJob = RepositoryPlace & ({ number: number } | { sha: string })

/** Looks at the merged pull requests that are reverted, by number, where their own events may have been missed. */
export type LookFirst = (reverted: readonly number[]) => Promise<void>

type Where = Pick<Place, 'client' | 'name' | 'installationId'> & { repository: { id: number; fullName: string } }

/** True of words that may be a revert's; most pull requests and commits are none, and cost GitHub no call. */
export function mayRevert(text: string): boolean {
  return /\brevert/i.test(text)
}

/** What a merged pull request reverts: by its title and description, and by the messages of its commits. */
export async function noteReverts(
  rooms: FollowRooms & { gate: Gate },
  place: Place,
  by: Pick<Reverting, 'delivery' | 'sender'>,
  first?: LookFirst,
): Promise<void> {
  const { client, name, number } = place
  const pull = await getPullRequest(client, name, number)
  if (pull?.merged !== true || pull.author === undefined) return
  if ('refused' in (await rooms.gate(client, name, pull.repository))) return
  const described = readReverted({ title: pull.title, text: pull.body }, pull.repository.fullName)
  const { commits } = await listCommits(client, name, pull)
  const trailed = commits.flatMap((commit) => commit.reverts)
  const reverting = { ...by, key: `pull_request/${pull.id}`, number, url: pull.url, author: pull.author }
  const reverted = { pulls: described.pulls, commits: [...new Set([...described.commits, ...trailed])] }
  await note(rooms, { ...place, repository: pull.repository }, reverting, reverted, first)
}

/** What one commit on the default branch reverts. One that a pull request brought is that pull request's. */
export async function noteRevertingCommit(
  rooms: FollowRooms,
  where: Where,
  commit: { sha: string; url: string; message: string },
  by: Pick<Reverting, 'author' | 'delivery' | 'sender'>,
  first?: LookFirst,
): Promise<void> {
  const [title = '', ...rest] = commit.message.split('\n')
  const reverted = readReverted({ title, text: rest.join('\n') }, where.repository.fullName)
  if (reverted.pulls.length + reverted.commits.length === 0) return
  const [pull] = await mergedPullsWith(where.client, where.name, commit.sha)
  const self =
    pull === undefined
      ? { key: `commit/${commit.sha}`, url: commit.url }
      : { key: `pull_request/${pull.id}`, number: pull.number, url: pull.url }
  await note(rooms, where, { ...by, ...self }, reverted, first)
}

async function note(
  rooms: FollowRooms,
  where: Where,
  reverting: Reverting,
  reverted: Reverted,
  first?: LookFirst,
): Promise<void> {
  const named = await resolve(where, reverted, reverting.key)
  const { key, number = null } = reverting
  const seenAt = { host: rooms.host, repository_id: where.repository.id }
  await noteSeenReverts(rooms.store, seenAt, { reverting: key, number }, named.keys)
  await first?.(named.pulls.map((pull) => pull.number))
  const concerned = await workOf(rooms, named)
  for (const completion of concerned) await flag(rooms, reverting, completion, reverting.key, true)
  for (const revert of await revertsOf(rooms.store, rooms.ledger, { by: named.keys })) {
    const completion = await rooms.ledger.read((db) => findCompletion(db, revert.completion))
    if (completion === undefined) continue
    await flag(rooms, reverting, completion, revert.revert, !revert.stands)
    concerned.push(completion)
  }
  // Also what was noted before: a crash may have come between the note and this.
  for (const number of new Set(concerned.flatMap(({ evidence }) => pullNumber(evidence) ?? []))) {
    const { owner, repo } = where.name
    const at = { installation_id: where.installationId, repository_id: where.repository.id }
    await rooms.revisit({ ...at, owner, repo, number })
  }
}

/** Has reverts noted that were seen when there was no work to flag: what is labelled later is the same completion. */
export async function askForReverts(
  rooms: FollowRooms,
  { name, installationId }: Pick<Place, 'name' | 'installationId'>,
  pull: PullRequest,
  completions: readonly Completion[],
): Promise<void> {
  if (!pull.merged || completions.length === 0) return
  const keys = [`pull_request/${pull.id}`, ...(pull.mergeSha === undefined ? [] : [`commit/${pull.mergeSha}`])]
  const at = { host: rooms.host, repository_id: pull.repository.id }
  const seen = await seenRevertsOf(rooms.store, at, keys)
  if (seen.length === 0) return
  const place = { ...name, installation_id: installationId, repository_id: pull.repository.id }
  for (const { id } of completions) {
    for (const { reverting, number, revert } of seen) {
      if (await commandHasRun(rooms.store, rooms.ledger, noteOf(rooms, reverting, id, revert))) continue
      await rooms.revert(
        { ...place, ...(number === null ? { sha: reverting.slice('commit/'.length) } : { number }) },
        id,
      )
    }
  }
}

function pullNumber(evidence: string): number | undefined {
  const number = /\/pull\/(\d+)$/.exec(readEvidence(evidence)?.url ?? '')?.[1]
  return number === undefined ? undefined : Number(number)
}

interface Named {
  keys: string[]
  pulls: { id: number; number: number; url: string }[]
  commits: string[]
}

/** What is reverted, as GitHub knows it: never the reverting one itself. */
async function resolve({ client, name }: Where, { pulls, commits }: Reverted, self: string): Promise<Named> {
  const numbered = await Promise.all(pulls.map((number) => getPullRequest(client, name, number)))
  const merged: Named['pulls'] = numbered.flatMap((pull) => (pull?.merged === true ? [pull] : []))
  for (const sha of commits) merged.push(...(await mergedPullsWith(client, name, sha)))
  const found = [...new Map(merged.map((pull) => [pull.id, pull])).values()]
  const others = found.filter((pull) => `pull_request/${pull.id}` !== self)
  return {
    keys: [...others.map((pull) => `pull_request/${pull.id}`), ...commits.map((sha) => `commit/${sha}`)],
    pulls: others,
    commits,
  }
}

/** The submitted work of these, by the evidence and, where the repository had another name then, by our own notes. */
async function workOf(rooms: FollowRooms, { pulls, commits }: Named): Promise<Completion[]> {
  const items = (await Promise.all(pulls.map((pull) => itemsOf(rooms.store, rooms.host, pull.id)))).flat()
  return rooms.ledger.read(async (db) => {
    const found = await completionsFrom(db, { urls: pulls.map((pull) => pull.url), merges: commits })
    for (const item of items) {
      const rig = await findRigOf(db, rooms.host, { id: item.author_id, login: '' })
      const about = { host: rooms.host, pullRequestId: item.pull_request_id, wanted: item.wanted_id }
      const completion = rig && (await findWork(db, item.wanted_id, completionOf(about, rig)))
      if (completion !== undefined) found.push(completion)
    }
    return [...new Map(found.map((one) => [one.id, one])).values()]
  })
}

/** Notes, once, that a revert stands or falls. */
async function flag(
  rooms: FollowRooms,
  { key, url, author, delivery, sender }: Reverting,
  completion: Completion,
  revert: string,
  stands: boolean,
): Promise<void> {
  const command = noteOf(rooms, key, completion.id, revert)
  await rooms.ledger.turn(async () => {
    if (await commandHasRun(rooms.store, rooms.ledger, command)) return { value: undefined }
    const trailers = { Delivery: delivery, Command: command, Sender: sender, Completion: completion.id, Revert: revert }
    const isNamed = author !== undefined && !(await rooms.optOuts.has(rooms.host, author.id))
    return {
      value: undefined,
      commit: {
        author: isNamed ? commitAuthor(author) : BRIDGE_AUTHOR,
        subject: `wl note: ${completion.wantedId}`,
        trailers: { ...trailers, By: key, [stands ? 'Reverted-By' : 'Restored-By']: url },
        empty: true,
      },
    }
  })
}

/** Identifies the note that somebody's revert makes another's of a completion stand or fall. */
function noteOf({ host }: FollowRooms, by: string, completion: string, revert: string): string {
  return `${host}/${by}/reverts/${completion}/${revert}`
}

/** The pages of the reverts of a completion that stand. */
export async function standingReverts({ store, ledger }: FollowRooms, completion: string): Promise<string[]> {
  const all = await revertsOf(store, ledger, { completions: [completion] })
  return all.filter((revert) => revert.stands).map((revert) => revert.url)
}

/** Asks once who stamped the work what they think of it now; once it is back, that is said in place. */
export async function tellOfReverts(
  { reply }: { reply: Replier },
  thread: Thread,
  pullId: number,
  { wanted, reverts = [] }: Pick<ShownItem, 'wanted' | 'reverts'>,
): Promise<void> {
  const key = `reverted/${pullId}/${wanted}`
  if (reverts.length > 0) await reply(thread, key, askAboutRevert(wanted, reverts))
  else await reply(thread, key, workIsBack(wanted), 'if-said')
}
