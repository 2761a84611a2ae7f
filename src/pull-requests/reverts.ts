import type { PullRequestRef, RepositoryRef } from '../domain/refs.ts'
import type { CheckAdmission } from '../authorization/check-admission.ts'
import type { Completion } from '../domain/completion.ts'
import { Postponed } from '../domain/errors.ts'
import { readEvidence } from '../domain/evidence.ts'
import { namesNothing } from '../domain/reverts.ts'
import { REFUSED_AGAIN_MS } from '../github/github-answer.ts'
import { asMerged, type MergedPull, mergedPullsWith } from '../github/commit-pulls.ts'
import { getPullRequest, type PullRequest } from '../github/pull-requests.ts'
import { findWork } from '../ledger/tables/bounties.ts'
import { completionsFrom, findCompletion } from '../ledger/tables/completions.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { revertsMadeBy, revertsOf } from '../operations/tables/noted-reverts.ts'
import { itemsOf } from '../operations/tables/pull-request-items.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import { keepSeenReverts, noteSeenReverts, seenRevertsOf } from '../operations/tables/seen-reverts.ts'
import type { Replier } from '../replies/replier.ts'
import { askAboutRevert, workIsBack } from '../replies/reverts.ts'
import { once } from './once.ts'
import { type Claims, claimsAtMerge, claimsOfCommit } from './revert-claims.ts'
import { isNoted, noteRevert, type RevertSource, withdrawNotes } from './revert-notes.ts'
import { changesOf, findTargets, isTakenBack, type Landed, landedPull, type RevertPlace } from './revert-targets.ts'
import { completionOf } from './apply-item-step.ts'
import type { SyncItemDeps } from './types.ts'
import type { ShownItem } from '../replies/shown-item.ts'

/*
 * Reverted work.
 *
 * A merged pull request, or a commit on the default branch, reverts the changes that it names (`domain/reverts.ts`).
 * Its text counts as it was merged. A change must have landed before it, and its diff must take back some of that
 * change. Each revert of a completion is noted in an empty Dolt commit and flags the work. A revert of the revert makes
 * it fall; a revert of that one makes it stand again. A note that does not hold is withdrawn. A flag changes no stamp.
 */
/** Syncs the merged pull requests that are reverted, by number, for their own events may have been missed. */
export type SyncReverted = (reverted: readonly number[]) => Promise<void>

/** True for a text that may be a revert's; most pull requests and commits are none, and cost no request. */
export function mayRevert(text: string): boolean {
  return /\brevert/i.test(text)
}

/**
 * Notes the reverts of a merged pull request: those that its title and description claim as they were merged, and those
 * of its commits.
 */
export async function noteReverts(
  deps: SyncItemDeps & { checkAdmission: CheckAdmission },
  place: PullRequestRef,
  by: Pick<RevertSource, 'delivery' | 'sender'>,
  syncFirst?: SyncReverted,
): Promise<void> {
  const pull = await getPullRequest(deps, place, place.number)
  const merged = asMerged(pull)
  if (pull === undefined || merged === undefined) return
  if ('refused' in (await deps.checkAdmission(place, pull.repository))) return
  const claims = await claimsAtMerge(deps, place, pull)
  const reverting = { ...by, ...selfOf(merged), author: pull.author, landed: landedPull(merged) }
  await note(deps, { at: place, repository: pull.repository }, reverting, claims, syncFirst)
}

/**
 * Notes the reverts of one commit on the default branch. The reverts of a commit that came with a pull request are the
 * pull request's.
 */
export async function noteRevertingCommit(
  deps: SyncItemDeps,
  where: RevertPlace,
  commit: { sha: string; url: string; message: string },
  by: Pick<RevertSource, 'author' | 'delivery' | 'sender'>,
  syncFirst?: SyncReverted,
): Promise<void> {
  const claims = claimsOfCommit(commit.message, where.repository.fullName)
  if (namesNothing(claims)) return
  const { sha, url } = commit
  const answer = await mergedPullsWith(deps, where.at, sha)
  // The answer decides the key of the note.
  if ('refused' in answer)
    throw new Postponed('GitHub does not tell which pull request brought a revert', {
      retryAt: new Date(Date.now() + REFUSED_AGAIN_MS),
    })
  const pulls = answer.known
  const pull = pulls.find(({ base }) => base.branch === where.repository.defaultBranch) ?? pulls[0]
  if (pull === undefined) {
    const key = `commit/${sha}`
    return note(deps, where, { ...by, key, url, landed: { keys: [key], sha } }, claims, syncFirst)
  }
  // The pull request's description and other commits may claim more.
  await note(
    deps,
    where,
    { ...by, ...selfOf(pull), landed: landedPull(pull) },
    { ...claims, isWhole: false },
    syncFirst,
  )
}

function selfOf({ id, number, url }: MergedPull): Pick<RevertSource, 'key' | 'number' | 'url'> {
  return { key: `pull_request/${id}`, number, url }
}

async function note(
  deps: SyncItemDeps,
  where: RevertPlace,
  reverting: RevertSource & { landed: Landed },
  claims: Claims,
  syncFirst?: SyncReverted,
): Promise<void> {
  const { key, number = null, landed } = reverting
  const { targets, isWhole } = await findTargets(deps, where, claims, landed)
  const seenAt = { host: deps.host, repository_id: where.repository.id }
  const seen = targets.flatMap(({ keys }) => keys)
  await noteSeenReverts(deps.store, seenAt, { reverting: key, number }, seen)
  await syncFirst?.(targets.flatMap(({ pull }) => pull?.number ?? []))
  const isNotedBefore = (await revertsMadeBy(deps.store, deps.ledger, key)).length > 0
  const changes = once(() => changesOf(deps, where, landed))
  const concerned: Completion[] = []
  const held = { works: new Set<string>(), keys: new Set(seen) }
  for (const target of targets) {
    const works = await workOf(deps, target)
    const reverts = await revertsOf(deps.store, deps.ledger, { by: target.keys })
    // No diff is fetched that would change nothing.
    if (works.length + reverts.length === 0 && !isNotedBefore) continue
    const isBack = await isTakenBack(deps, where, target, changes)
    if (isBack === 'unseen') {
      // Earlier notes stay, and no new one is written.
      for (const { id } of works) held.works.add(id)
      continue
    }
    if (!isBack) {
      for (const one of target.keys) held.keys.delete(one)
      continue
    }
    for (const work of works) {
      held.works.add(work.id)
      concerned.push(work)
      await noteRevert(deps, reverting, work, key, true)
    }
    for (const { completion: id, revert, stands } of reverts) {
      const completion = await deps.ledger.read((db) => findCompletion(db, id))
      if (completion === undefined) continue
      concerned.push(completion)
      await noteRevert(deps, reverting, completion, revert, !stands)
    }
  }
  if (claims.isWhole && isWhole) {
    await keepSeenReverts(deps.store, seenAt, key, [...held.keys])
    concerned.push(...(await withdrawNotes(deps, reverting, held)))
  }
  // Completions that were noted before, too: an earlier run may have crashed between the note and this.
  for (const number of new Set(concerned.flatMap(({ evidence }) => pullNumber(evidence) ?? []))) {
    await deps.revisit({ ...placeOf(where.at, where.repository.id), number })
  }
}

/**
 * Enqueues the noting of reverts that were seen when there was no work to flag: a pull request that names its item
 * later has the same completion.
 */
export async function askForReverts(
  deps: SyncItemDeps,
  repository: RepositoryRef,
  pull: PullRequest,
  completions: readonly Completion[],
): Promise<void> {
  if (!pull.merged || completions.length === 0) return
  const keys = [`pull_request/${pull.id}`, ...(pull.mergeSha === undefined ? [] : [`commit/${pull.mergeSha}`])]
  const at = { host: deps.host, repository_id: pull.repository.id }
  const seen = await seenRevertsOf(deps.store, at, keys)
  if (seen.length === 0) return
  const place = placeOf(repository, pull.repository.id)
  for (const { id } of completions) {
    for (const { reverting, number, revert } of seen) {
      if (await isNoted(deps, reverting, id, revert)) continue
      await deps.revert(
        { ...place, ...(number === null ? { sha: reverting.slice('commit/'.length) } : { number }) },
        id,
      )
    }
  }
}

function pullNumber(evidence: string): number | undefined {
  const number = /\/pull\/(\d+)$/.exec(readEvidence(evidence)?.url ?? '')?.[1]
  return number === undefined ? undefined : Number(number)
}

const COMMIT = 'commit/'

/**
 * The completions of a change, by their evidence and, where the repository had another name then, by the operations
 * store.
 */
async function workOf(deps: SyncItemDeps, { keys, pull }: Landed): Promise<Completion[]> {
  const items = pull === undefined ? [] : await itemsOf(deps.store, deps.host, pull.id)
  const urls = pull === undefined ? [] : [pull.url]
  const merges = keys.flatMap((key) => (key.startsWith(COMMIT) ? [key.slice(COMMIT.length)] : []))
  return deps.ledger.read(async (db) => {
    const found = await completionsFrom(db, { urls, merges })
    for (const item of items) {
      const rig = await findRigOf(db, deps.host, { id: item.author_id, login: '' })
      const about = { host: deps.host, pullRequestId: item.pull_request_id, wanted: item.wanted_id }
      const completion = rig && (await findWork(db, item.wanted_id, completionOf(about, rig)))
      if (completion !== undefined) found.push(completion)
    }
    return [...new Map(found.map((one) => [one.id, one])).values()]
  })
}

/** The addresses of the reverts of a completion that stand. */
export async function standingReverts({ store, ledger }: SyncItemDeps, completion: string): Promise<string[]> {
  const all = await revertsOf(store, ledger, { completions: [completion] })
  return all.filter((revert) => revert.stands).map((revert) => revert.url)
}

/**
 * Asks the authors of the stamps once what they think of reverted work now; when the work is back, that comment is
 * replaced.
 */
export async function notifyOfReverts(
  { reply }: { reply: Replier },
  thread: PullRequestRef,
  pullId: number,
  { wanted, reverts = [] }: Pick<ShownItem, 'wanted' | 'reverts'>,
): Promise<void> {
  const key = `reverted/${pullId}/${wanted}`
  if (reverts.length > 0) await reply(thread, key, askAboutRevert(wanted, reverts))
  else await reply(thread, key, workIsBack(wanted), { when: 'if-said' })
}
