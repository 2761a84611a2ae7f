import type { AgentRefusal } from '../domain/refusals.ts'
import { agents } from './agents.ts'
import { flaggedText } from './flags.ts'
import { quote } from './markdown.ts'
import { recordedFor } from './status.ts'

const NOT_YOU =
  'Somebody else agrees: a person with the GitHub role admin or maintain wherever the agent works, or of trust level 3, who is not that human.'

/** The login and the rig of an agent, or of a person. */
interface Named {
  login: string
  rig: string
}

/** Replies to `/wl own`, by which a person becomes the human of an agent. */
export const owning = {
  notYou: NOT_YOU,
  oneself: `Nobody agrees for themself. ${NOT_YOU}`,
  asked(agent: Named, by: Named): string {
    return (
      `You asked to be the human of ${quote(agent.rig)}. Somebody else who may stamp here agrees with ` +
      `${quote(`/wl own @${agent.login} by=@${by.login}`)}; then its work takes stamps, but none of yours.\n\n${recordedFor([by.rig])}`
    )
  },
  askedAlready(agent: Named, by: string): string {
    return `You asked for ${quote(agent.rig)} already. Somebody else who may stamp here has to agree: ${quote(`/wl own @${agent.login} by=@${by}`)}.`
  },
  notAsked(human: string, agent: Named): string {
    return (
      `${quote(human)} has not asked to be the human of ${quote(agent.rig)}. ` +
      `They comment ${quote(`/wl own @${agent.login}`)} first, on any thread here.`
    )
  },
  notAgreed(refused: AgentRefusal, agent: string): string {
    return `${NOT_YOU} ${agents.notDecided(refused, agent)}`
  },
  /** `flagged`: the number of earlier stamps between them that are flagged. */
  agreed(human: string, agent: string, flagged: number): string {
    return (
      `${quote(human)} is the human of ${quote(agent)} from now on: its work takes stamps, ` +
      `but none of theirs.${flaggedText(flagged)}`
    )
  },
  isHuman(human: string, agent: string): string {
    return `${quote(human)} is the human of ${quote(agent)} already.`
  },
  hasHuman(human: string, agent: string): string {
    return (
      `${quote(human)} is the human of ${quote(agent)}. To change that, they or somebody who may stamp here comment ` +
      '`/wl disown @agent` first.'
    )
  },
  isAgent(rig: string): string {
    return `${quote(rig)} is an agent itself, and an agent's human is a person.`
  },
  isSuspended(rig: string): string {
    return `${quote(rig)} is suspended and becomes nobody's human. Somebody of trust level 3 may lift it: \`/wl promote\`.`
  },
} as const

const NOT_YOURS =
  'Only its human, or somebody with the GitHub role admin or maintain wherever it works, or of trust level 3, gives an agent up.'

/** Replies to `/wl disown`, by which a person stops being the human of an agent. */
export const disowning = {
  notYours: NOT_YOURS,
  ofAnother(human: string): string {
    return `${NOT_YOURS} Its human is ${quote(human)}.`
  },
  notDecided(human: string, refused: AgentRefusal, agent: string): string {
    return `${disowning.ofAnother(human)} ${agents.notDecided(refused, agent)}`
  },
  hasNone(agent: string): string {
    return `${quote(agent)} has no human, and you have not asked to be: \`/wl own @agent\` asks.`
  },
  /** For a person who only asked to be the human, and takes that back. */
  askedNoMore(agent: string, human: string): string {
    return `Your request is withdrawn. The human of ${quote(agent)} is ${quote(human)}.`
  },
  done({ rig, login }: Named): string {
    const next = `${quote(`/wl own @${login}`)} asks to be its human`
    return `${quote(rig)} has no human now, so its work takes no stamp: ${next}. Stamps it got stay.`
  },
} as const
