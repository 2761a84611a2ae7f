import { z } from 'zod'
import type { Rig } from '../domain/rig.ts'
import { OPEN_BOUNTY, type WantedDetails } from '../domain/wanted.ts'
import { claimsOf, describeWanted, findWanted, moveWanted } from '../ledger/wanted.ts'
import type { CommonsDb } from '../ledger/tables.ts'
import { saveClaim } from '../operations/claims.ts'
import { contendersFor } from '../operations/pull-request-items.ts'
import { termOf } from '../reputation/claim-term.ts'
import { capFor } from '../reputation/policy.ts'
import { claimMade } from '../replies/claims.ts'
import { quote } from '../replies/markdown.ts'
import { recordedFor, tooManyClaims } from '../replies/status.ts'
import { command, type CommandRooms, type Situation } from './command.ts'
import { enter } from './enter.ts'
import { findTarget } from './item.ts'
import { wantedId } from './options.ts'
import { type Decision, record } from './record.ts'
import { revisitAll } from './waiting.ts'

export const claim = command({
  name: 'claim',
  group: 'work',
  usage: '/wl claim [w-…]',
  summary: 'reserves an open item for you for a while',
  who: 'anyone, as many at once as their trust level allows',
  examples: ['/wl claim', '/wl claim w-0123456789'],
  on: 'both',
  words: ['item'],
  options: z.strictObject({ item: wantedId.optional() }),
  async run(rooms, situation, { item: named }, id) {
    const entered = await enter(rooms, situation)
    if ('refused' in entered) return entered.refused
    const target = await findTarget(rooms, situation, named, '/wl claim w-0123456789')
    if ('refused' in target) return target.refused
    const { item } = target
    const claimedAt = new Date(situation.at)
    const term = termOf(claimedAt, entered.settings.claims[item.effort])
    let isNew = true
    const said = `${claimMade(item, situation.author.login, term.endsAt)}\n\n${recordedFor([entered.rig.handle])}`
    const answer = await record(rooms, situation, id, said, async (db) => {
      const decision = await decide(rooms, db, situation, entered.rig, item.id)
      isNew = 'subject' in decision
      return decision
    })
    // Asked for by a command that has run, too: a crash may have come before this note.
    if (answer.ok && isNew) {
      await noteTerm(rooms, situation, entered.rig, item, { claimedAt, term })
      await revisitAll(rooms, item.id)
    }
    return answer
  },
})

async function decide(
  rooms: CommandRooms,
  db: CommonsDb,
  { at, author }: Situation,
  rig: Rig,
  id: string,
): Promise<Decision> {
  const item = await describeWanted(db, id)
  if (item === undefined) return { refuse: `${quote(id)} is gone from this board. \`/wl board\` lists the open ones.` }
  if (item.status === 'claimed' && item.claimedBy === rig.handle)
    return {
      already: `${quote(id)} is yours already. Saying it again does not prolong the claim; an open pull request does.`,
    }
  if (item.status !== 'open') return { refuse: notOpen(item) }
  if (item.tags.includes(OPEN_BOUNTY))
    return {
      refuse: `${quote(id)} is an open bounty, which nobody claims. Open a pull request with a line \`Wanted: ${id}\` in its description.`,
    }
  const [first] = await contendersFor(rooms.store, id)
  if (first !== undefined && first.author_id !== author.id)
    return {
      refuse: `A pull request named ${quote(id)} first and gets it: ${quote(`${first.owner}/${first.repo}#${first.number}`)}. \`/wl board\` lists other items.`,
    }
  const [held, cap] = [await claimsOf(db, rig.handle), capFor(rooms.policy.claims, rig.trustLevel)]
  if (held.length >= cap) {
    const list =
      held.length === 0
        ? ''
        : ` You hold ${held
            .slice(0, 10)
            .map((one) => quote(one))
            .join(', ')}.`
    return { refuse: `${tooManyClaims(author.login, { trustLevel: rig.trustLevel, cap })}${list}` }
  }
  await moveWanted(db, 'claim', id, { claimedBy: rig.handle, at })
  return {
    subject: `wl claim: ${id}`,
    stands: async (after) => (await findWanted(after, id))?.claimedBy === rig.handle,
  }
}

function notOpen({ id, status, claimedBy }: WantedDetails): string {
  const holder = claimedBy === null ? '' : ` by ${quote(claimedBy)}`
  const next =
    status === 'claimed' ? ' A pull request that names it waits in line for it.' : ' `/wl board` lists the open ones.'
  return `${quote(id)} cannot be claimed: it is ${status.replace('_', ' ')}${holder}.${next}`
}

async function noteTerm(
  { store, host }: CommandRooms,
  { place, author }: Situation,
  rig: Rig,
  item: WantedDetails,
  { claimedAt, term }: { claimedAt: Date; term: ReturnType<typeof termOf> },
) {
  await saveClaim(store, {
    wanted_id: item.id,
    host,
    rig: rig.handle,
    person_id: author.id,
    login: author.login,
    claimed_at: claimedAt,
    announce_at: term.announceAt,
    ends_at: term.endsAt,
    announced: false,
    installation_id: place.installationId,
    owner: place.name.owner,
    repo: place.name.repo,
    number: place.number,
  })
}
