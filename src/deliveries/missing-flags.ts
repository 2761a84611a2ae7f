import { flagEarlier, type FlagDeps, unflagged } from '../services/flag.ts'
import { uuidOf } from '../domain/hash.ts'
import { BRIDGE_AUTHOR } from '../domain/rig.ts'
import { uncommitted } from '../ledger/tables/commons.ts'
import { owners } from '../ledger/tables/owners.ts'
import { findStamp, stampsAmong } from '../ledger/tables/stamps.ts'

/** A stamp between rigs of one owner, for whom the flags are missing. */
export interface FlagJob {
  stamp: string
}

const PERIOD_MS = 60_000

/**
 * A look at the commons for stamps between rigs of one owner that nobody has flagged: a peer completed the link or
 * set parent_rig there. Each owner's go into the queue once a minute at most, whichever replica looks; the flags are
 * written in a transaction of the ledger, once. Looks only when there is a new commit, and not while a peer is between its
 * rows and its commit: ours would take the rows along.
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

/** Flags all of one owner's; nobody's act that we know of, so the commit is the bridge's own. */
export async function handleFlag(deps: FlagDeps, id: string, { stamp }: FlagJob): Promise<void> {
  const found = await deps.ledger.read((db) => findStamp(db, stamp))
  if (found === undefined) return
  const by = { author: BRIDGE_AUTHOR, delivery: id, sender: 'wasteland-bridge', id: `flag/${id}` }
  await flagEarlier(deps, found.author, by)
}
