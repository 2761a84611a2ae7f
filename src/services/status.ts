import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import { syncHere } from './sync-here.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { whyLeftAlone } from './left-alone.ts'
import { getIssue } from '../github/repositories.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import { notOnBoard, issueStatus, namesNoItem } from '../replies/issue-status.ts'
import { competingFor } from '../queries/board.ts'
import { statusText } from '../pull-requests/publish-status.ts'
import type { SyncedItem } from '../pull-requests/types.ts'
import { runningFor } from '../replies/bounty.ts'
import { itemView } from '../queries/item.ts'

/**
 * The answer to `/wl status`: the state of the item of this issue, or of those of this pull request, and the next step.
 */
export async function itemStatus(deps: ServiceDeps, context: CommandContext): Promise<CommandResult> {
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { ok: true, text: alone }
  return context.on === 'issue' ? statusOfIssue(deps, context) : statusOfPull(deps, context)
}

async function statusOfPull(deps: ServiceDeps, context: CommandContext): Promise<CommandResult> {
  const { repository } = context
  const synced = await syncHere(deps, context)
  if (synced !== undefined && 'refused' in synced)
    return { ok: true, text: leftAlone(synced.refused, repository.fullName) }
  if (synced !== undefined && synced.items.length + synced.malformed.length > 0)
    return { ok: true, text: [await statusText(deps, synced), ...(await runningOn(deps, synced.items))].join('\n\n') }
  return { ok: true, text: namesNoItem }
}

async function statusOfIssue(deps: ServiceDeps, { place }: CommandContext): Promise<CommandResult> {
  const issue = await getIssue(deps, place, place.number)
  const item =
    issue &&
    (await deps.ledger.read(async (db) => {
      const found = await findWantedOf(db, deps.host, issue)
      return found && describeWanted(db, found.id)
    }))
  return { ok: true, text: item === undefined ? notOnBoard : issueStatus(item, await itemView(deps, item)) }
}

/**
 * Lines with the number of entries for each open bounty of a pull request. The status comment leaves the number out,
 * for it would soon be out of date there.
 */
async function runningOn(deps: ServiceDeps, items: readonly SyncedItem[]): Promise<string[]> {
  const open = items.filter(({ view }) => view.bounty === true && view.item?.status === 'open')
  const competing = await competingFor(
    deps,
    open.map(({ wanted: id }) => ({ id })),
  )
  return [...competing].map(([wanted, count]) => runningFor(wanted, count))
}
