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

/** Checks of a commit. Our own that have ended are our answer, and no news. */
export const onChecks: EventHandler<ChecksEvent> = {
  key: checksKey,
  async handle(deps, event) {
    const { type, repository, head, appId } = event
    const isOurs = async () => appId !== undefined && appId === (await deps.identity()).id
    if (type === 'checks_rerequested') return (await isOurs()) ? repeatOwnChecks(deps, event) : undefined
    if (type === 'checks_requested') return (await isOurs()) ? concludeSuite(deps, event) : undefined
    const pulls = await pullsAt(deps, repository, head)
    if (pulls.length === 0 || (await isOurs())) return
    for (const pull of pulls) await deps.revisit(pull)
  },
}

/** Has the pull requests with this head looked at again. */
export async function revisitHead(deps: EventDeps, repository: KnownRepository, head: string): Promise<void> {
  for (const pull of await pullsAt(deps, repository, head)) await deps.revisit(pull)
}

/**
 * Answers a person who asks for our checks of a commit again. GitHub has reopened the suite and waits for new runs, so
 * what was said is said again at once; then settings and pull requests are fetched anew, and what has changed is
 * reported as ever.
 */
async function repeatOwnChecks(deps: EventDeps, event: ChecksEvent): Promise<void> {
  await deps.invalidate(event.repository.id)
  await post(deps, event, (ours) => ours)
  await lookAgain(deps, event)
}

/**
 * Ends the suite that GitHub opens for us at every push, where no pull request of ours is: one without a run stays
 * queued for ever, and bots that merge wait for it. Our sync of a pull request brings that run up to date. And has it
 * open no more of them in this repository: where it will not, each is ended.
 */
async function concludeSuite(deps: EventDeps, event: ChecksEvent): Promise<void> {
  const { repository, head } = event
  await unlessRefused(async () => {
    const served = await servedBy(deps, repository)
    if (served !== undefined) await openNoSuites(deps, repository, (await deps.identity()).id)
  })
  if ((await pullsAt(deps, repository, head)).length > 0) return
  await post(deps, event, () => [])
  // One that was synced meanwhile has a run that is older than ours.
  await lookAgain(deps, event)
}

/** Posts some of what is said of a commit again; of one of which nothing is said, and no pull request is, that. */
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
 * Whether a pull request with this head names an item, of which we have not heard yet: its own delivery may come after
 * this one. It is synced, and that reports; a run of ours before that would let it through.
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
    // What GitHub does not tell may be an issue that it closes.
    if (items.length + malformed.length === 0 && !('refused' in links)) continue
    isAwaited = true
    await deps.revisit({ ...placeOf(repository, repository.id), number })
  }
  return isAwaited
}

/** A check is a help and no more: a repository that forbids it has the comment. */
async function unlessRefused(work: () => Promise<void>): Promise<void> {
  const done = await ask(work())
  if ('refused' in done && done.refused.why === 'account') throw waitFor(done.refused)
}

async function lookAgain(deps: EventDeps, { repository, head }: ChecksEvent): Promise<void> {
  for (const pull of await pullsAt(deps, repository, head)) {
    await dropCheck(deps.store, pull.pull_request_id)
    await deps.revisit(pull)
  }
}

function pullsAt({ store, host }: EventDeps, { id }: KnownRepository, head: string) {
  return pullRequestsAt(store, { host, repository_id: id, head })
}

/** Undefined where we do not serve: there nothing is reported. */
async function servedBy(deps: EventDeps, repository: KnownRepository): Promise<Settings | undefined> {
  const facts = await getRepository(deps, repository)
  if (facts === undefined) return undefined
  const admitted = await deps.checkAdmission(repository, facts)
  return 'refused' in admitted ? undefined : admitted.settings
}
