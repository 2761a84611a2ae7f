import { type Account, type Rig, entityUri } from '../domain/rig.ts'
import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import { quote } from '../replies/markdown.ts'
import { recordedFor } from '../replies/status.ts'
import { record, type Decision } from './record.ts'
import { findRig, findRigOf, setParent } from '../ledger/tables/rigs.ts'
import { findLink, beginLink, hasAsserted, assertLink, completeLink } from '../ledger/tables/rig-links.ts'
import { ledgerTime } from '../domain/time.ts'
import { lookAgain, refusedAgent, keepsOwners, NO_OWNERS, agentOf } from './agents.ts'
import { type Workplace, agentAuthority } from '../authorization/agents.ts'
import { flagEarlier, saidBy } from './flag.ts'
import { flaggedText } from '../replies/flags.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { sameOwnerSince } from '../ledger/tables/owners.ts'
import { endedTies } from '../operations/tables/ownership.ts'
import { mayByRole } from '../authorization/permit.ts'
import { isRegistered } from './participant.ts'
import { requireParticipant } from './require-participant.ts'
import { rigOfLogin } from './people.ts'
import { workplacesOf } from './agent-workplaces.ts'

/** Asks to be an agent’s human, or agrees that somebody is. */
export async function ownAgent(
  deps: ServiceDeps,
  context: CommandContext,
  { agent: name, by }: { agent: string; by?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const { place, repository, author } = context
  const permission = await deps.roles(place, repository.id, author)
  // Who asks for what they may not is not registered for having asked.
  if (by !== undefined && !mayByRole(permission) && !(await isRegistered(deps, author)))
    return { ok: false, text: NOT_YOU }
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
  const name = quote(agent.rig.handle)
  const said =
    `You asked to be the human of ${name}. Somebody else who may stamp here agrees with ` +
    `${quote(`/wl own @${agent.account.login} by=@${context.author.login}`)}; then its work takes stamps, but none of yours.\n\n${recordedFor([me.handle])}`
  const answer = await record(deps, context, id, said, async (db) => {
    const [mine, theirs] = [(await findRig(db, me.handle)) ?? me, (await findRig(db, agent.rig.handle)) ?? agent.rig]
    const refused = unfit(db, theirs, mine)
    if (refused !== undefined) return { refuse: refused }
    const before = await findLink(db, mine.handle, theirs.handle)
    if (before !== undefined && before.status !== 'revoked')
      return {
        refuse: `You asked for ${name} already. Somebody else who may stamp here has to agree: ${quote(`/wl own @${agent.account.login} by=@${context.author.login}`)}.`,
      }
    const text = `${entityUri(deps.host, context.author)} says at ${ledgerTime(context.at)} UTC: the agent ${theirs.handle} is mine`
    const asserted = { rig: mine.handle, text, at: context.at }
    await beginLink(db, before, { type: 'agent_owner', a: mine.handle, b: theirs.handle }, asserted)
    return {
      subject: `Ask to own rig: ${theirs.handle}`,
      verifyAfter: async (after) => (await findLink(after, mine.handle, theirs.handle))?.status === 'pending',
    }
  })
  if (answer.ok) await lookAgain(deps, agent.account)
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
  await lookAgain(deps, agent.account)
  const link = await deps.ledger.read((db) => findLink(db, human.rig.handle, agent.rig.handle))
  const flagged = link && (await flagEarlier(deps, human.rig.handle, saidBy(context, id, link.id)))
  const text =
    `${quote(human.rig.handle)} is the human of ${quote(agent.rig.handle)} from now on: its work takes stamps, ` +
    `but none of theirs.${flaggedText(flagged ?? 0)}`
  return { ok: true, text }
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
  if ('refused' in may) return { refuse: `${NOT_YOU} ${refusedAgent(may.refused, agent.handle)}` }
  const { authority } = may
  // Whatever was theirs once: two rigs of one person are not two people for having been unlinked.
  const own = await sameOwnerSince(db, me.handle, await endedTies(deps.store, deps.ledger), new Date(0))
  if (own.has(human.handle)) return { refuse: `Nobody agrees for themself. ${NOT_YOU}` }
  const refused = unfit(db, agent, human)
  if (refused !== undefined) return { refuse: refused }
  const link = await findLink(db, human.handle, agent.handle)
  if (link?.status !== 'pending' || link.link_type !== 'agent_owner' || !hasAsserted(link, human.handle))
    return {
      refuse:
        `${quote(human.handle)} has not asked to be the human of ${quote(agent.handle)}. ` +
        `They comment ${quote(`/wl own @${account.login}`)} first, on any thread here.`,
    }
  const text = `${entityUri(deps.host, context.author)} (${authority}) agrees at ${ledgerTime(context.at)} UTC`
  await setParent(db, agent.handle, human.handle)
  await assertLink(db, link, { rig: agent.handle, text, at: context.at })
  await completeLink(db, link, context.at)
  return {
    subject: `Own rig: ${agent.handle} by ${human.handle}`,
    trailers: { Authority: authority },
    verifyAfter: async (after) => (await findRig(after, agent.handle))?.parentRig === human.handle,
  }
}

/** Why a human cannot become an agent's, whoever asks. */
function unfit(db: CommonsDb, agent: Rig, human: Rig): string | undefined {
  if (!keepsOwners(db)) return NO_OWNERS
  const [name, whose] = [quote(agent.handle), quote(human.handle)]
  if (agent.parentRig === human.handle) return `${whose} is the human of ${name} already.`
  if (agent.parentRig !== null)
    return (
      `${quote(agent.parentRig)} is the human of ${name}. To change that, they or somebody who may stamp here comment ` +
      '`/wl disown @agent` first.'
    )
  if (human.rigType === 'agent') return `${whose} is an agent itself, and an agent's human is a person.`
  return human.trustLevel < 0
    ? `${whose} is suspended and becomes nobody's human. Somebody of trust level 3 may lift it: \`/wl promote\`.`
    : undefined
}

const NOT_YOU =
  'Somebody else agrees: a person with the GitHub role admin or maintain wherever the agent works, or of trust level 3, who is not that human.'
