import { revisitCapped } from '../pull-requests/revisit-capped.ts'
import { BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { uuidOf } from '../domain/hash.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { dueClaims, findClaim, saveClaim, type StoredClaim } from '../operations/tables/claims.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { announceable } from '../reputation/claim-term.ts'
import { claimEndsSoon, claimRanOut } from '../replies/claims.ts'
import { passOn } from '../services/revisit-waiting.ts'
import { followLedger, isOf, type ClaimDeps } from './claim-deadlines.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'

/** The payload of the job of a due claim. */
export type ClaimJob = Omit<StoredClaim, 'claimed_at' | 'announce_at' | 'ends_at'> & {
  claimed_at: string
  announce_at: string
  ends_at: string
}

const PERIOD_MS = 60_000

/**
 * The scheduled job that brings the deadlines in line with the ledger and then enqueues the claims that are due. It
 * also refreshes pull requests that waited because their author held too many claims.
 */
export function createClaimJob(
  deps: ClaimDeps,
  put: (id: string, claim: ClaimJob) => Promise<void>,
): () => Promise<void> {
  const tried = new Set<string>()
  return async () => {
    await followLedger(deps)
    for (const claim of await dueClaims(deps.store, deps.now())) await put(jobId(deps, claim), toJob(claim))
    await revisitCapped(deps, undefined, tried)
  }
}

/** Announces the end of a claim, or releases it: whichever is due. */
export async function handleClaim(deps: ClaimDeps, delivery: string, claim: ClaimJob): Promise<void> {
  const item = await deps.ledger.read((db) => describeWanted(db, claim.wanted_id))
  if (item === undefined) return
  if (!claim.announced) return (await isAnnounced(deps, claim)) ? undefined : announce(deps, claim, item)
  if (Date.parse(claim.ends_at) > deps.now().getTime()) return
  const released = await release(deps, delivery, claim)
  if (!released) return
  await say(deps, claim, 'ended', claimRanOut(item, claim.login))
  await passOn(deps, item.id, claim.person_id)
}

/**
 * Whether an earlier job has announced the end since this one was enqueued. A second announcement would extend the
 * claim by another notice.
 */
async function isAnnounced({ store }: ClaimDeps, claim: ClaimJob): Promise<boolean> {
  const known = await findClaim(store, claim.wanted_id)
  return known?.announced === true && new Date(known.claimed_at).getTime() === Date.parse(claim.claimed_at)
}

/**
 * Announces the end of a claim. Where the end was missed, because the bridge was down, the claim is extended by the
 * notice.
 */
async function announce(deps: ClaimDeps, claim: ClaimJob, item: WantedDetails) {
  const stands = item.status === 'claimed' && isOf(fromJob(claim), item)
  if (!stands) return
  const term = announceable({ announceAt: new Date(claim.announce_at), endsAt: new Date(claim.ends_at) }, deps.now())
  await say(deps, claim, 'ends', claimEndsSoon(item, claim.login, term.endsAt))
  await saveClaim(deps.store, {
    ...fromJob(claim),
    announce_at: term.announceAt,
    ends_at: term.endsAt,
    announced: true,
  })
}

/**
 * Releases a claim that has run out. True where it is released, now or by an earlier try; false where there is no such
 * claim any more, or a pull request of the claimant names the item.
 */
async function release(deps: ClaimDeps, delivery: string, claim: ClaimJob): Promise<boolean> {
  const id = `${deps.host}/claim/${claim.wanted_id}/${claim.claimed_at}/ran-out`
  const { value } = await deps.ledger.transact(async (db) => {
    if (await commandHasRun(deps.store, deps.ledger, id)) return { value: true }
    const item = await describeWanted(db, claim.wanted_id)
    const rests = (await contendersFor(deps.store, claim.wanted_id)).some((one) => one.author_id === claim.person_id)
    if (item?.status !== 'claimed' || !isOf(fromJob(claim), item) || rests) return { value: false }
    const at = deps.now().toISOString()
    const isOut = await deps.optOuts.has(claim.host, claim.person_id)
    await moveWanted(db, 'unclaim', item.id, { holder: claim.rig, claimedBy: null, at })
    return {
      value: true,
      commit: {
        author: isOut ? BRIDGE_AUTHOR : commitAuthor({ id: claim.person_id, login: claim.login }),
        subject: `wl unclaim: ${item.id}`,
        trailers: { Delivery: delivery, Command: id, Sender: 'wasteland-bridge', Reason: 'ran out' },
      },
      verifyAfter: async (after) => (await findWanted(after, item.id))?.status === 'open',
    }
  })
  return value
}

/** Replies on the thread of a claim. A thread that is gone, or that we cannot reach, blocks nothing. */
async function say(deps: ClaimDeps, claim: ClaimJob, what: 'ends' | 'ended', text: string) {
  const { installation_id: installation, owner, repo, number } = claim
  if (installation === null || owner === null || repo === null || number === null) return
  const key = `claim/${claim.wanted_id}/${Date.parse(claim.claimed_at) / 1000}/${what}`
  await deps.reply({ installation, owner, repo, number }, key, text)
}

/** The id of a job: one for each claim and minute, the same in every replica. */
function jobId({ store, now }: ClaimDeps, claim: StoredClaim): string {
  const minute = Math.floor(now().getTime() / PERIOD_MS)
  return uuidOf([store.wasteland, claim.wanted_id, claim.announced, minute])
}

function toJob(claim: StoredClaim): ClaimJob {
  const iso = (time: Date | string) => new Date(time).toISOString()
  return {
    wanted_id: claim.wanted_id,
    host: claim.host,
    rig: claim.rig,
    person_id: claim.person_id,
    login: claim.login,
    announced: claim.announced,
    installation_id: claim.installation_id,
    owner: claim.owner,
    repo: claim.repo,
    number: claim.number,
    claimed_at: iso(claim.claimed_at),
    announce_at: iso(claim.announce_at),
    ends_at: iso(claim.ends_at),
  }
}

function fromJob(claim: ClaimJob): StoredClaim {
  return {
    ...claim,
    claimed_at: new Date(claim.claimed_at),
    announce_at: new Date(claim.announce_at),
    ends_at: new Date(claim.ends_at),
  }
}
