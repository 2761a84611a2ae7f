import type { CommonsDb } from '../ledger/engine/types.ts'
import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { type Rig, entityUri, readEntityUri } from '../domain/rig.ts'
import { type Decision, record } from './record.ts'
import {
  keepsLinks,
  findLink,
  hasAsserted,
  beginLink,
  assertLink,
  completeLink,
  type RigLink,
} from '../ledger/tables/rig-links.ts'
import { assertions, linking } from '../replies/link.ts'
import { ledgerTime } from '../domain/time.ts'
import { requirePair } from './people.ts'
import { flaggedText } from '../replies/flags.ts'
import { flagEarlier, saidBy } from './flag.ts'

/**
 * Asserts that another rig belongs to the author too. When both rigs have asserted it, they have one owner, and stamps
 * between them are flagged.
 */
export async function linkRigs(
  deps: ServiceDeps,
  context: CommandContext,
  args: { handle: string },
  id: string,
): Promise<CommandResult> {
  const pair = await requirePair(deps, context, args.handle)
  if ('refused' in pair) return pair.refused
  const { rig, other } = pair
  if (other.handle === rig.handle) return { ok: false, text: linking.isYours(rig.handle) }
  const answer = await record(deps, context, id, undefined, (db) => decide(db, deps.host, context, rig, other))
  const found = await deps.ledger.read((db) => findLink(db, rig.handle, other.handle))
  if (found?.link_type !== 'same_owner' || found.status !== 'completed')
    return answer.ok ? { ok: true, text: linking.begun(waiting(rig, other, found), rig.handle) } : answer
  const flagged = await flagEarlier(deps, rig.handle, saidBy(context, id, found.id))
  return answer.ok
    ? { ok: true, text: linking.done(rig.handle, other.handle, flagged) }
    : { ok: false, text: `${answer.text}${flaggedText(flagged)}` }
}

async function decide(
  db: CommonsDb,
  host: string,
  { author, at }: CommandContext,
  rig: Rig,
  other: Rig,
): Promise<Decision> {
  if (!keepsLinks(db)) return { refuse: linking.noTable }
  const before = await findLink(db, rig.handle, other.handle)
  if (before?.status !== 'revoked' && before?.link_type === 'agent_owner')
    return { refuse: linking.isAgentOf(before.rig_b, before.rig_a) }
  if (rig.rigType === 'agent' || other.rigType === 'agent') return { refuse: linking.agentIsOwned }
  const said = {
    rig: rig.handle,
    text: assertions.rigIsMine(entityUri(host, author), ledgerTime(at), other.handle),
    at,
  }
  const commit = {
    subject: `Link rig: ${rig.handle} to ${other.handle}`,
    verifyAfter: async (after: CommonsDb) => {
      const link = await findLink(after, rig.handle, other.handle)
      return link !== undefined && link.status !== 'revoked' && hasAsserted(link, rig.handle)
    },
  }
  if (before === undefined || before.status === 'revoked') {
    const [a, b] = [rig.handle, other.handle].toSorted() as [string, string]
    await beginLink(db, before, { type: 'same_owner', a, b }, said)
    return commit
  }
  if (before.status === 'completed') return { refuse: linking.already(rig.handle, other.handle) }
  const [mine, theirs] = [hasAsserted(before, rig.handle), hasAsserted(before, other.handle)]
  if (mine && !theirs) return { refuse: waiting(rig, other, before) }
  if (!mine) await assertLink(db, before, said)
  if (theirs) await completeLink(db, before, at)
  return commit
}

/**
 * The next step of the other side: a person with an account runs the command here, a user of `wl` writes it into the
 * commons.
 */
function waiting(rig: Rig, other: Rig, link: RigLink | undefined): string {
  if (link === undefined || readEntityUri(other.hopUri) !== undefined)
    return linking.waitsForPerson(rig.handle, other.handle)
  const side = link.rig_a === other.handle ? 'assertion_a' : 'assertion_b'
  return linking.waitsForPeer(rig.handle, other.handle, { side, link: link.id })
}
