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
 * Looks again at the pull requests that changed since a time and may concern us, and at open ones that name other
 * items than we noted. `whole`: also at all that we or the ledger know to be undecided.
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

/** True of an open pull request that names an item of which we know nothing, or names one no more that we noted. */
async function differs(
  deps: ReconcileDeps,
  at: Served,
  pull: ListedPull,
  noted: readonly PullRequestItem[],
): Promise<boolean> {
  const own = noted.filter((item) => item.pull_request_id === pull.id)
  const { items: named, unread } = await namedIn(deps, at, pull)
  // What cannot be read names nothing new, nor nothing more.
  if (unread) return false
  const isNew = named.some(({ wanted }) => !own.some((item) => item.wanted_id === wanted))
  // What it names by an issue that it closes, its own words do not tell.
  const isOver = own.some((item) => item.linked && !named.some(({ wanted }) => wanted === item.wanted_id))
  return isNew || (isOver && !mayClose(pull.body))
}

function namedIn(deps: ReconcileDeps, at: Served, pull: ListedPull): Promise<References> {
  return namedNow(deps, at, { ...pull, editedAt: () => readEditedAt(deps, at, pull.number) })
}

/** By number, the pull requests on items that are still to be decided, by our notes and by the ledger's evidence. */
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
 * Of several pull requests that name one item, all unheard, the first to name it has it: they are in line before
 * any of them is looked at, for they are looked at side by side.
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
    // A line was there from the beginning, or written since we last looked.
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
