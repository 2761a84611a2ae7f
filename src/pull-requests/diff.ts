import { type FileDiff, readDiff } from '../domain/git-diff.ts'
import { sha256 } from '../domain/hash.ts'
import type { ChangedFile, Changes } from '../github/changes.ts'
import type { PullRequest } from '../github/pull-requests.ts'

/**
 * What a pull request changes, as hashes on one line: `v2.<place>.<base>.<head>.<hunks>`, or `v2.<place>.unknown` where
 * GitHub does not show all of it. Until this there was one hash of the added and removed lines, 64 hex digits.
 *
 * | part | of |
 * |---|---|
 * | place | the base branch and its commit |
 * | base | each file's blob before |
 * | head | each file's blob after |
 * | hunks | each file's paths, modes and hunks, with their context and headings, without the numbers of lines |
 */
export type DiffHash = string

type DiffSource = Pick<PullRequest, 'base' | 'headSha' | 'changedFiles'>

/** `text`: as `git diff` writes it; undefined where GitHub gives none. */
export function hashDiff(pull: DiffSource, text: string | undefined, { files, isCut }: Changes): DiffHash {
  const place = placeOf(pull)
  const diffs = text === undefined || isCut ? undefined : readDiff(text)
  const isWhole = diffs !== undefined && files.length === pull.changedFiles && counts(diffs).includes(files.length)
  if (!isWhole || files.some(({ sha }) => sha === undefined)) return `v2.${place}.unknown`
  const blobs = (all: readonly ChangedFile[]) => sorted(all.map(({ path, from, sha }) => [path, from ?? null, sha]))
  // What is no UTF-8 was replaced, so that different bytes may look alike.
  const isText = !text!.includes('\uFFFD')
  const unseen = isText ? files.filter(({ patch }) => patch === undefined) : files
  const base = sorted(diffs.map(({ header, before }) => [header, before ?? null]))
  return ['v2', place, hash(base), hash(blobs(files)), hash([sorted(diffs.map(changesOf)), blobs(unseen)])].join('.')
}

/** A file that becomes a link is told as one that goes and one that comes. */
function counts(diffs: readonly FileDiff[]): number[] {
  return [diffs.length, new Set(diffs.map(({ header }) => header[0])).size]
}

/** Where no line is shown, the blob before counts for them; that after is among the blobs. */
function changesOf({ header, before, hunks }: FileDiff): unknown[] {
  return [header, hunks.length === 0 ? (before ?? null) : null, hunks.map(({ heading, lines }) => [heading, lines])]
}

function placeOf({ base }: Pick<PullRequest, 'base'>): string {
  return hash([base.branch, base.sha])
}

const hash = (parts: unknown) => sha256(JSON.stringify(parts)).slice(0, 40)
const sorted = (parts: readonly unknown[][]) => parts.map((part) => JSON.stringify(part)).toSorted()

/**
 * Whether two hashes are of the same work: the same hunks and, where they change the same files, the same files after.
 * So a rebase and a squash are the same, and the same line in another function is not. What is unknown is the same as
 * nothing, and so is a hash of before.
 */
export function isSameWork(a: DiffHash, b: DiffHash): boolean {
  const [one, other] = [partsOf(a), partsOf(b)]
  if (one === undefined || other === undefined || one.hunks !== other.hunks) return false
  return one.base !== other.base || one.head === other.head
}

function partsOf(diff: DiffHash) {
  const [version, , base, head, hunks] = diff.split('.')
  return version === 'v2' && hunks !== undefined ? { base, head, hunks } : undefined
}

/** False of what GitHub does not show whole. */
export function isKnown(diff: DiffHash): boolean {
  return partsOf(diff) !== undefined
}

/** True of a hash of before, which says nothing of places, modes and base. */
export function isOldHash(diff: DiffHash): boolean {
  return !diff.includes('.')
}

/**
 * Whether what was judged is other work than the pull request now has. The same head on the same base is the same, and
 * costs no question; of a hash of before nothing more can be told, and it stays quiet until the head moves.
 */
export async function hasChanged(
  judged: { head: string | null; diff: DiffHash },
  pull: Pick<PullRequest, 'base' | 'headSha'>,
  now: () => Promise<DiffHash>,
): Promise<boolean> {
  const isHere = isOldHash(judged.diff) || judged.diff.startsWith(`v2.${placeOf(pull)}.`)
  if (judged.head === pull.headSha && isHere) return false
  return !isSameWork(judged.diff, await now())
}
