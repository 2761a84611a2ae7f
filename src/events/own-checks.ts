import { z } from 'zod'
import type { Settings } from '../authorization/settings.ts'
import { ask, waitFor } from '../github/github-answer.ts'
import { listOwnChecks, openNoSuites, postCheck } from '../github/check-runs.ts'
import { openPullsAt } from '../github/commit-pulls.ts'
import { getRepository } from '../github/repositories.ts'
import { pullRequestsAt } from '../operations/tables/pull-request-heads.ts'
import type { PullRequestPlace } from '../operations/tables/pull-request-items.ts'
import { refusedAuthor } from '../pull-requests/sync-pull-request.ts'
import { referencesOf } from '../pull-requests/closing-issues.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { NAMES_NO_ITEM } from '../replies/check.ts'
import { CHECK, dropCheck } from '../replies/checker.ts'
import { type Envelope, type EventDeps, nameOf } from './event.ts'
import type { Client } from '../github/client.ts'

type CheckLocation = Pick<z.output<typeof Envelope>, 'repository' | 'installation'>

/** A suite or a run, and the pull requests that GitHub tells of beside it: none of a fork's, and none just opened. */
export const Checked = z.object({
  head_sha: z.string(),
  pull_requests: z
    .array(z.object({ number: z.number(), base: z.object({ repo: z.object({ id: z.number() }) }) }))
    .nullish(),
})

/**
 * Answers a person who asks for our checks of a commit again. GitHub has reopened the suite and waits for new runs, so
 * what was said is said again at once; then settings and pull requests are fetched anew, and what has changed is
 * reported as ever.
 */
export async function repeatOwnChecks(deps: EventDeps, at: CheckLocation, of: z.output<typeof Checked>): Promise<void> {
  await deps.invalidate(at.repository.id)
  await post(deps, at, of, (ours) => ours)
  await lookAgain(deps, at, of.head_sha)
}

/**
 * Ends the suite that GitHub opens for us at every push, where no pull request of ours is: one without a run stays
 * queued for ever, and bots that merge wait for it. Our sync of a pull request brings that run up to date. And has it
 * open no more of them in this repository: where it will not, each is ended.
 */
export async function concludeSuite(deps: EventDeps, at: CheckLocation, of: z.output<typeof Checked>): Promise<void> {
  await unlessRefused(async () => {
    const served = await servedBy(deps, at)
    if (served !== undefined) await openNoSuites(served.client, nameOf(at.repository), (await deps.identity()).id)
  })
  if ((await pullsAt(deps, at, of.head_sha)).length > 0) return
  await post(deps, at, of, () => [])
  // One that was synced meanwhile has a run that is older than ours.
  await lookAgain(deps, at, of.head_sha)
}

/** Posts some of what is said of a commit again; of one of which nothing is said, and no pull request is, that. */
async function post(
  deps: EventDeps,
  at: CheckLocation,
  of: z.output<typeof Checked>,
  again: <T>(ours: T[]) => T[],
): Promise<void> {
  await unlessRefused(async () => {
    const served = await servedBy(deps, at)
    if (served === undefined) return
    const name = nameOf(at.repository)
    const ours = await listOwnChecks(served.client, name, (await deps.identity()).id, of.head_sha)
    const isEmpty = ours.length === 0 && (await pullsAt(deps, at, of.head_sha)).length === 0
    if (isEmpty && (await awaitPulls(deps, at, of, served))) return
    const checks = isEmpty ? [{ name: CHECK, sha: of.head_sha, ...NAMES_NO_ITEM }] : again(ours)
    for (const check of checks) await postCheck(served.client, name, check)
  })
}

/**
 * Whether a pull request with this head names an item, of which we have not heard yet: its own delivery may come after
 * this one. It is synced, and that reports; a run of ours before that would let it through.
 */
async function awaitPulls(
  deps: EventDeps,
  { repository, installation }: CheckLocation,
  { head_sha: head, pull_requests }: z.output<typeof Checked>,
  { client, settings }: { client: Client; settings: Settings },
): Promise<boolean> {
  const name = nameOf(repository)
  const told = (pull_requests ?? []).filter(({ base }) => base.repo.id === repository.id).map(({ number }) => number)
  const open = await openPullsAt(client, name, head)
  if ('refused' in open && open.refused.why === 'account') throw waitFor(open.refused)
  let isAwaited = 'refused' in open
  for (const number of new Set([...told, ...('known' in open ? open.known : [])])) {
    const snapshot = await fetchSnapshot(deps, { client, name, number })
    if (snapshot === undefined || !snapshot.pull.open) continue
    if ((await refusedAuthor(deps, snapshot.pull, settings)) !== undefined) continue
    const { items, malformed, links } = await referencesOf(deps, snapshot)
    // What GitHub does not tell may be an issue that it closes.
    if (items.length + malformed.length === 0 && !('refused' in links)) continue
    isAwaited = true
    const place: PullRequestPlace = { installation_id: installation.id, repository_id: repository.id, ...name, number }
    await deps.revisit(place)
  }
  return isAwaited
}

/** A check is a help and no more: a repository that forbids it has the comment. */
async function unlessRefused(work: () => Promise<void>): Promise<void> {
  const done = await ask(work())
  if ('refused' in done && done.refused.why === 'account') throw waitFor(done.refused)
}

async function lookAgain(deps: EventDeps, at: CheckLocation, head: string): Promise<void> {
  for (const pull of await pullsAt(deps, at, head)) {
    await dropCheck(deps.store, pull.pull_request_id)
    await deps.revisit(pull)
  }
}

function pullsAt({ store, host }: EventDeps, { repository }: CheckLocation, head: string) {
  return pullRequestsAt(store, { host, repository_id: repository.id, head })
}

/** Undefined where we do not serve: there nothing is reported. */
async function servedBy(
  deps: EventDeps,
  { repository, installation }: CheckLocation,
): Promise<{ client: Client; settings: Settings } | undefined> {
  const client = await deps.installation(installation.id)
  const name = nameOf(repository)
  const facts = await getRepository(client, name)
  if (facts === undefined) return undefined
  const admitted = await deps.checkAdmission(client, name, facts)
  return 'refused' in admitted ? undefined : { client, settings: admitted.settings }
}
