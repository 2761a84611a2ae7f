import { type ShownStamp, stampsOn } from '../ledger/stamps.ts'
import { flaggedAmong, type Judged, judgedIn } from '../operations/ledger-index.ts'
import { listChanges } from '../github/changes.ts'
import type { Place } from './attend.ts'
import { diffHash } from './diff.ts'
import type { FollowRooms } from './follow.ts'

export type JudgedStamp = ShownStamp & { flagged: boolean; judged: Judged | undefined }

/**
 * The stamps on a completion with the scores that were given (what was filled in for the peers' readers is not
 * shown) and with their flags.
 */
export async function shownStamps(
  { ledger, store }: Pick<FollowRooms, 'ledger' | 'store'>,
  completion: string,
): Promise<JudgedStamp[]> {
  const stamps = await ledger.read((db) => stampsOn(db, completion))
  const ids = stamps.map((stamp) => stamp.id)
  const judged = await judgedIn(store, ledger, ids)
  const flagged = await flaggedAmong(store, ledger, ids)
  return stamps.map((stamp) => ({
    ...stamp,
    valence: Object.fromEntries(
      Object.entries(stamp.valence).filter(([name]) => judged.get(stamp.id)?.given.includes(name) ?? true),
    ),
    flagged: flagged.has(stamp.id),
    judged: judged.get(stamp.id),
  }))
}

/** Marks what was stamped of other work than the pull request now has: another head whose diff from its base differs. */
export async function markStale(
  { client, name, number }: Pick<Place, 'client' | 'name' | 'number'>,
  headSha: string,
  stamps: readonly JudgedStamp[],
): Promise<(JudgedStamp & { stale: boolean })[]> {
  const isOld = ({ judged }: JudgedStamp) => judged?.diff != null && judged.head !== headSha
  const now = stamps.some(isOld) ? diffHash(await listChanges(client, name, number)) : undefined
  return stamps.map((stamp) => ({ ...stamp, stale: isOld(stamp) && stamp.judged?.diff !== now }))
}
