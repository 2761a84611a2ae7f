import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { type AgentTypeRefusal, agentTypeRefusal } from '../authorization/agents.ts'
import { quote } from '../replies/markdown.ts'
import { isRegistered } from './participant.ts'
import { requireParticipant } from './require-participant.ts'
import { rigOfLogin } from './people.ts'
import { recordedFor } from '../replies/status.ts'
import { record } from './record.ts'
import { findRigOf, setRigType, findRig } from '../ledger/tables/rigs.ts'
import { lists } from '../authorization/settings.ts'
import { lookAgain } from './agents.ts'

/** Says that an account is an agent, or a person. */
export async function declareRigType(
  deps: ServiceDeps,
  context: CommandContext,
  { person: login, no }: { person?: string | undefined; no?: 'no' | undefined },
  id: string,
): Promise<CommandResult> {
  // Who asks for what they may not is not registered for having asked.
  if (login !== undefined && !(await isRegistered(deps, context.author)))
    return { ok: false, text: says({ rule: 'not-trusted' }) }
  if (login === undefined && no !== undefined && !(await isRegistered(deps, context.author)))
    return { ok: false, text: says({ rule: 'already', is: 'human' }) }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const found =
    login === undefined ? { account: context.author, rig: entered.rig } : await rigOfLogin(deps, context, login)
  if ('refused' in found) return { ok: false, text: found.refused }
  const { account } = found
  const to = no === undefined ? 'agent' : 'human'
  const name = quote(found.rig.handle)
  const become = to === 'agent' ? `${name} is an agent from now on. ${AGENT}` : `${name} is a person from now on.`
  const said = `${become}\n\n${recordedFor([found.rig.handle])}`
  const answer = await record(deps, context, id, said, async (db) => {
    const by = (await findRigOf(db, deps.host, context.author)) ?? entered.rig
    const rig = (await findRigOf(db, deps.host, account)) ?? found.rig
    const isSelf = account.id === context.author.id
    const isProposed = lists(entered.settings.agents, account)
    const refused = agentTypeRefusal({ to, isSelf, isProposed, by, rig, accountType: account.type })
    if (refused !== undefined) return { refuse: says(refused) }
    await setRigType(db, rig.handle, to)
    return {
      subject: to === 'agent' ? `Agent rig: ${rig.handle}` : `Human rig: ${rig.handle}`,
      trailers: isSelf ? {} : { Authority: `trust ${by.trustLevel}` },
      verifyAfter: async (after) => (await findRig(after, rig.handle))?.rigType === to,
    }
  })
  if (answer.ok) await lookAgain(deps, account)
  return answer
}

const AGENT =
  'It stamps nothing, and its work takes stamps once it has a human: they comment `/wl own @agent`, somebody else who validates agrees. `/wl agent no` takes this back.'

function says(refused: AgentTypeRefusal): string {
  switch (refused.rule) {
    case 'already':
      return refused.is === 'agent' ? 'That is an agent already.' : 'That is a person already.'
    case 'not-trusted':
      return 'Only the account itself says that it is an agent, `/wl agent`, or somebody of trust level 3 for it.'
    case 'not-proposed':
      return 'Nobody proposed that: the account is not listed under `agents` in `.github/wasteland.yml` here. It may say `/wl agent` itself.'
    case 'trusted':
      return 'An account of trust level 3 says itself that it is an agent: `/wl agent`. Or the operator suspends it.'
    case 'bot':
      return 'GitHub calls that account a bot, so it stays an agent.'
    case 'owned':
      return `${quote(refused.human)} is its human. They give it up first: \`/wl disown @agent\`.`
    default:
      return refused satisfies never
  }
}
