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
import { quote } from '../replies/markdown.ts'
import { ledgerTime } from '../domain/time.ts'
import { requirePair } from './people.ts'
import { recordedFor } from '../replies/status.ts'
import { flaggedText } from '../replies/flags.ts'
import { flagEarlier, saidBy } from './flag.ts'

/** Says that another rig is one’s own too. When both have said it, they have one owner, and stamps between them are flagged. */
export async function linkRigs(
  deps: ServiceDeps,
  context: CommandContext,
  args: { handle: string },
  id: string,
): Promise<CommandResult> {
  const pair = await requirePair(deps, context, args.handle)
  if ('refused' in pair) return pair.refused
  const { rig, other } = pair
  if (other.handle === rig.handle) return { ok: false, text: `${quote(rig.handle)} is your rig here already.` }
  const answer = await record(deps, context, id, undefined, (db) => decide(db, deps.host, context, rig, other))
  const found = await deps.ledger.read((db) => findLink(db, rig.handle, other.handle))
  if (found?.link_type !== 'same_owner' || found.status !== 'completed')
    return answer.ok ? { ok: true, text: `${waiting(rig, other, found)}\n\n${recordedFor([rig.handle])}` } : answer
  const flagged = flaggedText(await flagEarlier(deps, rig.handle, saidBy(context, id, found.id)))
  return answer.ok
    ? { ok: true, text: `${names(rig, other)} are one person's from now on, and do not stamp each other.${flagged}` }
    : { ok: false, text: `${answer.text}${flagged}` }
}

async function decide(
  db: CommonsDb,
  host: string,
  { author, at }: CommandContext,
  rig: Rig,
  other: Rig,
): Promise<Decision> {
  if (!keepsLinks(db)) return { refuse: NO_TABLE }
  const before = await findLink(db, rig.handle, other.handle)
  if (before?.status !== 'revoked' && before?.link_type === 'agent_owner')
    return { refuse: `${quote(before.rig_b)} is an agent of ${quote(before.rig_a)}: that is said with \`/wl own\`.` }
  if (rig.rigType === 'agent' || other.rigType === 'agent')
    return { refuse: 'An agent is not linked but owned: its human comments `/wl own @agent`.' }
  const said = {
    rig: rig.handle,
    text: `${entityUri(host, author)} says at ${ledgerTime(at)} UTC: the rig ${other.handle} is mine too`,
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
  if (before.status === 'completed') return { refuse: `${names(rig, other)} are linked already.` }
  const [mine, theirs] = [hasAsserted(before, rig.handle), hasAsserted(before, other.handle)]
  if (mine && !theirs) return { refuse: waiting(rig, other, before) }
  if (!mine) await assertLink(db, before, said)
  if (theirs) await completeLink(db, before, at)
  return commit
}

function names(rig: Rig, other: Rig): string {
  return `${quote(rig.handle)} and ${quote(other.handle)}`
}

/** What the other side has to do: a person of ours says it here, a user of `wl` writes it in the commons. */
function waiting(rig: Rig, other: Rig, link: RigLink | undefined): string {
  const said = `Your side of the link of ${names(rig, other)} is recorded. It holds once the other side says the same: `
  if (link === undefined || readEntityUri(other.hopUri) !== undefined)
    return `${said}the person of ${quote(other.handle)} comments \`/wl link ${rig.handle}\` here.`
  const side = link.rig_a === other.handle ? 'assertion_a' : 'assertion_b'
  const text = `UPDATE rig_links SET ${side} = 'mine too' WHERE id = '${link.id.replaceAll("'", '')}'`
  return `${said}whoever writes as ${quote(other.handle)} in the commons runs ${quote(text)} there and commits it, then you say \`/wl link\` once more.`
}

export const NO_TABLE =
  'This commons has no table `rig_links`, so no link can be recorded. Its operator can add it: `schema/commons.sql` has its definition.'
