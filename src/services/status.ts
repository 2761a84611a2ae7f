import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import { syncHere } from './sync-here.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { whyLeftAlone } from './left-alone.ts'
import { getIssue } from '../github/repositories.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import { notOnBoard, issueStatus, type ItemView } from '../replies/issue-status.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { completionsOf } from '../ledger/tables/completions.ts'
import type { Completion } from '../domain/completion.ts'
import { shownStamps } from '../pull-requests/shown-stamps.ts'
import { listClaims } from '../operations/claims.ts'
import { readEvidence } from '../domain/evidence.ts'
import { isBounty } from '../domain/bounty.ts'
import { entriesOf } from '../ledger/tables/bounties.ts'
import type { SyncedItem } from '../pull-requests/types.ts'
import { runningFor } from '../replies/bounty.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import { readEntityUri } from '../domain/rig.ts'
import { contendersFor } from '../operations/pull-request-items.ts'

/** Where the item of this issue, or those of this pull request, stand and what comes next. */
export async function itemStatus(deps: ServiceDeps, context: CommandContext): Promise<CommandResult> {
  const alone = await whyLeftAlone(deps, context)
  if (alone !== undefined) return { ok: true, text: alone }
  return context.on === 'issue' ? statusOfIssue(deps, context) : statusOfPull(deps, context)
}

async function statusOfPull(deps: ServiceDeps, context: CommandContext): Promise<CommandResult> {
  const { repository } = context
  const synced = await syncHere(deps, context)
  if (synced !== undefined && 'refused' in synced)
    return { ok: true, text: leftAlone(synced.refused, repository.fullName) }
  if (synced !== undefined && synced.items.length + synced.malformed.length > 0)
    return { ok: true, text: [synced.status, ...(await runningOn(deps, synced.items))].join('\n\n') }
  return {
    ok: true,
    text: 'This pull request names no wanted item. Give it a label `wl:w-…`, or a line `Wanted: w-…` in its description. `/wl board` lists open items.',
  }
}

async function statusOfIssue(deps: ServiceDeps, { place }: CommandContext): Promise<CommandResult> {
  const issue = await getIssue(place.client, place.name, place.number)
  const item =
    issue &&
    (await deps.ledger.read(async (db) => {
      const found = await findWantedOf(db, deps.host, issue)
      return found && describeWanted(db, found.id)
    }))
  return { ok: true, text: item === undefined ? notOnBoard : issueStatus(item, await viewOf(deps, item)) }
}

async function viewOf(deps: ServiceDeps, { id, status, claimedBy, tags }: WantedDetails): Promise<ItemView> {
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

/** How many compete for the open bounties of a pull request: its status comment would soon be wrong of that. */
async function runningOn({ ledger }: ServiceDeps, items: readonly SyncedItem[]): Promise<string[]> {
  const open = items.filter(({ view }) => view.bounty === true && view.item?.status === 'open')
  return Promise.all(
    open.map(async ({ wanted }) => runningFor(wanted, (await ledger.read((db) => entriesOf(db, wanted))).length)),
  )
}

/** The pull request on which the holder's claim rests. */
async function pullOf({ store, ledger, host }: ServiceDeps, id: string, handle: string | null) {
  const rig = handle === null ? undefined : await ledger.read((db) => findRig(db, handle))
  const person = readEntityUri(rig?.hopUri ?? null)
  const pull = (await contendersFor(store, id)).find((one) => person?.host === host && one.author_id === person.id)
  return pull && `${pull.owner}/${pull.repo}#${pull.number}`
}
