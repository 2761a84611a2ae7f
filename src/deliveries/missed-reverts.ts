import { listCommitsSince, type ListedPull } from '../github/recent-comments.ts'
import { pagesOfReverts } from '../operations/tables/noted-reverts.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import { revertsChecked } from '../operations/tables/reconciled.ts'
import { revertingIn } from '../operations/tables/seen-reverts.ts'
import { mayRevert } from '../pull-requests/reverts.ts'
import type { ReconcileDeps, Served } from './missed.ts'

/**
 * Milliseconds by which commits are listed further back: a commit is dated when it was made, and may be pushed later.
 */
const PUSHED_LATER_MS = 3 * 24 * 3_600_000

/**
 * Enqueues the reverts that these pull requests made, and those by commits of the default branch since a time. Resolves
 * to the number of jobs.
 */
export async function findReverts(
  deps: ReconcileDeps,
  at: Served,
  recent: readonly ListedPull[],
  since: Date,
): Promise<number> {
  const place = placeOf(at, at.repository.id)
  const pulls = recent.filter((pull) => pull.merged && mayRevert(`${pull.title}\n${pull.body}`))
  for (const { number } of pulls.toSorted((a, b) => a.number - b.number)) await deps.revert({ ...place, number })
  const commits = await listCommitsSince(deps, at, new Date(since.getTime() - PUSHED_LATER_MS))
  const reverting = commits.filter(({ message }) => mayRevert(message))
  for (const { sha } of reverting) await deps.revert({ ...place, sha })
  return pulls.length + reverting.length
}

/**
 * Enqueues an examination of the reverts of a repository that were noted without reading the diff: once for each
 * repository.
 */
export async function findNotedReverts(deps: ReconcileDeps, at: Served): Promise<void> {
  const { store, ledger, host } = deps
  if (await revertsChecked(store, host, at.repository.id)) return
  const place = placeOf(at, at.repository.id)
  const seen = await revertingIn(store, { host, repository_id: at.repository.id })
  const pages = await pagesOfReverts(store, ledger, at.repository.fullName)
  const numbers = [...seen.flatMap(({ number }) => number ?? []), ...pages.flatMap(numberIn)]
  const shas = [...seen.flatMap(({ reverting }) => COMMIT_KEY.exec(reverting)?.[1] ?? []), ...pages.flatMap(shaIn)]
  for (const number of [...new Set(numbers)].toSorted((a, b) => a - b))
    await deps.revert({ ...place, number }, 'examined')
  for (const sha of new Set(shas)) await deps.revert({ ...place, sha }, 'examined')
}

const COMMIT_KEY = /^commit\/([0-9a-f]{40})$/

function numberIn(page: string): number[] {
  const number = /\/pull\/(\d+)$/.exec(page)?.[1]
  return number === undefined ? [] : [Number(number)]
}

function shaIn(page: string): string[] {
  return /\/commit\/([0-9a-f]{40})$/.exec(page)?.slice(1) ?? []
}
