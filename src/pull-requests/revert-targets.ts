import type { Reverted } from '../domain/reverts.ts'
import { type Changes, listChanges, listCommitChanges } from '../github/changes.ts'
import { ask } from '../github/github-answer.ts'
import { asMerged, type MergedPull, mergedPullsWith } from '../github/commit-pulls.ts'
import { isAncestor } from '../github/commits.ts'
import { getPullRequest, type RepositoryFacts } from '../github/pull-requests.ts'
import { readFile } from '../github/repositories.ts'
import { onlyByBlob, takesBack } from './takes-back.ts'
import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'

/**
 * A change that came into a repository: a merged pull request, or a commit of the default branch that came with none.
 */
export interface Landed {
  /** `pull_request/<id>` and `commit/<sha>`. */
  keys: string[]
  pull?: MergedPull
  /** Its commit; for a pull request, its merge commit. */
  sha: string | undefined
}

export interface RevertPlace {
  at: RepositoryRef
  repository: Pick<RepositoryFacts, 'id' | 'fullName' | 'defaultBranch'>
}

export function landedPull(pull: MergedPull): Landed {
  return { keys: [`pull_request/${pull.id}`], pull, sha: pull.mergeSha }
}

/**
 * Finds on GitHub the changes that are claimed to be reverted: never the reverting one itself, nor one that came after
 * it. `isWhole` is false where GitHub does not show some of them.
 */
export async function findTargets(
  github: Installations,
  place: RevertPlace,
  { pulls, commits }: Reverted,
  reverting: Landed,
): Promise<{ targets: Landed[]; isWhole: boolean }> {
  const numbered = await Promise.all(pulls.map((number) => getPullRequest(github, place.at, number)))
  const named = numbered.flatMap((pull) => asMerged(pull) ?? []).map(landedPull)
  const brought = await Promise.all(commits.map((sha) => landedWith(github, place, sha)))
  let isWhole = !numbered.includes(undefined) && !brought.includes('unseen')
  const targets: Landed[] = []
  for (const target of joined([...named, ...brought.filter((one) => one !== 'unseen').flat()])) {
    if (target.keys.some((key) => reverting.keys.includes(key))) continue
    const after = await cameAfter(github, place, target, reverting)
    if (after === 'unseen') isWhole = false
    else if (after) targets.push(target)
  }
  return { targets, isWhole }
}

/** The pull requests with which a commit came, or the commit itself. */
async function landedWith(github: Installations, { at }: RevertPlace, sha: string): Promise<Landed[] | 'unseen'> {
  const key = `commit/${sha}`
  const answer = await mergedPullsWith(github, at, sha)
  if ('refused' in answer) return 'unseen'
  const pulls = answer.known.map(landedPull)
  return pulls.length === 0 ? [{ keys: [key], sha }] : pulls.map((one) => ({ ...one, keys: [...one.keys, key] }))
}

/** The changes, each once and with all its keys. */
function joined(all: readonly Landed[]): Landed[] {
  const found = new Map<string, Landed>()
  for (const one of all) {
    const [key] = one.keys as [string]
    found.set(key, { ...one, keys: [...new Set([...(found.get(key)?.keys ?? []), ...one.keys])] })
  }
  return [...found.values()]
}

/**
 * Whether a revert came after its target, into the same branch or the default one: only then does it take anything
 * back.
 */
async function cameAfter(
  github: Installations,
  { at, repository }: RevertPlace,
  target: Landed,
  reverting: Landed,
): Promise<boolean | 'unseen'> {
  const branch = reverting.pull?.base.branch
  if (branch !== undefined && branch !== repository.defaultBranch && branch !== target.pull?.base.branch) return false
  if (target.pull !== undefined && reverting.pull !== undefined) {
    const [before, after] = [Date.parse(target.pull.mergedAt), Date.parse(reverting.pull.mergedAt)]
    if (before !== after) return before < after
  }
  // GitHub's times are seconds, and a pushed commit has only its author's time.
  const [ancestor, of] = [target.sha, reverting.sha]
  if (ancestor === undefined || of === undefined) return false
  const answer = await isAncestor(github, at, { ancestor, of })
  return 'refused' in answer ? 'unseen' : answer.known
}

/** Whether a revert takes back some of its target; `unseen` where the files that GitHub does not show might decide. */
export async function isTakenBack(
  github: Installations,
  place: RevertPlace,
  target: Landed,
  changes: () => Promise<Changes>,
): Promise<boolean | 'unseen'> {
  const [{ files: diff, ...ours }, { files: other, ...theirs }] = [
    await changes(),
    await changesOf(github, place, target),
  ]
  if (takesBack(other, diff)) return true
  if (ours.isCut || theirs.isCut) return 'unseen'
  const hidden = onlyByBlob(other, diff).slice(0, MOST_BLOBS)
  const base = target.pull?.base.sha
  if (hidden.length === 0 || base === undefined) return false
  const blobs = await Promise.all(hidden.map(async (path) => [path, await blobAt(github, place, path, base)] as const))
  return takesBack(other, diff, new Map(blobs.flatMap(([path, sha]) => (sha === undefined ? [] : [[path, sha]]))))
}

const MOST_BLOBS = 10

/** The files of a change, as far as GitHub shows them. */
export async function changesOf(github: Installations, { at }: RevertPlace, { pull, sha }: Landed): Promise<Changes> {
  const none = { files: [], isCut: true }
  // The number of changed files is not known here.
  const listed = { number: pull?.number ?? 0, changedFiles: 0 }
  if (pull === undefined && sha === undefined) return none
  const answer = await ask(pull === undefined ? listCommitChanges(github, at, sha!) : listChanges(github, at, listed))
  return 'refused' in answer ? none : answer.known
}

async function blobAt(
  github: Installations,
  { at }: RevertPlace,
  path: string,
  ref: string,
): Promise<string | undefined> {
  const answer = await ask(readFile(github, at, path, ref))
  return 'refused' in answer ? undefined : answer.known?.sha
}
