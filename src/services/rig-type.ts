import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { agentTypeRefusal } from '../authorization/agents.ts'
import { agents } from '../replies/agents.ts'
import { isRegistered } from './participant.ts'
import { requireParticipant } from './require-participant.ts'
import { rigOfLogin } from './people.ts'
import { record } from './record.ts'
import { findRigOf, setRigType, findRig } from '../ledger/tables/rigs.ts'
import { lists } from '../authorization/settings.ts'
import { revisitPullRequests } from './agents.ts'

/** Records that an account is an agent or, with `no`, a person. Without a login, the account is the author's own. */
export async function declareRigType(
  deps: ServiceDeps,
  context: CommandContext,
  { person: login, no }: { person?: string | undefined; no?: 'no' | undefined },
  id: string,
): Promise<CommandResult> {
  // A person without the right is not registered for trying.
  if (login !== undefined && !(await isRegistered(deps, context.author)))
    return { ok: false, text: agents.notBecome({ rule: 'not-trusted' }) }
  if (login === undefined && no !== undefined && !(await isRegistered(deps, context.author)))
    return { ok: false, text: agents.notBecome({ rule: 'already', is: 'human' }) }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const found =
    login === undefined ? { account: context.author, rig: entered.rig } : await rigOfLogin(deps, context, login)
  if ('refused' in found) return { ok: false, text: found.refused }
  const { account } = found
  const to = no === undefined ? 'agent' : 'human'
  const answer = await record(deps, context, id, agents.becomes(to, found.rig.handle), async (db) => {
    const by = (await findRigOf(db, deps.host, context.author)) ?? entered.rig
    const rig = (await findRigOf(db, deps.host, account)) ?? found.rig
    const isSelf = account.id === context.author.id
    const isProposed = lists(entered.settings.agents, account)
    const refused = agentTypeRefusal({ to, isSelf, isProposed, by, rig, accountType: account.type })
    if (refused !== undefined) return { refuse: agents.notBecome(refused) }
    await setRigType(db, rig.handle, to)
    return {
      subject: to === 'agent' ? `Agent rig: ${rig.handle}` : `Human rig: ${rig.handle}`,
      trailers: isSelf ? {} : { Authority: `trust ${by.trustLevel}` },
      verifyAfter: async (after) => (await findRig(after, rig.handle))?.rigType === to,
    }
  })
  if (answer.ok) await revisitPullRequests(deps, account)
  return answer
}
