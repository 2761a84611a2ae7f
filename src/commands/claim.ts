import { z } from 'zod'
import type { Account, Rig } from '../domain/rig.ts'
import { ledgerTime } from '../domain/time.ts'
import { OPEN_BOUNTY, type WantedDetails } from '../domain/wanted.ts'
import { findRigOf } from '../ledger/rigs.ts'
import { findWanted, moveWanted } from '../ledger/wanted.ts'
import { saveClaim } from '../operations/claims.ts'
import { contendersFor } from '../operations/pull-request-items.ts'
import { type ClaimTerm, termOf } from '../reputation/claim-term.ts'
import { capFor } from '../reputation/policy.ts'
import { claimMade } from '../replies/claims.ts'
import { quote } from '../replies/markdown.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { recordedFor, tooManyClaims } from '../replies/status.ts'
import { type CommandResult, command, type CommandDeps, type CommandContext } from './command.ts'
import { requireParticipant } from './require-participant.ts'
import { findTarget, refuse } from './item.ts'
import { wantedId } from './options.ts'
import { record } from './record.ts'
import { revisitAll } from './waiting.ts'
import type { CommonsDb } from '../ledger/types.ts'
import { claimsOf, describeWanted } from '../ledger/wanted-details.ts'

export const claim = command({
  name: 'claim',
  group: 'work',
  usage: '/wl claim [w-…]',
  summary: 'reserves an open item for you for a while',
  who: 'anyone, as many at once as their trust level allows',
  examples: ['/wl claim', '/wl claim w-0123456789'],
  on: 'both',
  isForOneself: true,
  words: ['item'],
  options: z.strictObject({ item: wantedId.optional() }),
  async refusedAnyway(deps, context, { item: named }) {
    const target = await targetOf(deps, context, named)
    if ('refused' in target) return target.refused.text
    const found = await deps.ledger.read(async (db) => {
      const rig = await findRigOf(db, deps.host, context.author)
      return obstacle(deps, db, context.author, rig, target.item.id)
    })
    if (found === undefined) return undefined
    return 'refuse' in found ? found.refuse : found.already
  },
  async run(deps, context, { item: named }, id) {
    const target = await targetOf(deps, context, named)
    if ('refused' in target) return target.refused
    const answer = await take(deps, context, target.item, id)
    const now = await deps.ledger.read((db) => findWanted(db, target.item.id))
    // Who waits is told of the holder; who is to have it first takes it.
    if (answer.ok || now?.status === 'open') await revisitAll(deps, target.item.id)
    return answer
  },
})

async function targetOf(deps: CommandDeps, context: CommandContext, named: string | undefined) {
  const { place, repository } = context
  const admitted = await deps.checkAdmission(place.client, place.name, repository)
  if ('refused' in admitted) return { refused: refuse(leftAlone(admitted.refused, repository.fullName)) }
  return findTarget(deps, context, named, '/wl claim w-0123456789')
}

async function take(
  deps: CommandDeps,
  context: CommandContext,
  item: WantedDetails,
  id: string,
): Promise<CommandResult> {
  const { author, at } = context
  // Who cannot have it is not registered for having asked.
  const inVain = await deps.ledger.read(async (db) =>
    (await findRigOf(db, deps.host, author)) === undefined ? obstacle(deps, db, author, undefined, item.id) : undefined,
  )
  if (inVain !== undefined && 'refuse' in inVain) return refuse(inVain.refuse)
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const { rig, settings } = entered
  const term = termOf(new Date(at), settings.claims[item.effort])
  const said = `${claimMade(item, author.login, term.endsAt)}\n\n${recordedFor([rig.handle])}`
  const answer = await record(deps, context, id, said, async (db) => {
    const found = await obstacle(deps, db, author, rig, item.id)
    if (found !== undefined) return found
    await moveWanted(db, 'claim', item.id, { claimedBy: rig.handle, at })
    return {
      subject: `wl claim: ${item.id}`,
      verifyAfter: async (after) => (await findWanted(after, item.id))?.claimedBy === rig.handle,
    }
  })
  // Asked of the ledger and not of this run: a crash may have come before, and another claim since.
  const now = await deps.ledger.read((db) => describeWanted(db, item.id))
  if (now !== undefined && isClaimOf(now, rig, at)) await noteTerm(deps, context, rig, item.id, term)
  return answer
}

function isClaimOf({ status, claimedBy, updatedAt }: WantedDetails, rig: Rig, at: string): boolean {
  return status === 'claimed' && claimedBy === rig.handle && updatedAt?.slice(0, 19) === ledgerTime(at)
}

/** Why somebody does not get an item now; undefined when they do. `rig` is undefined for who has none yet. */
async function obstacle(
  deps: CommandDeps,
  db: CommonsDb,
  author: Account,
  rig: Rig | undefined,
  id: string,
): Promise<{ refuse: string } | { already: string } | undefined> {
  const item = await describeWanted(db, id)
  if (item === undefined) return { refuse: `${quote(id)} is gone from this board. \`/wl board\` lists the open ones.` }
  if (item.status === 'claimed' && rig !== undefined && item.claimedBy === rig.handle)
    return {
      already: `${quote(id)} is yours already. Saying it again does not prolong the claim; an open pull request does.`,
    }
  if (item.status !== 'open') return { refuse: notOpen(item) }
  if (item.tags.includes(OPEN_BOUNTY))
    return {
      refuse: `${quote(id)} is an open bounty, which nobody claims. Open a pull request with a line \`Wanted: ${id}\` in its description.`,
    }
  const [first] = await contendersFor(deps.store, id)
  if (first !== undefined && first.author_id !== author.id)
    return {
      refuse: `A pull request named ${quote(id)} first and gets it: ${quote(`${first.owner}/${first.repo}#${first.number}`)}. \`/wl board\` lists other items.`,
    }
  const trustLevel = rig?.trustLevel ?? 1
  const held = rig === undefined ? [] : await claimsOf(db, rig.handle)
  const cap = capFor(deps.policy.claims, trustLevel)
  return held.length < cap ? undefined : { refuse: atCap(author.login, { trustLevel, cap }, held) }
}

function atCap(login: string, cap: { trustLevel: number; cap: number }, held: readonly string[]): string {
  const some = held.slice(0, 10).map((one) => quote(one))
  return `${tooManyClaims(login, cap)}${held.length === 0 ? '' : ` You hold ${some.join(', ')}.`}`
}

function notOpen({ id, status, claimedBy }: WantedDetails): string {
  const holder = claimedBy === null ? '' : ` by ${quote(claimedBy)}`
  const next =
    status === 'claimed' ? ' A pull request that names it waits in line for it.' : ' `/wl board` lists the open ones.'
  return `${quote(id)} cannot be claimed: it is ${status.replace('_', ' ')}${holder}.${next}`
}

async function noteTerm(
  { store, host }: CommandDeps,
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
    installation_id: place.installationId,
    owner: place.name.owner,
    repo: place.name.repo,
    number: place.number,
  })
}
