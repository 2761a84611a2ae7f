import type { AgentRefusal, AgentTypeRefusal } from '../domain/refusals.ts'
import { quote } from './markdown.ts'
import { recordedFor } from './status.ts'

const WHO_DECIDES =
  "Only the agent's human decides that, or somebody with the role admin or maintain in every repository where the agent works, or of trust level 3."

const AGENT =
  'It stamps nothing, and its work takes stamps once it has a human: they comment `/wl own @agent`, somebody else who validates agrees. `/wl agent no` takes this back.'

/** Replies about agents: which account is one, and who is its human. */
export const agents = {
  /** For a commons of `wl` or `gt` without the table or column that says who an agent's human is. */
  noOwners:
    'This commons has no table `rig_links` or no column `rigs.parent_rig`, so it cannot say whose an agent is. ' +
    'Its operator can add them: `schema/commons.sql` has their definitions.',
  noRig(login: string): string {
    return `${quote(`@${login}`)} has no rig in this wasteland yet. It gets one with its first pull request that names a wanted item.`
  },
  isNone(login: string): string {
    return (
      `${quote(`@${login}`)} is no agent. GitHub calls agents bots; one that is a user account comments \`/wl agent\` itself, or is listed under ` +
      '`agents` in `.github/wasteland.yml` and somebody of trust level 3 comments `/wl agent @login`.'
    )
  },
  /** The refusal of somebody who may not decide who an agent's human is. */
  notDecided(refused: AgentRefusal, agent: string): string {
    switch (refused.rule) {
      case 'agent':
        return `An agent does not decide that: only a person may do that. ${WHO_DECIDES}`
      case 'suspended':
        return `You are suspended, so your word does not count here. ${WHO_DECIDES}`
      case 'no-workplace':
        return `${quote(agent)} has no pull request and no work that this bridge knows, so no role decides. ${WHO_DECIDES}`
      case 'elsewhere':
        return (
          `${quote(agent)} is one account everywhere and works in ${quote(refused.fullName)} too, where you have neither the GitHub role admin nor ` +
          `maintain, or where that cannot be asked. ${WHO_DECIDES}`
        )
      default:
        return refused satisfies never
    }
  },
  /** The answer once a rig is said to be an agent, or a person. */
  becomes(to: 'agent' | 'human', rig: string): string {
    const name = quote(rig)
    const become = to === 'agent' ? `${name} is an agent from now on. ${AGENT}` : `${name} is a person from now on.`
    return `${become}\n\n${recordedFor([rig])}`
  },
  notBecome(refused: AgentTypeRefusal): string {
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
  },
} as const
