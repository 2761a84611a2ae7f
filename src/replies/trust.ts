import type { TrustRefusal } from '../domain/refusals.ts'
import { quote } from './markdown.ts'

const ANOTHER = 'Somebody else of trust level 3 may, or the operator: `wasteland-bridge promote` and `suspend`.'

const MEANING: Readonly<Record<number, string>> = {
  2: 'That raises the caps on open claims and posts.',
  3: 'They may stamp in every admitted repository, and change trust.',
}

/** Replies to `/wl promote` and `/wl suspend`, which change trust. */
export const trust = {
  promoted(rig: string, level: number): string {
    return `${quote(rig)} has trust level ${level} from now on. ${MEANING[level] ?? ''}`.trim()
  },
  /** `login`: that of the rig's account. */
  suspended(rig: string, login: string): string {
    return (
      `${quote(rig)} is suspended: no stamp, post or new claim of theirs is taken from now on. Stamps they gave or ` +
      'got stay, and so does what they hold: it can still be submitted and stamped. ' +
      `To lift it: ${quote(`/wl promote @${login} level=1 reason="…"`)}.`
    )
  },
  refused(refused: TrustRefusal): string {
    switch (refused.rule) {
      case 'not-trusted': {
        const yours = refused.level > 0 ? ` Yours is ${refused.level}.` : refused.level < 0 ? ' You are suspended.' : ''
        return `Only a rig of trust level 3 changes trust.${yours} ${ANOTHER}`
      }
      case 'agent':
        return `An agent changes nobody's trust: only a person may do that. ${ANOTHER}`
      case 'oneself':
        return `Nobody changes their own trust, and ${quote(refused.rig)} is yours. ${ANOTHER}`
      case 'above':
        return `${quote(refused.rig)} and trust level ${refused.level}: that is above your own level. Ask the operator.`
      case 'already':
        return refused.level < 0
          ? `${quote(refused.rig)} is suspended already.`
          : `${quote(refused.rig)} has trust level ${refused.level} already.`
      case 'one-a-day':
        return (
          `${quote(refused.rig)} has trust level 3, and you, or somebody tied to you or newly promoted, lowered ` +
          `${quote(refused.lowered)} within a day. One person lowers or suspends one rig of level 3 a day. ` +
          'Somebody else of trust level 3, who did not get it from you within 7 days, says the same command, ' +
          'or the operator does: `wasteland-bridge suspend` or `promote`.'
        )
      default:
        return refused satisfies never
    }
  },
} as const
