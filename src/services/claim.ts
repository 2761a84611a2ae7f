import { whyLeftAlone } from './left-alone.ts'
import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import { refuse, findTarget } from './require-item-manager.ts'
import { type WantedDetails, OPEN_BOUNTY } from '../domain/wanted.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { requireParticipant } from './require-participant.ts'
import { termOf, type ClaimTerm } from '../reputation/claim-term.ts'
import { claiming } from '../replies/claims.ts'
import { record } from './record.ts'
import { moveWanted, findWanted } from '../ledger/tables/wanted.ts'
import { describeWanted, claimsOf } from '../ledger/tables/wanted-details.ts'
import type { Rig, Account } from '../domain/rig.ts'
import { ledgerTime } from '../domain/time.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'
import { capFor } from '../reputation/policy.ts'
import { saveClaim } from '../operations/tables/claims.ts'
import { revisitAll } from './revisit-waiting.ts'

/**
 * Reserves an open item for the author of the command. Refused where somebody else has it, and beyond the cap of the
 * author's trust level.
 */
export async function claimItem(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: { item?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const target = await targetOf(deps, context, named)
  if ('refused' in target) return target.refused
  const answer = await take(deps, context, target.item, id)
  const now = await deps.ledger.read((db) => findWanted(db, target.item.id))
  // The status comments of waiting pull requests name the new holder. Where the item is still open, the first of them
  // in line takes it.
  if (answer.ok || now?.status === 'open') await revisitAll(deps, target.item.id)
  return answer
}

/**
 * The reason why the author of the command cannot claim this item, whatever the options; undefined where they might.
 */
export async function whyNotClaim(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  const target = await targetOf(deps, context, named)
  if ('refused' in target) return target.refused.text
  const found = await deps.ledger.read(async (db) => {
    const rig = await findRigOf(db, deps.host, context.author)
    return obstacle(deps, db, context.author, rig, target.item.id)
  })
  if (found === undefined) return undefined
  return 'refuse' in found ? found.refuse : found.already
}

async function targetOf(deps: ServiceDeps, context: CommandContext, named: string | undefined) {
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { refused: refuse(alone) }
  return findTarget(deps, context, named, claiming.example)
}

async function take(
  deps: ServiceDeps,
  context: CommandContext,
  item: WantedDetails,
  id: string,
): Promise<CommandResult> {
  const { author, at } = context
  // A person who cannot have the item is not registered for trying.
  const inVain = await deps.ledger.read(async (db) =>
    (await findRigOf(db, deps.host, author)) === undefined ? obstacle(deps, db, author, undefined, item.id) : undefined,
  )
  if (inVain !== undefined && 'refuse' in inVain) return refuse(inVain.refuse)
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const { rig, settings } = entered
  const term = termOf(new Date(at), settings.claims[item.effort])
  const said = claiming.done(item, { login: author.login, rig: rig.handle }, term.endsAt)
  const answer = await record(deps, context, id, said, async (db) => {
    const found = await obstacle(deps, db, author, rig, item.id)
    if (found !== undefined) return found
    await moveWanted(db, 'claim', item.id, { claimedBy: rig.handle, at })
    return {
      subject: `wl claim: ${item.id}`,
      verifyAfter: async (after) => (await findWanted(after, item.id))?.claimedBy === rig.handle,
    }
  })
  // Read from the ledger, not from this run: an earlier run may have crashed after its commit, and another claim may
  // have come since.
  const now = await deps.ledger.read((db) => describeWanted(db, item.id))
  if (now !== undefined && isClaimOf(now, rig, at)) await noteTerm(deps, context, rig, item.id, term)
  return answer
}

function isClaimOf({ status, claimedBy, updatedAt }: WantedDetails, rig: Rig, at: string): boolean {
  return status === 'claimed' && claimedBy === rig.handle && updatedAt?.slice(0, 19) === ledgerTime(at)
}

/**
 * The reason why somebody does not get an item now; undefined when they do. `rig` is undefined for a person without
 * one.
 */
async function obstacle(
  deps: ServiceDeps,
  db: CommonsDb,
  author: Account,
  rig: Rig | undefined,
  id: string,
): Promise<{ refuse: string } | { already: string } | undefined> {
  const item = await describeWanted(db, id)
  if (item === undefined) return { refuse: claiming.gone(id) }
  if (item.status === 'claimed' && rig !== undefined && item.claimedBy === rig.handle)
    return { already: claiming.already(id) }
  if (item.status !== 'open') return { refuse: claiming.notOpen(item) }
  if (item.tags.includes(OPEN_BOUNTY)) return { refuse: claiming.isBounty(id) }
  const [first] = await contendersFor(deps.store, id)
  if (first !== undefined && first.author_id !== author.id)
    return { refuse: claiming.heldForPullRequest(id, `${first.owner}/${first.repo}#${first.number}`) }
  const trustLevel = rig?.trustLevel ?? 1
  const held = rig === undefined ? [] : await claimsOf(db, rig.handle)
  const cap = capFor(deps.policy.claims, trustLevel)
  return held.length < cap ? undefined : { refuse: claiming.tooMany(author.login, { trustLevel, cap }, held) }
}

async function noteTerm(
  { store, host }: ServiceDeps,
  { place, author, at }: CommandContext,
  rig: Rig,
  id: string,
  term: ClaimTerm,
) {
  await saveClaim(store, {
    wanted_id: id,
    host,
    rig: rig.handle,
    person_id: author.id,
    login: author.login,
    claimed_at: new Date(at),
    announce_at: term.announceAt,
    ends_at: term.endsAt,
    announced: false,
    installation_id: place.installation,
    owner: place.owner,
    repo: place.repo,
    number: place.number,
  })
}
