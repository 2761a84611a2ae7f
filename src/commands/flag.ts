import { commitAuthor } from '../domain/rig.ts'
import { sameOwner } from '../ledger/rigs.ts'
import { stampsAmong } from '../ledger/stamps.ts'
import { flagsFor } from '../operations/ledger-index.ts'
import type { CommandRooms, Situation } from './command.ts'

const RULE = 'same-owner'
/** A trailer holds 500 characters. */
const TRAILER = 480

/**
 * Flags the stamps among the rigs of one owner that were given before a link said they were: each stamp once, in
 * empty Dolt commits, and none is changed. Resolves to how many this link has flagged, now or before.
 */
export async function flagEarlier(
  rooms: CommandRooms,
  situation: Situation,
  { rig, link }: { rig: string; link: string },
): Promise<number> {
  const reason = `${RULE} ${link}`
  for (;;) {
    const { value } = await rooms.ledger.turn(async (db) => {
      const among = await stampsAmong(db, await sameOwner(db, rig))
      const flags = await flagsFor(rooms.store, rooms.ledger, `${RULE} `)
      const known = new Set(flags.map((flag) => flag.stamp))
      const flagged = fitting(among.filter((stamp) => !known.has(stamp)))
      if (flagged === '') return { value: flags.filter((flag) => flag.reason === reason).length }
      return {
        value: undefined,
        commit: {
          author: commitAuthor(situation.author),
          subject: `wl note: ${rig}`,
          trailers: {
            Delivery: situation.delivery,
            Sender: `${situation.author.login} ${situation.author.id}`,
            Flagged: flagged,
            Reason: reason,
          },
          empty: true,
        },
      }
    })
    if (value !== undefined) return value
  }
}

/** As many ids as a trailer holds. */
function fitting(stamps: readonly string[]): string {
  const all = stamps.join(',')
  return all.length <= TRAILER ? all : all.slice(0, all.lastIndexOf(',', TRAILER))
}

export function flaggedText(count: number): string {
  if (count === 0) return ''
  if (count === 1) return ' 1 earlier stamp between rigs of one owner is flagged; it stays in the ledger as given.'
  return ` ${count} earlier stamps between rigs of one owner are flagged; they stay in the ledger as given.`
}
