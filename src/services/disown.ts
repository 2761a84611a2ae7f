import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { Rig } from '../domain/rig.ts'
import { type Workplace, agentAuthority } from '../authorization/agents.ts'
import { type Decision, record } from './record.ts'
import { keepsOwners, agentOf, revisitPullRequests } from './agents.ts'
import { findRigOf, findRig } from '../ledger/tables/rigs.ts'
import { findLink, revokeLink, freeAgent } from '../ledger/tables/rig-links.ts'
import { sameOwner } from '../ledger/tables/owners.ts'
import { agents } from '../replies/agents.ts'
import { disowning } from '../replies/own.ts'
import { mayByRole, TRUSTED } from '../authorization/permit.ts'
import { isRegistered } from './participant.ts'
import { requireParticipant } from './require-participant.ts'
import { workplacesOf } from './agent-workplaces.ts'

/** Ends the link between an agent and its human, or takes back the author's request to be its human. */
export async function disownAgent(
  deps: ServiceDeps,
  context: CommandContext,
  { agent: name }: { agent: string },
  id: string,
): Promise<CommandResult> {
  const { place, repository, author } = context
  const permission = await deps.roles(place, repository.id, author)
  // A person without the right is not registered for trying.
  if (!mayByRole(permission) && !(await isRegistered(deps, context.author)))
    return { ok: false, text: disowning.notYours }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const agent = await agentOf(deps, context, name)
  if ('refused' in agent) return { ok: false, text: agent.refused }
  const workplaces = await workplacesOf(deps, context, { account: agent.account, handle: agent.rig.handle })
  const answer = await record(deps, context, id, undefined, (db) =>
    decide(deps, db, context, { rig: entered.rig, workplaces, agent: agent.rig }),
  )
  if (!answer.ok) return answer
  await revisitPullRequests(deps, agent.account)
  const owner = (await deps.ledger.read((db) => findRig(db, agent.rig.handle)))?.parentRig
  const { handle } = agent.rig
  if (owner != null) return { ok: true, text: disowning.askedNoMore(handle, owner) }
  return { ok: true, text: disowning.done({ rig: handle, login: agent.account.login }) }
}

/** The reason why the author of the command cannot disown this agent; undefined where they might. */
export async function whyNotDisown(
  deps: ServiceDeps,
  context: CommandContext,
  { agent: name }: IdsInLine,
): Promise<string | undefined> {
  const { place, repository, author } = context
  const permission = await deps.roles(place, repository.id, author)
  const me = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  if (mayByRole(permission) || (me?.trustLevel ?? 0) >= TRUSTED) return undefined
  if (me === undefined) return disowning.notYours
  const agent = name === undefined ? undefined : await agentOf(deps, context, name)
  if (agent === undefined || 'refused' in agent) return agent?.refused
  const { handle, parentRig: owner } = agent.rig
  return deps.ledger.read(async (db) => {
    const isTheirs = owner !== null && (await sameOwner(db, me.handle)).has(owner)
    const asked = keepsOwners(db) ? await findLink(db, me.handle, handle) : undefined
    if (isTheirs || asked?.status === 'pending') return undefined
    return owner === null ? disowning.hasNone(handle) : disowning.ofAnother(owner)
  })
}

async function decide(
  deps: ServiceDeps,
  db: CommonsDb,
  context: CommandContext,
  given: { rig: Rig; workplaces: readonly Workplace[]; agent: Rig },
): Promise<Decision> {
  if (!keepsOwners(db)) return { refuse: agents.noOwners }
  const me = (await findRigOf(db, deps.host, context.author)) ?? given.rig
  const agent = (await findRig(db, given.agent.handle)) ?? given.agent
  const by = { rig: me.handle, at: context.at }
  const asked = await findLink(db, me.handle, agent.handle)
  if (asked?.status === 'pending' && asked.link_type === 'agent_owner') {
    await revokeLink(db, asked, by)
    return { subject: `Disown rig: ${agent.handle}` }
  }
  const owner = agent.parentRig
  if (owner === null) return { refuse: disowning.hasNone(agent.handle) }
  const isOwner = (await sameOwner(db, me.handle)).has(owner)
  const { workplaces } = given
  const may = agentAuthority({ person: me, isHumanOf: isOwner ? owner : undefined, workplaces })
  if ('refused' in may) return { refuse: disowning.notDecided(owner, may.refused, agent.handle) }
  await freeAgent(db, agent.handle, owner, by)
  return {
    subject: `Disown rig: ${agent.handle}`,
    trailers: { Authority: may.authority },
    verifyAfter: async (after) => (await findRig(after, agent.handle))?.parentRig === null,
  }
}
