import { flaggedText } from './flags.ts'
import { quote } from './markdown.ts'
import { recordedFor } from './status.ts'

function both(rig: string, other: string): string {
  return `${quote(rig)} and ${quote(other)}`
}

function ofOneSide(rig: string, other: string): string {
  return `Your side of the link of ${both(rig, other)} is recorded. It holds once the other side says the same: `
}

/**
 * The statements on a link of rigs that the link's row in the ledger stores. `entity`: who says it; `at`: ledger time.
 */
export const assertions = {
  rigIsMine(entity: string, at: string, rig: string): string {
    return `${entity} says at ${at} UTC: the rig ${rig} is mine too`
  },
  agentIsMine(entity: string, at: string, agent: string): string {
    return `${entity} says at ${at} UTC: the agent ${agent} is mine`
  },
  agrees(entity: string, at: string, authority: string): string {
    return `${entity} (${authority}) agrees at ${at} UTC`
  },
} as const

/** Replies to `/wl link`, which says that two rigs are one person's. */
export const linking = {
  noTable:
    'This commons has no table `rig_links`, so no link can be recorded. Its operator can add it: `schema/commons.sql` has its definition.',
  agentIsOwned: 'An agent is not linked but owned: its human comments `/wl own @agent`.',
  isYours(rig: string): string {
    return `${quote(rig)} is your rig here already.`
  },
  isAgentOf(agent: string, human: string): string {
    return `${quote(agent)} is an agent of ${quote(human)}: that is said with \`/wl own\`.`
  },
  already(rig: string, other: string): string {
    return `${both(rig, other)} are linked already.`
  },
  /** For a link whose other side is a person of this bridge, who has to say it here. */
  waitsForPerson(rig: string, other: string): string {
    return `${ofOneSide(rig, other)}the person of ${quote(other)} comments \`/wl link ${rig}\` here.`
  },
  /**
   * For a link whose other side is a user of `wl`, who has to write it into the column `side` of the link in the
   * commons.
   */
  waitsForPeer(rig: string, other: string, { side, link }: { side: string; link: string }): string {
    const text = `UPDATE rig_links SET ${side} = 'mine too' WHERE id = '${link.replaceAll("'", '')}'`
    return `${ofOneSide(rig, other)}whoever writes as ${quote(other)} in the commons runs ${quote(text)} there and commits it, then you say \`/wl link\` once more.`
  },
  begun(waits: string, rig: string): string {
    return `${waits}\n\n${recordedFor([rig])}`
  },
  /** `flagged`: the number of earlier stamps between them that are flagged. */
  done(rig: string, other: string, flagged: number): string {
    return `${both(rig, other)} are one person's from now on, and do not stamp each other.${flaggedText(flagged)}`
  },
} as const

/** Replies to `/wl unlink`, which takes such a link back. */
export const unlinking = {
  done(rig: string, other: string): string {
    return `${both(rig, other)} are linked no more. Flags of earlier stamps stay. To link them again, both say so again.`
  },
  notLinked(rig: string, other: string): string {
    return `${both(rig, other)} are not linked. To link them: \`/wl link ${other}\`.`
  },
  already(rig: string, other: string): string {
    return `The link of ${both(rig, other)} was taken back already.`
  },
  isAgent(agent: string): string {
    return `${quote(agent)} is an agent: \`/wl disown @agent\` gives it up.`
  },
} as const
