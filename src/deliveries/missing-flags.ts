import { flagEarlier, type FlagDeps, unflagged } from '../services/flag.ts'
import { uuidOf } from '../domain/hash.ts'
import { BRIDGE_AUTHOR } from '../domain/rig.ts'
import { uncommitted } from '../ledger/tables/commons.ts'
import { owners } from '../ledger/tables/owners.ts'
import { findStamp, stampsAmong } from '../ledger/tables/stamps.ts'

/**
 * The payload of a job: a stamp between rigs of one owner, which lacks its flag. The job flags all such stamps of that
 * owner.
 */
export interface FlagJob {
  stamp: string
}

const PERIOD_MS = 60_000

/**
 * The scheduled job that finds stamps between rigs of one owner that nobody has flagged: a peer completed the link, or
 * set parent_rig, in the commons. It enqueues one job for each owner and minute at most, whichever replica runs; the
 * flags are written in a transaction of the ledger, once. It reads the ledger only when there is a new commit, and not
 * while a peer has rows that are not committed: our commit would take those rows along.
 */
export function createFlagJob(
  deps: FlagDeps & { now(): Date },
  put: (id: string, job: FlagJob) => Promise<void>,
): () => Promise<void> {
  const { ledger, store, now } = deps
  let seen: string | undefined
  return async () => {
    const head = await ledger.head()
    if (head === seen || (await ledger.read(({ sql }) => uncommitted(sql))).length > 0) return
    for (const rigs of await ledger.read(owners)) {
      const [stamp] = await unflagged(deps, await ledger.read((db) => stampsAmong(db, rigs)))
      const minute = Math.floor(now().getTime() / PERIOD_MS)
      if (stamp !== undefined) await put(uuidOf([store.wasteland, stamp, minute]), { stamp })
    }
    seen = head
  }
}

/**
 * Flags all such stamps of one owner. We know of nobody who caused this, so the commit has the bridge as its author.
 */
export async function handleFlag(deps: FlagDeps, id: string, { stamp }: FlagJob): Promise<void> {
  const found = await deps.ledger.read((db) => findStamp(db, stamp))
  if (found === undefined) return
  const by = { author: BRIDGE_AUTHOR, delivery: id, sender: 'wasteland-bridge', id: `flag/${id}` }
  await flagEarlier(deps, found.author, by)
}
