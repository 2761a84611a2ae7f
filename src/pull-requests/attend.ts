import type { Admission } from '../authorization/admission.ts'
import type { Gate } from '../authorization/gate.ts'
import { lists, type Settings } from '../authorization/settings.ts'
import type { Completion } from '../domain/completion.ts'
import type { Rig } from '../domain/rig.ts'
import type { Client } from '../github/github.ts'
import { getPullRequest, type PullRequest, type RepositoryName } from '../github/pull-requests.ts'
import { completionsOf } from '../ledger/completions.ts'
import { ownersAsked } from '../ledger/rig-links.ts'
import { findRig } from '../ledger/rigs.ts'
import { type ShownStamp, stampsOn } from '../ledger/stamps.ts'
import { givenIn } from '../operations/ledger-index.ts'
import { itemsOf, type PullRequestItem } from '../operations/pull-request-items.ts'
import { capFor } from '../reputation/policy.ts'
import type { Replier } from '../replies/replier.ts'
import {
  type LeftAlone,
  leftAlone,
  namesNothing,
  type ShownAgent,
  type ShownItem,
  statusComment,
} from '../replies/status.ts'
import type { Work } from './evidence.ts'
import { type Cause, follow, type Followed, type FollowRooms, hasStampedWork, stopWaiting } from './follow.ts'
import { tellOfNamesake } from './namesake.ts'
import { readReferences } from './references.ts'

/** Where a pull request is, and with which right we look at it. */
export interface Place {
  client: Client
  installationId: number
  name: RepositoryName
  number: number
}

export interface AttendRooms extends FollowRooms {
  gate: Gate
  reply: Replier
}

/** A pull request that the ledger follows, as commands on it need it. */
export interface Attended {
  pull: PullRequest
  admission: Admission
  items: Followed[]
  work: Work
  status: string
}

/** GitHub's own account for what a deleted one left. */
const GHOST = 10137

/**
 * Looks at a pull request as it is now, brings the ledger after it and its status comment after the ledger.
 * Undefined when it is gone, or names no item and never did; `refused` when nothing of it may be recorded.
 */
export async function attend(
  rooms: AttendRooms,
  place: Place,
  cause: Cause,
): Promise<Attended | { refused: LeftAlone } | undefined> {
  const { client, name, number } = place
  const pull = await getPullRequest(client, name, number)
  if (pull === undefined) return undefined
  const say = (text: string, when?: 'if-said') => rooms.reply(place, `status/${pull.id}`, text, when)
  const before = await itemsOf(rooms.store, rooms.host, pull.id)
  if (!concernsUs(pull, before, cause)) {
    await say(namesNothing, 'if-said')
    return undefined
  }

  const answer = await rooms.gate(client, name, pull.repository)
  const refused = 'refused' in answer ? answer.refused : await refusedAuthor(rooms, pull, answer.settings)
  if (refused !== undefined || 'refused' in answer) {
    if (refused === 'author-gone' && 'admission' in answer)
      await letGhostGo(rooms, answer.admission, { place, pull, cause, before })
    await stopWaiting(rooms, before)
    if (refused === undefined || refused === 'silent') return undefined
    const stays = await Promise.all(before.map((item) => hasStampedWork(rooms, item)))
    if (isSurelyMeant(pull) && !stays.includes(true)) await say(leftAlone(refused, pull.repository.fullName))
    return { refused }
  }
  const authored = lists(answer.settings.agents, pull.author!.login) ? byAgent(pull) : pull
  const { items, malformed, work } = await follow(rooms, answer.admission, place, authored, cause)
  const shown = await Promise.all(items.map((item) => show(rooms, item)))
  const rig = items.find((item) => item.view.rig !== undefined)?.view.rig
  const status = statusComment({
    author: pull.author!.login,
    rig: rig?.handle,
    agent: rig?.rigType === 'agent' ? await agentShown(rooms, rig) : undefined,
    items: shown,
    malformed,
    evidence: work.evidence,
  })
  if (shown.length + malformed.length > 0) await say(status, isQuiet(answer.settings, shown, malformed))
  else await say(namesNothing, 'if-said')
  if (rig !== undefined) await tellOfNamesake(rooms, place, pull.author!, rig)
  return { pull, admission: answer.admission, items, work, status }
}

/** An account that settings call an agent, whatever GitHub calls it. */
function byAgent(pull: PullRequest): PullRequest {
  return { ...pull, author: { ...pull.author!, type: 'Bot' } }
}

/** Whose an agent is, or who asked to be its human. */
async function agentShown({ ledger }: AttendRooms, agent: Rig): Promise<ShownAgent> {
  if (agent.parentRig !== null) return { owner: agent.parentRig }
  return ledger.read(async (db) => {
    const asked = await ownersAsked(db, agent.handle)
    const humans = await Promise.all(asked.map((link) => findRig(db, link.rig_a)))
    return { asked: humans.flatMap((human) => human?.displayName ?? []) }
  })
}

/** States in which the pull request's author has something to mend, or waits in vain. */
const TOLD_ALWAYS: ReadonlySet<ShownItem['state']['is']> = new Set([
  'unknown',
  'withdrawn-item',
  'completed-elsewhere',
  'taken',
  'capped',
])

/** Where settings ask for quiet, all goes well without a word; what was said before is kept right. */
function isQuiet({ quiet }: Settings, shown: readonly ShownItem[], malformed: readonly string[]) {
  const isWrong = malformed.length > 0 || shown.some(({ state }) => TOLD_ALWAYS.has(state.is))
  return quiet && !isWrong ? 'if-said' : undefined
}

/** A label like `w-waiting` of the repository's own is no reason to speak where we do not serve. */
function isSurelyMeant(pull: PullRequest): boolean {
  const { items, malformed } = readReferences(pull)
  return malformed.length > 0 || items.some((item) => item.certain)
}

/** True of a pull request that names an item, or did. */
function concernsUs(pull: PullRequest, before: readonly PullRequestItem[], cause: Cause): boolean {
  const { items, malformed } = readReferences(pull)
  return items.length + malformed.length + cause.released.length + before.length > 0
}

/** What a deleted account holds is let go when its pull request is closed unmerged or names the item no longer. */
async function letGhostGo(
  rooms: AttendRooms,
  admission: Admission,
  { place, pull, cause, before }: { place: Place; pull: PullRequest; cause: Cause; before: readonly PullRequestItem[] },
) {
  const stays = (pull.open || pull.merged) && readReferences(pull).items.length > 0
  if (before[0] === undefined || stays) return
  const author = { id: before[0].author_id, login: 'ghost', type: 'User' as const }
  await follow(rooms, admission, place, { ...pull, author, labels: [], body: '' }, cause)
}

async function refusedAuthor(rooms: AttendRooms, pull: PullRequest, { ignore }: Settings) {
  const { author } = pull
  if (author === undefined || author.id === GHOST) return 'author-gone'
  if (lists(ignore, author.login)) return 'silent'
  return (await rooms.optOuts.has(rooms.host, author.id)) ? 'declined' : undefined
}

async function show(rooms: AttendRooms, { wanted, rest, view }: Followed): Promise<ShownItem> {
  const title = view.item?.title
  if (rest === 'taken') return { wanted, title, state: { is: rest, holder: view.item?.claimedBy ?? null } }
  if (rest === 'capped') {
    const trustLevel = view.rig?.trustLevel ?? 1
    return { wanted, title, state: { is: rest, trustLevel, cap: capFor(rooms.policy.claims, trustLevel) } }
  }
  if (rest === 'rejected') return { wanted, title, state: { is: rest, reason: view.rejected ?? '' } }
  const shares = view.mine === undefined ? [] : await sharesOf(rooms, view.mine)
  if (rest !== 'stamped') return { wanted, title, state: { is: rest }, shares }
  return {
    wanted,
    title,
    state: { is: rest, stamps: view.mine === undefined ? [] : await shownStamps(rooms, view.mine.id) },
    shares,
  }
}

/** The stamps on the shares of co-authors. */
async function sharesOf(rooms: AttendRooms, { id, wantedId }: Completion): Promise<ShownStamp[]> {
  const all = await rooms.ledger.read((db) => completionsOf(db, wantedId))
  const shares = all.filter((one) => one.parentId === id)
  return (await Promise.all(shares.map((share) => shownStamps(rooms, share.id)))).flat()
}

/** The stamps on a completion with the scores that were given: what was filled in for the peers' readers is not shown. */
async function shownStamps(rooms: AttendRooms, completion: string): Promise<ShownStamp[]> {
  const stamps = await rooms.ledger.read((db) => stampsOn(db, completion))
  const given = await givenIn(
    rooms.store,
    rooms.ledger,
    stamps.map((stamp) => stamp.id),
  )
  return stamps.map((stamp) => ({
    ...stamp,
    valence: Object.fromEntries(
      Object.entries(stamp.valence).filter(([name]) => given.get(stamp.id)?.includes(name) ?? true),
    ),
  }))
}
