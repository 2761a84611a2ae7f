import { commitAuthor } from '../domain/rig.ts'
import { SAME_OWNER } from '../domain/stamp.ts'
import { itemsStamped } from '../ledger/tables/completions.ts'
import { sameOwner } from '../ledger/tables/owners.ts'
import { stampsAmong } from '../ledger/tables/stamps.ts'
import { commandHasRun, flaggedAmong } from '../operations/tables/ledger-index.ts'
import { pullRequestsOn } from '../operations/tables/pull-request-items.ts'
import type { ServiceDeps, ActionContext } from './context.ts'

/** A trailer holds 500 characters. */
const TRAILER = 480

export type FlagDeps = Pick<ServiceDeps, 'host' | 'ledger' | 'store' | 'revisit'>

/** By what it came out that rigs have one owner: somebody's command, or the bridge's own look at the commons. */
export interface FlagContext {
  /** `name <mail>`. */
  author: string
  delivery: string
  sender: string
  /** Names this act for ever. */
  id: string
  /** The link that says so, where one does. */
  link?: string
}

/** The context of flags for what somebody's command brought out. */
export function saidBy({ author, delivery }: ActionContext, id: string, link: string): FlagContext {
  return { author: commitAuthor(author), delivery, sender: `${author.login} ${author.id}`, id, link }
}

/**
 * Flags the stamps that `rig` and the other rigs of its owner gave each other, which the yearbook rule would have
 * forbidden: each stamp once, in empty Dolt commits, none is changed. A flag tells what was true: it stays when the
 * link is taken back or the agent given up. The status comments that show the stamps are made anew.
 * Resolves to how many are flagged, now or before.
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
    // Asked of the ledger and not of this run: a crash after the commit loses no status comment.
    if (value.isOurs) await showAnew(deps, value.stamps)
    return value.stamps.length
  }
}

/** Those of some stamps that are not flagged yet. */
export async function unflagged({ store, ledger }: FlagDeps, stamps: readonly string[]): Promise<string[]> {
  const flagged = await flaggedAmong(store, ledger, stamps)
  return stamps.filter((stamp) => !flagged.has(stamp))
}

async function showAnew({ host, ledger, store, revisit }: FlagDeps, stamps: readonly string[]) {
  const items = await ledger.read((db) => itemsStamped(db, stamps))
  for (const pull of await pullRequestsOn(store, host, items)) await revisit(pull)
}

/** As many ids as a trailer holds. */
function fitting(stamps: readonly string[]): string {
  const all = stamps.join(',')
  return all.length <= TRAILER ? all : all.slice(0, all.lastIndexOf(',', TRAILER))
}
