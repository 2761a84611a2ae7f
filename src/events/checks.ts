import type { Settings } from '../authorization/settings.ts'
import { ask, waitFor } from '../github/github-answer.ts'
import { listOwnChecks, openNoSuites, postCheck } from '../github/check-runs.ts'
import { openPullsAt } from '../github/commit-pulls.ts'
import { getRepository } from '../github/repositories.ts'
import { pullRequestsAt } from '../operations/tables/pull-request-heads.ts'
import { refusedAuthor } from '../pull-requests/sync-pull-request.ts'
import { referencesOf } from '../pull-requests/closing-issues.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { NAMES_NO_ITEM } from '../replies/check.ts'
import { CHECK, dropCheck } from '../replies/checker.ts'
import type { KnownRepository } from '../domain/refs.ts'
import { checksKey, type EventDeps, type EventHandler } from './event.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import type { ChecksEvent } from './forge-event.ts'

/**
 * Handles checks of a commit: reports our own where GitHub or a person requests them, and refreshes the pull requests
 * with that head where checks of other Apps have completed. Completed checks of our own are ignored, because we
 * reported them.
 */
export const onChecks: EventHandler<ChecksEvent> = {
  key: checksKey,
  async handle(deps, event) {
    const { type, repository, head, appId } = event
    const isOurs = async () => appId !== undefined && appId === (await deps.identity()).id
    if (type === 'checks_rerequested') return (await isOurs()) ? repeatOwnChecks(deps, event) : undefined
    if (type === 'checks_requested') return (await isOurs()) ? concludeSuite(deps, event) : undefined
    const pulls = await pullsAt(deps, repository, head)
    if (pulls.length === 0 || (await isOurs())) return
    for (const pull of pulls) await deps.revisitCoalesced(pull)
  },
}

/** Enqueues a refresh of the pull requests with this head, of which a check or a status has ended. */
export async function revisitHead(deps: EventDeps, repository: KnownRepository, head: string): Promise<void> {
  for (const pull of await pullsAt(deps, repository, head)) await deps.revisitCoalesced(pull)
}

/**
 * Handles a person's request to re-run our checks of a commit. GitHub has reopened the suite and waits for new runs, so
 * the last reports are posted again at once. Then settings and pull requests are fetched anew, and what has changed is
 * reported as usual.
 */
async function repeatOwnChecks(deps: EventDeps, event: ChecksEvent): Promise<void> {
  await deps.invalidate(event.repository.id)
  await post(deps, event, (ours) => ours)
  await republishChecks(deps, event)
}

/**
 * Completes the check suite that GitHub creates for us at every push, where no pull request of ours has that head: a
 * suite without a run stays queued for ever, and bots that merge wait for it. Where such a pull request comes later,
 * its sync updates this run. Also turns automatic suites off in this repository; where GitHub refuses that, each suite
 * is completed.
 */
async function concludeSuite(deps: EventDeps, event: ChecksEvent): Promise<void> {
  const { repository, head } = event
  await unlessRefused(async () => {
    const served = await servedBy(deps, repository)
    if (served !== undefined) await openNoSuites(deps, repository, (await deps.identity()).id)
  })
  if ((await pullsAt(deps, repository, head)).length > 0) return
  await post(deps, event, () => [])
  // A pull request that was synced meanwhile has a run that is older than this one, so its run is reported again.
  await republishChecks(deps, event)
}

/**
 * Posts the runs of ours on a commit that `again` selects. A commit without a run of ours, and without a pull request
 * of ours, gets the run `NAMES_NO_ITEM`.
 */
async function post(deps: EventDeps, event: ChecksEvent, again: <T>(ours: T[]) => T[]): Promise<void> {
  const { repository, head: sha } = event
  await unlessRefused(async () => {
    const served = await servedBy(deps, repository)
    if (served === undefined) return
    const ours = await listOwnChecks(deps, repository, (await deps.identity()).id, sha)
    const isEmpty = ours.length === 0 && (await pullsAt(deps, repository, sha)).length === 0
    if (isEmpty && (await awaitPulls(deps, event, served))) return
    const checks = isEmpty ? [{ name: CHECK, sha, ...NAMES_NO_ITEM }] : again(ours)
    for (const check of checks) await postCheck(deps, repository, check)
  })
}

/**
 * Whether a pull request with this head names an item although its own delivery has not arrived: that may come after
 * this one. Such a pull request is refreshed, and the refresh reports its check. A run of ours before that would let it
 * be merged. True also where GitHub refuses to list the pull requests.
 */
async function awaitPulls(
  deps: EventDeps,
  { repository, head, pulls: told }: ChecksEvent,
  settings: Settings,
): Promise<boolean> {
  const open = await openPullsAt(deps, repository, head)
  if ('refused' in open && open.refused.why === 'account') throw waitFor(open.refused)
  let isAwaited = 'refused' in open
  for (const number of new Set([...told, ...('known' in open ? open.known : [])])) {
    const snapshot = await fetchSnapshot(deps, { ...repository, number })
    if (snapshot === undefined || !snapshot.pull.open) continue
    if ((await refusedAuthor(deps, snapshot.pull, settings)) !== undefined) continue
    const { items, malformed, links } = await referencesOf(deps, snapshot)
    // A list that GitHub refuses may have an issue that the pull request closes.
    if (items.length + malformed.length === 0 && !('refused' in links)) continue
    isAwaited = true
    await deps.revisit({ ...placeOf(repository, repository.id), number })
  }
  return isAwaited
}

/**
 * Ignores a refusal by GitHub: checks are optional, and a repository that forbids them has the status comment. A
 * refusal by the account (IP allow list, SAML) is thrown, so that the job waits.
 */
async function unlessRefused(work: () => Promise<void>): Promise<void> {
  const done = await ask(work())
  if ('refused' in done && done.refused.why === 'account') throw waitFor(done.refused)
}

async function republishChecks(deps: EventDeps, { repository, head }: ChecksEvent): Promise<void> {
  for (const pull of await pullsAt(deps, repository, head)) {
    await dropCheck(deps.store, pull.pull_request_id)
    await deps.revisit(pull)
  }
}

function pullsAt({ store, host }: EventDeps, { id }: KnownRepository, head: string) {
  return pullRequestsAt(store, { host, repository_id: id, head })
}

/** The settings of a repository that is admitted; undefined for another, where no check is reported. */
async function servedBy(deps: EventDeps, repository: KnownRepository): Promise<Settings | undefined> {
  const facts = await getRepository(deps, repository)
  if (facts === undefined) return undefined
  const admitted = await deps.checkAdmission(repository, facts)
  return 'refused' in admitted ? undefined : admitted.settings
}
