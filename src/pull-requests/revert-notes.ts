import type { Completion } from '../domain/completion.ts'
import { type Account, BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { findCompletion } from '../ledger/tables/completions.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { revertNotes, revertsMadeBy } from '../operations/tables/noted-reverts.ts'
import type { Revert } from '../operations/tables/revert-index.ts'
import type { SyncItemDeps } from './types.ts'

/*
 * Notes of reverts: empty Dolt commits. Each says that a revert of a completion stands (it is in force), or falls (it
 * was itself reverted). A note holds until another one says otherwise.
 */

export interface RevertSource {
  /** `pull_request/<id>` or `commit/<sha>`. */
  key: string
  /** The number of a pull request; undefined for a commit. */
  number?: number
  url: string
  /** Undefined where GitHub knows no account of the author. */
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

/**
 * True where the ledger has the present note by which one revert (`by`) makes another (`revert`) of a completion stand
 * or fall.
 */
export async function isNoted(deps: SyncItemDeps, by: string, completion: string, revert: string): Promise<boolean> {
  const { note } = await noteIds(deps, by, completion, revert)
  return commandHasRun(deps.store, deps.ledger, note)
}

/**
 * Withdraws the notes of this revert that do not hold: that it reverts work, and what it made of others' reverts.
 *
 * @param held what it does revert: `works` by completion, and other reverts by their keys
 * @returns the completions of which a note was withdrawn
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
    // A revert of somebody else's, which this one only made stand or fall, is again as the note before says.
    const before = isOwn
      ? { ...noted, by: WITHDRAWN + reverting.key, url: reverting.url, stands: false }
      : (await revertNotes(deps.ledger, noted)).findLast(({ by }) => by !== reverting.key)
    if (before === undefined || held.keys.has(before.by)) continue
    if (await withdraw(deps, reverting, completion, noted, before)) withdrawn.push(completion)
  }
  return withdrawn
}

/** Prefix of `by` in a note that a revert was none. A revert of it changes nothing. */
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
 * The ids of the note by which one revert makes another of a completion stand or fall, and of its withdrawal. After
 * each withdrawal there are new ones, so that what turns out true later is noted again.
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
