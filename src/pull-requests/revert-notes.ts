import type { Completion } from '../domain/completion.ts'
import { type Account, BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { findCompletion } from '../ledger/tables/completions.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { revertNotes, revertsMadeBy } from '../operations/tables/noted-reverts.ts'
import type { Revert } from '../operations/tables/revert-index.ts'
import type { SyncItemDeps } from './types.ts'

/*
 * Notes of reverts: empty Dolt commits, each of which says that a revert of a completion stands, or falls. What a
 * note says stays so until another one says otherwise.
 */

export interface RevertSource {
  /** `pull_request/<id>` or `commit/<sha>`. */
  key: string
  /** Of a pull request. */
  number?: number
  url: string
  /** Undefined where GitHub resolves nobody. */
  author: Account | undefined
  delivery: string
  sender: string
}

/** Notes, once, that a revert stands or falls. */
export async function noteRevert(
  deps: SyncItemDeps,
  { key, url, author, delivery, sender }: RevertSource,
  completion: Completion,
  revert: string,
  stands: boolean,
): Promise<void> {
  await deps.ledger.transact(async () => {
    const { note: command } = await noteIds(deps, key, completion.id, revert)
    if (await commandHasRun(deps.store, deps.ledger, command)) return { value: undefined }
    const isNamed = author !== undefined && !(await deps.optOuts.has(deps.host, author.id))
    const said = { completion: completion.id, revert, by: key, url, stands }
    return {
      value: undefined,
      commit: {
        author: isNamed ? commitAuthor(author) : BRIDGE_AUTHOR,
        ...messageOf(completion, said, { delivery, command, sender }),
      },
    }
  })
}

/** True where the present note of what somebody's revert does to another's of a completion is in the ledger. */
export async function isNoted(deps: SyncItemDeps, by: string, completion: string, revert: string): Promise<boolean> {
  const { note } = await noteIds(deps, by, completion, revert)
  return commandHasRun(deps.store, deps.ledger, note)
}

/**
 * Takes back what was noted of this one and does not hold: that it reverts work, and what it made of others' reverts.
 *
 * @param held what it reverts: `works` by completion, and other reverts by their keys
 * @returns the completions of which something was taken back
 */
export async function withdrawNotes(
  deps: SyncItemDeps,
  reverting: RevertSource,
  held: { works: ReadonlySet<string>; keys: ReadonlySet<string> },
): Promise<Completion[]> {
  const withdrawn: Completion[] = []
  for (const noted of await revertsMadeBy(deps.store, deps.ledger, reverting.key)) {
    const isOwn = noted.revert === reverting.key
    const holds = isOwn ? held.works.has(noted.completion) || isWithdrawn(noted) : held.keys.has(noted.revert)
    const completion = holds ? undefined : await deps.ledger.read((db) => findCompletion(db, noted.completion))
    if (completion === undefined) continue
    // What only fell, or stood again, is as the note before says.
    const before = isOwn
      ? { ...noted, by: WITHDRAWN + reverting.key, url: reverting.url, stands: false }
      : (await revertNotes(deps.ledger, noted)).findLast(({ by }) => by !== reverting.key)
    if (before === undefined || held.keys.has(before.by)) continue
    if (await withdraw(deps, reverting, completion, noted, before)) withdrawn.push(completion)
  }
  return withdrawn
}

/** In the place of who made a revert stand or fall last: it was none. Nothing that reverts it changes anything. */
const WITHDRAWN = 'withdrawn/'

function isWithdrawn({ by }: Revert): boolean {
  return by.startsWith(WITHDRAWN)
}

async function withdraw(
  deps: SyncItemDeps,
  { key, delivery, sender }: RevertSource,
  completion: Completion,
  noted: Revert,
  before: Revert,
): Promise<boolean> {
  const { value } = await deps.ledger.transact(async () => {
    const all = await revertsMadeBy(deps.store, deps.ledger, key)
    const isAsRead = all.some(
      ({ revert, by, stands, ...one }) =>
        one.completion === noted.completion && revert === noted.revert && by === noted.by && stands === noted.stands,
    )
    if (!isAsRead) return { value: false }
    const { withdrawal: command } = await noteIds(deps, key, noted.completion, noted.revert)
    const message = messageOf(completion, before, { delivery, command, sender })
    return { value: true, commit: { author: BRIDGE_AUTHOR, ...message } }
  })
  return value
}

function messageOf(
  { wantedId }: Completion,
  { completion, revert, by, url, stands }: Revert,
  { delivery, command, sender }: { delivery: string; command: string; sender: string },
) {
  const trailers = { Delivery: delivery, Command: command, Sender: sender, Completion: completion, Revert: revert }
  return {
    subject: `wl note: ${wantedId}`,
    trailers: { ...trailers, By: by, [stands ? 'Reverted-By' : 'Restored-By']: url },
    empty: true,
  }
}

/**
 * Identifies the note that somebody's revert makes another's of a completion stand or fall, and what withdraws it.
 * After each withdrawal there are others: what turns out true later is noted again.
 */
async function noteIds(
  { host, store, ledger }: SyncItemDeps,
  by: string,
  completion: string,
  revert: string,
): Promise<{ note: string; withdrawal: string }> {
  const id = `${host}/${by}/reverts/${completion}/${revert}`
  for (let n = 0; ; n++) {
    const ids =
      n === 0 ? { note: id, withdrawal: `${id}/withdrawn` } : { note: `${id}/${n}`, withdrawal: `${id}/withdrawn/${n}` }
    if (!(await commandHasRun(store, ledger, ids.withdrawal))) return ids
  }
}
