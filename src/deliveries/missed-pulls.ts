import { isIn, readPullLink } from '../domain/issue-link.ts'
import { listEvents } from '../github/pull-requests.ts'
import { readEditedAt } from '../github/pull-text.ts'
import { listOpenPulls, type ListedPull, listPullsSince } from '../github/recent-comments.ts'
import { unstampedIn } from '../ledger/tables/completions.ts'
import { findWanted } from '../ledger/tables/wanted.ts'
import { itemsEverIn, placeOf } from '../operations/tables/repository-names.ts'
import { type PullRequestItem, saveItem } from '../operations/tables/pull-request-items.ts'
import { mayConcernUs } from '../pull-requests/may-name-item.ts'
import { namedNow } from '../pull-requests/named-items.ts'
import { mayClose, type Reference, type References } from '../pull-requests/references.ts'
import type { ReconcileDeps, Revisit, Served } from './missed.ts'

/**
 * Enqueues a refresh of the pull requests that changed since a time and may concern us, and of open ones that name
 * other items than our rows have. `whole`: also of all that are undecided by our rows or by the ledger.
 */
export async function findPulls(
  deps: ReconcileDeps,
  at: Served,
  since: Date,
  whole: boolean,
): Promise<{ recent: ListedPull[]; revisited: number }> {
  const recent = await listPullsSince(deps, at, since)
  const open = await listOpenPulls(deps, at)
  const noted = await itemsEverIn(deps.store, deps.host, at.repository.id)
  const found = new Map<number, string[]>()
  for (const pull of recent) if (await mayConcernUs(deps, at, pull)) found.set(pull.number, [])
  for (const pull of open) if (await differs(deps, at, pull, noted)) found.set(pull.number, [])
  if (whole) for (const [number, wanted] of await undecided(deps, at, noted)) found.set(number, wanted)
  const all = [...new Map([...recent, ...open].map((pull) => [pull.number, pull])).values()]
  await lineUp(deps, at, all, noted, since)
  const place = placeOf(at, at.repository.id)
  for (const [number, released] of [...found].toSorted(([a], [b]) => a - b)) {
    const revisit: Revisit = { ...place, number, ...(released.length === 0 ? {} : { released }) }
    await deps.revisit(revisit)
  }
  return { recent, revisited: found.size }
}

/** True for an open pull request that names an item without a row of ours, or that no longer names an item with one. */
async function differs(
  deps: ReconcileDeps,
  at: Served,
  pull: ListedPull,
  noted: readonly PullRequestItem[],
): Promise<boolean> {
  const own = noted.filter((item) => item.pull_request_id === pull.id)
  const { items: named, unread } = await namedIn(deps, at, pull)
  // A description that cannot be read names no other items than before.
  if (unread) return false
  const isNew = named.some(({ wanted }) => !own.some((item) => item.wanted_id === wanted))
  // The text of the pull request does not show items that it names by closing their issue.
  const isOver = own.some((item) => item.linked && !named.some(({ wanted }) => wanted === item.wanted_id))
  return isNew || (isOver && !mayClose(pull.body))
}

function namedIn(deps: ReconcileDeps, at: Served, pull: ListedPull): Promise<References> {
  return namedNow(deps, at, { ...pull, editedAt: () => readEditedAt(deps, at, pull.number) })
}

/**
 * The pull requests on undecided items, by number: from our rows, and from the evidence in the ledger. The values are
 * the items that the evidence is for.
 */
async function undecided(deps: ReconcileDeps, at: Served, noted: readonly PullRequestItem[]) {
  const found = new Map<number, string[]>()
  await deps.ledger.read(async (db) => {
    for (const item of noted) {
      const wanted = await findWanted(db, item.wanted_id)
      if (wanted !== undefined && wanted.status !== 'completed') found.set(item.number, [])
    }
    for (const { evidence, wantedId } of await unstampedIn(db, `${at.owner}/${at.repo}`)) {
      const link = readPullLink(evidence)
      if (link === undefined || !isIn(link, deps.host, at.repository.fullName)) continue
      found.set(link.number, [...(found.get(link.number) ?? []), wantedId])
    }
  })
  return found
}

/**
 * Stores the order in which pull requests named an item, where several of them have no row yet: the first to name it
 * gets it. The rows must be there before any of them is refreshed, because refreshes run concurrently.
 */
async function lineUp(
  deps: ReconcileDeps,
  at: Served,
  pulls: readonly ListedPull[],
  noted: readonly PullRequestItem[],
  since: Date,
) {
  const named: { pull: ListedPull; reference: Reference }[] = []
  for (const pull of pulls.filter((one) => one.authorId !== undefined && (one.open || one.merged))) {
    const { items } = await namedIn(deps, at, pull)
    named.push(...items.map((reference) => ({ pull, reference })))
  }
  const unheard = named.filter(({ pull, reference }) => !noted.some((item) => isOf(item, pull, reference.wanted)))
  for (const { pull, reference } of unheard) {
    const competing = unheard.filter((other) => other.reference.wanted === reference.wanted)
    if (competing.length < 2) continue
    const events = reference.label === undefined ? [] : await listEvents(deps, at, pull.number)
    const labelled = events?.findLast((one) => one.event === 'labeled' && isSame(one.label, reference.label))?.at
    // A `Wanted:` line was there from the beginning, or written since the last comparison.
    const written = new Date(Math.max(Date.parse(pull.createdAt), since.getTime()))
    await saveItem(deps.store, {
      host: deps.host,
      pull_request_id: pull.id,
      wanted_id: reference.wanted,
      ...placeOf(at, at.repository.id),
      number: pull.number,
      author_id: pull.authorId!,
      linked_at: labelled ?? written,
      linked: true,
    })
  }
}

function isOf(item: PullRequestItem, pull: ListedPull, wanted: string): boolean {
  return item.pull_request_id === pull.id && item.wanted_id === wanted
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase()
}
