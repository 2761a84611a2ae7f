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
import { once } from './snapshot.ts'
import { type Claims, claimsAtMerge, claimsOfCommit } from './revert-claims.ts'
import { isNoted, noteRevert, type RevertSource, withdrawNotes } from './revert-notes.ts'
import { changesOf, findTargets, isTakenBack, type Landed, landedPull, type RevertPlace } from './revert-targets.ts'
import { completionOf } from './apply-item-step.ts'
import type { SyncItemDeps } from './types.ts'
import type { ShownItem } from '../replies/shown-item.ts'

/*
 * Work that was taken back.
 *
 * A merged pull request, or a commit on the default branch, reverts what it names (`domain/reverts.ts`): what counts
 * is its text as it was merged, of what landed before it, and where its diff takes back some of that. Each revert of
 * a completion is noted in an empty Dolt commit and flags the work; who reverts the revert lets it fall, who reverts
 * that makes it stand again. What was noted and does not hold is withdrawn. A flag changes no stamp.
 */
/** Looks at the merged pull requests that are reverted, by number, where their own events may have been missed. */
export type LookFirst = (reverted: readonly number[]) => Promise<void>

/** True of words that may be a revert's; most pull requests and commits are none, and cost GitHub no call. */
export function mayRevert(text: string): boolean {
  return /\brevert/i.test(text)
}

/** What a merged pull request reverts: by its title and description as it was merged, and by its commits. */
export async function noteReverts(
  deps: SyncItemDeps & { checkAdmission: CheckAdmission },
  place: PullRequestRef,
  by: Pick<RevertSource, 'delivery' | 'sender'>,
  first?: LookFirst,
): Promise<void> {
  const pull = await getPullRequest(deps, place, place.number)
  const merged = asMerged(pull)
  if (pull === undefined || merged === undefined) return
  if ('refused' in (await deps.checkAdmission(place, pull.repository))) return
  const claims = await claimsAtMerge(deps, place, pull)
  const reverting = { ...by, ...selfOf(merged), author: pull.author, landed: landedPull(merged) }
  await note(deps, { at: place, repository: pull.repository }, reverting, claims, first)
}

/** What one commit on the default branch reverts. One that a pull request brought is that pull request's. */
export async function noteRevertingCommit(
  deps: SyncItemDeps,
  where: RevertPlace,
  commit: { sha: string; url: string; message: string },
  by: Pick<RevertSource, 'author' | 'delivery' | 'sender'>,
  first?: LookFirst,
): Promise<void> {
  const claims = claimsOfCommit(commit.message, where.repository.fullName)
  if (namesNothing(claims)) return
  const { sha, url } = commit
  const answer = await mergedPullsWith(deps, where.at, sha)
  // By that is decided under which key it is noted.
  if ('refused' in answer)
    throw new Postponed('GitHub does not tell which pull request brought a revert', {
      retryAt: new Date(Date.now() + REFUSED_AGAIN_MS),
    })
  const pulls = answer.known
  const pull = pulls.find(({ base }) => base.branch === where.repository.defaultBranch) ?? pulls[0]
  if (pull === undefined) {
    const key = `commit/${sha}`
    return note(deps, where, { ...by, key, url, landed: { keys: [key], sha } }, claims, first)
  }
  // Its description and other commits may say more.
  await note(deps, where, { ...by, ...selfOf(pull), landed: landedPull(pull) }, { ...claims, isWhole: false }, first)
}

function selfOf({ id, number, url }: MergedPull): Pick<RevertSource, 'key' | 'number' | 'url'> {
  return { key: `pull_request/${id}`, number, url }
}

async function note(
  deps: SyncItemDeps,
  where: RevertPlace,
  reverting: RevertSource & { landed: Landed },
  claims: Claims,
  first?: LookFirst,
): Promise<void> {
  const { key, number = null, landed } = reverting
  const { targets, isWhole } = await findTargets(deps, where, claims, landed)
  const seenAt = { host: deps.host, repository_id: where.repository.id }
  const seen = targets.flatMap(({ keys }) => keys)
  await noteSeenReverts(deps.store, seenAt, { reverting: key, number }, seen)
  await first?.(targets.flatMap(({ pull }) => pull?.number ?? []))
  const isNotedBefore = (await revertsMadeBy(deps.store, deps.ledger, key)).length > 0
  const changes = once(() => changesOf(deps, where, landed))
  const concerned: Completion[] = []
  const held = { works: new Set<string>(), keys: new Set(seen) }
  for (const target of targets) {
    const works = await workOf(deps, target)
    const reverts = await revertsOf(deps.store, deps.ledger, { by: target.keys })
    // Nobody asks for a diff that would change nothing.
    if (works.length + reverts.length === 0 && !isNotedBefore) continue
    const isBack = await isTakenBack(deps, where, target, changes)
    if (isBack === 'unseen') {
      // What was noted stays, and nothing new is.
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
  // Also what was noted before: a crash may have come between the note and this.
  for (const number of new Set(concerned.flatMap(({ evidence }) => pullNumber(evidence) ?? []))) {
    await deps.revisit({ ...placeOf(where.at, where.repository.id), number })
  }
}

/** Has reverts noted that were seen when there was no work to flag: what is labelled later is the same completion. */
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

/** The submitted work of this, by the evidence and, where the repository had another name then, by our own notes. */
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

/** The pages of the reverts of a completion that stand. */
export async function standingReverts({ store, ledger }: SyncItemDeps, completion: string): Promise<string[]> {
  const all = await revertsOf(store, ledger, { completions: [completion] })
  return all.filter((revert) => revert.stands).map((revert) => revert.url)
}

/** Asks once who stamped the work what they think of it now; once it is back, that is said in place. */
export async function notifyOfReverts(
  { reply }: { reply: Replier },
  thread: PullRequestRef,
  pullId: number,
  { wanted, reverts = [] }: Pick<ShownItem, 'wanted' | 'reverts'>,
): Promise<void> {
  const key = `reverted/${pullId}/${wanted}`
  if (reverts.length > 0) await reply(thread, key, askAboutRevert(wanted, reverts))
  else await reply(thread, key, workIsBack(wanted), 'if-said')
}
