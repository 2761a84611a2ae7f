import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { requirePair } from './people.ts'
import { quote } from '../replies/markdown.ts'
import { record } from './record.ts'
import { keepsLinks, findLink, revokeLink } from '../ledger/tables/rig-links.ts'
import { NO_TABLE } from './link.ts'

/** Takes back that another rig is one’s own too. Flags of earlier stamps stay. */
export async function unlinkRigs(
  deps: ServiceDeps,
  context: CommandContext,
  args: { handle: string },
  id: string,
): Promise<CommandResult> {
  const pair = await requirePair(deps, context, args.handle)
  if ('refused' in pair) return pair.refused
  const { rig, other } = pair
  const names = `${quote(rig.handle)} and ${quote(other.handle)}`
  const said = `${names} are linked no more. Flags of earlier stamps stay. To link them again, both say so again.`
  return record(deps, context, id, said, async (db) => {
    if (!keepsLinks(db)) return { refuse: NO_TABLE }
    const link = await findLink(db, rig.handle, other.handle)
    if (link === undefined) return { refuse: `${names} are not linked. To link them: \`/wl link ${other.handle}\`.` }
    if (link.status === 'revoked') return { refuse: `The link of ${names} was taken back already.` }
    if (link.link_type === 'agent_owner')
      return { refuse: `${quote(link.rig_b)} is an agent: \`/wl disown @agent\` gives it up.` }
    await revokeLink(db, link, { rig: rig.handle, at: context.at })
    return {
      subject: `Unlink rig: ${rig.handle} from ${other.handle}`,
      verifyAfter: async (after) => (await findLink(after, rig.handle, other.handle))?.status === 'revoked',
    }
  })
}
