import { type Account, type Rig, entityUri } from '../domain/rig.ts'
import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import { agents } from '../replies/agents.ts'
import { assertions } from '../replies/link.ts'
import { owning } from '../replies/own.ts'
import { record, type Decision } from './record.ts'
import { findRig, findRigOf, setParent } from '../ledger/tables/rigs.ts'
import { findLink, beginLink, hasAsserted, assertLink, completeLink } from '../ledger/tables/rig-links.ts'
import { ledgerTime } from '../domain/time.ts'
import { revisitPullRequests, keepsOwners, agentOf } from './agents.ts'
import { type Workplace, agentAuthority } from '../authorization/agents.ts'
import { flagEarlier, saidBy } from './flag.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { sameOwnerSince } from '../ledger/tables/owners.ts'
import { endedTies } from '../operations/tables/ledger-index.ts'
import { mayByRole } from '../authorization/permit.ts'
import { isRegistered } from './participant.ts'
import { requireParticipant } from './require-participant.ts'
import { rigOfLogin } from './people.ts'
import { workplacesOf } from './agent-workplaces.ts'

/** Records the author's request to be an agent's human or, with `by`, their consent that another person is. */
export async function ownAgent(
  deps: ServiceDeps,
  context: CommandContext,
  { agent: name, by }: { agent: string; by?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const { place, repository, author } = context
  const permission = await deps.roles(place, repository.id, author)
  // A person without the right is not registered for trying.
  if (by !== undefined && !mayByRole(permission) && !(await isRegistered(deps, author)))
    return { ok: false, text: owning.notYou }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const agent = await agentOf(deps, context, name)
  if ('refused' in agent) return { ok: false, text: agent.refused }
  if (by === undefined) return ask(deps, context, id, entered.rig, agent)
  const human = await rigOfLogin(deps, context, by)
  if ('refused' in human) return { ok: false, text: human.refused }
  const workplaces = await workplacesOf(deps, context, { account: agent.account, handle: agent.rig.handle })
  return agree(deps, context, id, { rig: entered.rig, workplaces, agent, human })
}

interface RigOfAccount {
  account: Account
  rig: Rig
}

async function ask(
  deps: ServiceDeps,
  context: CommandContext,
  id: string,
  me: Rig,
  agent: RigOfAccount,
): Promise<CommandResult> {
  const named = { login: agent.account.login, rig: agent.rig.handle }
  const said = owning.asked(named, { login: context.author.login, rig: me.handle })
  const answer = await record(deps, context, id, said, async (db) => {
    const [mine, theirs] = [(await findRig(db, me.handle)) ?? me, (await findRig(db, agent.rig.handle)) ?? agent.rig]
    const refused = unfit(db, theirs, mine)
    if (refused !== undefined) return { refuse: refused }
    const before = await findLink(db, mine.handle, theirs.handle)
    if (before !== undefined && before.status !== 'revoked')
      return { refuse: owning.askedAlready(named, context.author.login) }
    const text = assertions.agentIsMine(entityUri(deps.host, context.author), ledgerTime(context.at), theirs.handle)
    const asserted = { rig: mine.handle, text, at: context.at }
    await beginLink(db, before, { type: 'agent_owner', a: mine.handle, b: theirs.handle }, asserted)
    return {
      subject: `Ask to own rig: ${theirs.handle}`,
      verifyAfter: async (after) => (await findLink(after, mine.handle, theirs.handle))?.status === 'pending',
    }
  })
  if (answer.ok) await revisitPullRequests(deps, agent.account)
  return answer
}

interface Agreement {
  rig: Rig
  workplaces: readonly Workplace[]
  agent: RigOfAccount
  human: RigOfAccount
}

async function agree(deps: ServiceDeps, context: CommandContext, id: string, given: Agreement): Promise<CommandResult> {
  const { agent, human } = given
  const answer = await record(deps, context, id, undefined, (db) => decideAgreement(deps, db, context, given))
  if (!answer.ok) return answer
  await revisitPullRequests(deps, agent.account)
  const link = await deps.ledger.read((db) => findLink(db, human.rig.handle, agent.rig.handle))
  const flagged = link && (await flagEarlier(deps, human.rig.handle, saidBy(context, id, link.id)))
  return { ok: true, text: owning.agreed(human.rig.handle, agent.rig.handle, flagged ?? 0) }
}

async function decideAgreement(
  deps: ServiceDeps,
  db: CommonsDb,
  context: CommandContext,
  { rig, workplaces, agent: { account, rig: agentRig }, human: { account: person, rig: humanRig } }: Agreement,
): Promise<Decision> {
  const [me, agent, human] = [
    (await findRigOf(db, deps.host, context.author)) ?? rig,
    (await findRigOf(db, deps.host, account)) ?? agentRig,
    (await findRigOf(db, deps.host, person)) ?? humanRig,
  ]
  const may = agentAuthority({ person: me, isHumanOf: undefined, workplaces })
  if ('refused' in may) return { refuse: owning.notAgreed(may.refused, agent.handle) }
  const { authority } = may
  // Rigs that were theirs once count too: two rigs of one person do not become two people when they are unlinked.
  const own = await sameOwnerSince(db, me.handle, await endedTies(deps.store, deps.ledger), new Date(0))
  if (own.has(human.handle)) return { refuse: owning.oneself }
  const refused = unfit(db, agent, human)
  if (refused !== undefined) return { refuse: refused }
  const link = await findLink(db, human.handle, agent.handle)
  if (link?.status !== 'pending' || link.link_type !== 'agent_owner' || !hasAsserted(link, human.handle))
    return { refuse: owning.notAsked(human.handle, { login: account.login, rig: agent.handle }) }
  const text = assertions.agrees(entityUri(deps.host, context.author), ledgerTime(context.at), authority)
  await setParent(db, agent.handle, human.handle)
  await assertLink(db, link, { rig: agent.handle, text, at: context.at })
  await completeLink(db, link, context.at)
  return {
    subject: `Own rig: ${agent.handle} by ${human.handle}`,
    trailers: { Authority: authority },
    verifyAfter: async (after) => (await findRig(after, agent.handle))?.parentRig === human.handle,
  }
}

/** The reason why a person cannot become this agent's human, whoever agrees; undefined where they can. */
function unfit(db: CommonsDb, agent: Rig, human: Rig): string | undefined {
  if (!keepsOwners(db)) return agents.noOwners
  if (agent.parentRig === human.handle) return owning.isHuman(human.handle, agent.handle)
  if (agent.parentRig !== null) return owning.hasHuman(agent.parentRig, agent.handle)
  if (human.rigType === 'agent') return owning.isAgent(human.handle)
  return human.trustLevel < 0 ? owning.isSuspended(human.handle) : undefined
}
