import { commitAuthor, commitSender } from '../domain/rig.ts'
import { SAME_OWNER } from '../domain/stamp.ts'
import { itemsStamped } from '../ledger/tables/completions.ts'
import { sameOwner } from '../ledger/tables/owners.ts'
import { stampsAmong } from '../ledger/tables/stamps.ts'
import { commandHasRun, flaggedAmong } from '../operations/tables/ledger-index.ts'
import { pullRequestsOn } from '../operations/tables/pull-request-items.ts'
import type { ServiceDeps, ActionContext } from './context.ts'

/** The most characters of stamp ids in one trailer, which holds 500. */
const TRAILER = 480

export type FlagDeps = Pick<ServiceDeps, 'host' | 'ledger' | 'store' | 'revisit'>

/**
 * The cause of flags, which showed that rigs have one owner: a person's command, or the bridge's own check of the
 * commons.
 */
export interface FlagContext {
  /** `name <mail>`. */
  author: string
  delivery: string
  sender: string
  /** The idempotency key of this action. */
  id: string
  /** The id of the rig link that says so, where there is one. */
  link?: string
}

/** The cause of flags that a person's command brought about. */
export function saidBy({ author, delivery }: ActionContext, id: string, link: string): FlagContext {
  return { author: commitAuthor(author), delivery, sender: commitSender(author), id, link }
}

/**
 * Flags the stamps that `rig` and the other rigs of its owner gave each other, which the yearbook rule would have
 * forbidden. Each stamp is flagged once, in empty Dolt commits, and no stamp is changed. A flag says what was true, so
 * it stays when the link is revoked or the agent disowned. The pull requests that show the stamps are refreshed.
 * Resolves to the number of these stamps, flagged now or before.
 */
export async function flagEarlier(deps: FlagDeps, rig: string, by: FlagContext): Promise<number> {
  const id = `${by.id}/flags`
  for (;;) {
    const { value } = await deps.ledger.transact(async (db) => {
      const stamps = await stampsAmong(db, await sameOwner(db, rig))
      const flagged = fitting(await unflagged(deps, stamps))
      if (flagged === '') return { value: { stamps, isOurs: await commandHasRun(deps.store, deps.ledger, id) } }
      return {
        value: undefined,
        commit: {
          author: by.author,
          subject: `wl note: ${rig}`,
          trailers: {
            Delivery: by.delivery,
            Command: id,
            Sender: by.sender,
            Flagged: flagged,
            Reason: by.link === undefined ? SAME_OWNER : `${SAME_OWNER} ${by.link}`,
          },
          empty: true,
        },
      }
    })
    if (value === undefined) continue
    // Read from the ledger, not from this run: after a crash behind the commit, the status comments are still
    // refreshed.
    if (value.isOurs) await showAnew(deps, value.stamps)
    return value.stamps.length
  }
}

/** The stamps among these that are not flagged yet. */
export async function unflagged({ store, ledger }: FlagDeps, stamps: readonly string[]): Promise<string[]> {
  const flagged = await flaggedAmong(store, ledger, stamps)
  return stamps.filter((stamp) => !flagged.has(stamp))
}

async function showAnew({ host, ledger, store, revisit }: FlagDeps, stamps: readonly string[]) {
  const items = await ledger.read((db) => itemsStamped(db, stamps))
  for (const pull of await pullRequestsOn(store, host, items)) await revisit(pull)
}

/** The first ids of these stamps, as many as a trailer holds. */
function fitting(stamps: readonly string[]): string {
  const all = stamps.join(',')
  return all.length <= TRAILER ? all : all.slice(0, all.lastIndexOf(',', TRAILER))
}
