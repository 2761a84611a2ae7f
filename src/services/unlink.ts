import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { requirePair } from './people.ts'
import { linking, unlinking } from '../replies/link.ts'
import { record } from './record.ts'
import { keepsLinks, findLink, revokeLink } from '../ledger/tables/rig-links.ts'

/** Revokes the author's link to another rig of theirs. Flags of earlier stamps stay. */
export async function unlinkRigs(
  deps: ServiceDeps,
  context: CommandContext,
  args: { handle: string },
  id: string,
): Promise<CommandResult> {
  const pair = await requirePair(deps, context, args.handle)
  if ('refused' in pair) return pair.refused
  const { rig, other } = pair
  return record(deps, context, id, unlinking.done(rig.handle, other.handle), async (db) => {
    if (!keepsLinks(db)) return { refuse: linking.noTable }
    const link = await findLink(db, rig.handle, other.handle)
    if (link === undefined) return { refuse: unlinking.notLinked(rig.handle, other.handle) }
    if (link.status === 'revoked') return { refuse: unlinking.already(rig.handle, other.handle) }
    if (link.link_type === 'agent_owner') return { refuse: unlinking.isAgent(link.rig_b) }
    await revokeLink(db, link, { rig: rig.handle, at: context.at })
    return {
      subject: `Unlink rig: ${rig.handle} from ${other.handle}`,
      verifyAfter: async (after) => (await findLink(after, rig.handle, other.handle))?.status === 'revoked',
    }
  })
}
