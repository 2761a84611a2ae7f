import type { PullRequestRef } from '../domain/refs.ts'
import { type Account, handlesFor, readEntityUri, type Rig } from '../domain/rig.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findLink } from '../ledger/tables/rig-links.ts'
import { findRigsNamed } from '../ledger/tables/rigs.ts'
import { people } from '../replies/people.ts'
import type { Replier } from '../replies/replier.ts'

/**
 * Tells a person once how to link, where their rig has a number because a rig of `wl` or `gt` has their login as its
 * handle.
 */
export async function notifyHandleCollision(
  deps: { ledger: Ledger; reply: Replier },
  thread: PullRequestRef,
  account: Account,
  rig: Rig,
): Promise<void> {
  const [preferred, numbered] = handlesFor(account)
  if (preferred === undefined || rig.handle !== numbered || rig.rigType === 'agent') return
  const collision = await deps.ledger.read(async (db) => {
    const [other] = await findRigsNamed(db, preferred)
    // A rig with an account has a person of its own: the login was freed and taken by somebody else.
    if (other === undefined || readEntityUri(other.hopUri) !== undefined) return undefined
    const link = await findLink(db, rig.handle, other.handle)
    return link === undefined || link.status === 'revoked' ? other : undefined
  })
  if (collision === undefined) return
  // The key has the person and no thread in it, so that only the first thread gets the reply.
  await deps.reply(thread, `namesake/${account.id}`, people.handleTaken(collision.handle, rig.handle))
}
