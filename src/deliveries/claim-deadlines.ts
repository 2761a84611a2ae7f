import { DEFAULT_SETTINGS, isUnread, type Settings } from '../authorization/settings.ts'
import { Unavailable } from '../domain/errors.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import { readEntityUri } from '../domain/rig.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { ask, type GitHubAnswer } from '../github/github-answer.ts'
import { getRepository } from '../github/repositories.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import { dropClaim, listClaims, saveClaim, type StoredClaim } from '../operations/tables/claims.ts'
import { contendersFor, lastPullOf } from '../operations/tables/pull-request-items.ts'
import { announceable, termOf } from '../reputation/claim-term.ts'
import type { EventDeps } from '../events/event.ts'
import { claimedItems, describeWanted } from '../ledger/tables/wanted-details.ts'

/**
 * Brings the stored deadlines in line with the ledger: drops those of claims that are over, and creates a missing one
 * from the time of the claim in the ledger.
 */
export async function followLedger(deps: ClaimDeps): Promise<void> {
  const held = await deps.ledger.read(claimedItems)
  const known = new Map((await listClaims(deps.store)).map((claim) => [claim.wanted_id, claim]))
  for (const item of held) {
    const claim = known.get(item.id)
    if (claim !== undefined && isOf(claim, item)) known.delete(item.id)
    else if (await restore(deps, item).catch(nextTime)) known.delete(item.id)
  }
  for (const wanted of known.keys()) {
    // Read again: the item may have been claimed since the ledger was read.
    const item = await deps.ledger.read((db) => describeWanted(db, wanted))
    if (item?.status !== 'claimed' || !isOf(known.get(wanted)!, item)) await dropClaim(deps.store, wanted)
  }
}

/** Leaves a claim for the next run: a repository that cannot answer now must not block the claims of others. */
function nextTime(error: unknown): false {
  if (error instanceof Unavailable) return false
  throw error
}

/** True for a deadline that belongs to the present claim on an item. */
export function isOf(claim: StoredClaim, item: WantedDetails): boolean {
  return claim.rig === item.claimedBy && new Date(claim.claimed_at).getTime() === timeOf(item.updatedAt)
}

/**
 * Creates the deadline of a claim, for rigs of this bridge only: a claim that `wl` made is that program's own. False
 * where the claim needs no deadline.
 */
async function restore(deps: ClaimDeps, item: WantedDetails): Promise<boolean> {
  const rig = await deps.ledger.read((db) => findRig(db, item.claimedBy ?? ''))
  const entity = readEntityUri(rig?.hopUri ?? null)
  if (rig === undefined || entity?.host !== deps.host) return false
  if ((await contendersFor(deps.store, item.id)).some((pull) => pull.author_id === entity.id)) return false
  const thread = await threadOf(deps, item, entity.id)
  const { claims } = (thread && (await settingsAt(deps, thread))) ?? DEFAULT_SETTINGS
  const claimedAt = new Date(timeOf(item.updatedAt) ?? deps.now().getTime())
  const term = announceable(termOf(claimedAt, claims[item.effort]), deps.now())
  await saveClaim(deps.store, {
    wanted_id: item.id,
    host: deps.host,
    rig: rig.handle,
    person_id: entity.id,
    login: entity.login,
    claimed_at: claimedAt,
    announce_at: term.announceAt,
    ends_at: term.endsAt,
    announced: false,
    installation_id: thread?.installation_id ?? null,
    owner: thread?.owner ?? null,
    repo: thread?.repo ?? null,
    number: thread?.number ?? null,
  })
  return true
}

interface ThreadColumns {
  installation_id: number
  owner: string
  repo: string
  number: number
}

/** The issue that the item was posted from, when the App still reaches it; else the claimant's last pull request for it. */
async function threadOf(deps: ClaimDeps, item: WantedDetails, person: number): Promise<ThreadColumns | undefined> {
  const link = readIssueLink(item.description)
  if (link !== undefined && link.host === (deps.host === 'github' ? 'github.com' : deps.host)) {
    const { owner, repo, number } = link
    const installation = told(await ask(deps.installationAt({ owner, repo })))
    if (installation !== undefined) return { installation_id: installation, owner, repo, number }
  }
  return lastPullOf(deps.store, { wanted_id: item.id, host: deps.host, author_id: person })
}

/**
 * The settings of a repository; undefined where it is gone, or is not served any more. Throws Unavailable where GitHub
 * refuses to tell.
 */
async function settingsAt(
  deps: ClaimDeps,
  { installation_id: installation, owner, repo }: ThreadColumns,
): Promise<Settings | undefined> {
  const at = { installation, owner, repo }
  const repository = told(await ask(getRepository(deps, at)))
  const admitted = repository && (await deps.checkAdmission(at, repository))
  if (admitted === undefined) return undefined
  const isUntold = 'refused' in admitted ? admitted.unread !== undefined : isUnread(admitted.settings)
  if (isUntold) throw new Unavailable('GitHub does not tell how long a claim lasts')
  return 'refused' in admitted ? undefined : admitted.settings
}

/**
 * An answer that GitHub gave. Throws Unavailable for a refusal, so that the next run asks again: how long a claim lasts
 * is not guessed.
 */
function told<T>(answer: GitHubAnswer<T>): T {
  if ('refused' in answer) throw new Unavailable('GitHub does not tell how long a claim lasts')
  return answer.known
}

function timeOf(ledgerTime: string | null): number | undefined {
  return ledgerTime === null ? undefined : Date.parse(`${ledgerTime.replace(' ', 'T')}Z`)
}

/**
 * Dependencies of the expiry of claims that no pull request holds.
 *
 * A claim is made (`/wl claim`), or left by a merged pull request whose head was rejected → announced → released. The
 * claim is in the ledger, its deadline in Postgres. Every few minutes a scheduled job brings the deadlines in line with
 * the ledger and enqueues each claim that is due. Announcement and release are left to those jobs, so that replicas and
 * crashes do no harm: the id of a job is that of the claim and the minute, and a job that is repeated announces once
 * and releases once. A claim does not expire while a pull request of the claimant names its item.
 */
export interface ClaimDeps extends EventDeps {
  now(): Date
}
