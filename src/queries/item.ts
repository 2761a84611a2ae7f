import type { SyncItemDeps } from '../pull-requests/types.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import type { ItemView } from '../replies/issue-status.ts'
import { completionsOf } from '../ledger/tables/completions.ts'
import type { Completion } from '../domain/completion.ts'
import { shownStamps } from '../pull-requests/shown-stamps.ts'
import { listClaims } from '../operations/tables/claims.ts'
import { readEvidence } from '../domain/evidence.ts'
import { isBounty } from '../domain/bounty.ts'
import { entriesOf } from '../ledger/tables/bounties.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import { readEntityUri } from '../domain/rig.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'

/** The facts about an item that are shown beside its row: its holder and the claim's end, stamps, shares, entries. */
export async function itemView(deps: SyncItemDeps, { id, status, claimedBy, tags }: WantedDetails): Promise<ItemView> {
  const works = await deps.ledger.read((db) => completionsOf(db, id))
  const stampsOf = async (some: Completion[]) =>
    (await Promise.all(some.map((work) => shownStamps(deps, work.id)))).flat()
  const claim = (await listClaims(deps.store)).find((one) => one.wanted_id === id && one.rig === claimedBy)
  const submitted = works.find((work) => work.parentId == null && work.completedBy === claimedBy)
  return {
    pull: status === 'claimed' ? await pullOf(deps, id, claimedBy) : readEvidence(submitted?.evidence ?? null)?.url,
    endsAt: claim && new Date(claim.ends_at),
    stamps: await stampsOf(works.filter((work) => work.parentId == null)),
    shares: await stampsOf(works.filter((work) => work.parentId != null)),
    entries: status === 'open' && isBounty({ tags }) ? await deps.ledger.read((db) => entriesOf(db, id)) : [],
  }
}

/** The pull request on which the holder's claim rests. */
async function pullOf({ store, ledger, host }: SyncItemDeps, id: string, handle: string | null) {
  const rig = handle === null ? undefined : await ledger.read((db) => findRig(db, handle))
  const person = readEntityUri(rig?.hopUri ?? null)
  const pull = (await contendersFor(store, id)).find((one) => person?.host === host && one.author_id === person.id)
  return pull && `${pull.owner}/${pull.repo}#${pull.number}`
}
