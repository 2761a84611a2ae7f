import { type FileDiff, linesIn, readDiff } from '../domain/git-diff.ts'
import { sha256 } from '../domain/hash.ts'
import type { ChangedFile, Changes } from '../github/changes.ts'
import type { PullRequest } from '../github/pull-requests.ts'

/**
 * The changes of a pull request as hashes on one line: `v3.<place>.<base>.<head>.<hunks>`, or `v2.<place>.unknown` where
 * GitHub does not show all of them. Where a file has no lines to show, such as a picture, they are of the form `v2`,
 * which needs a list of files beside the diff. Earlier versions had `v2` of all work, and before that one hash of the
 * added and removed lines, 64 hex digits.
 *
 * | part | hash of |
 * |---|---|
 * | place | the base branch and its commit |
 * | base | each file's blob before, of `v3` the first seven digits of its name |
 * | head | `v3`: the numbers of each file's lines that change; `v2`: each file's blob after |
 * | hunks | each file's paths, modes and hunks, with their context and headings, without the numbers of lines |
 */
export type DiffHash = string

/**
 * Git abbreviates the name of a blob to seven digits, and to more where the repository has many objects, or another one
 * that begins with these: whoever pushes objects could change it.
 */
const SHORTEST_NAME = 7

type DiffSource = Pick<PullRequest, 'base' | 'headSha' | 'changedFiles'>

/**
 * Hashes a diff that shows the lines of every file that it changes: the same lines at the same places of the same blobs
 * are the same blobs after. Undefined of any other diff.
 */
export function hashLines(
  pull: DiffSource & Pick<PullRequest, 'lines'>,
  text: string | undefined,
): DiffHash | undefined {
  const diffs = readWhole(pull, text)
  // Git abbreviates the names of blobs, so that a file of which nothing else is shown may be another.
  if (diffs === undefined || diffs.some(({ before, hunks }) => before !== undefined && hunks.length === 0))
    return undefined
  const places = sorted(diffs.map(({ header, hunks }) => [header, hunks.map(({ at }) => at)]))
  const bases = basesOf(diffs.map((one) => ({ ...one, before: one.before?.slice(0, SHORTEST_NAME) })))
  return ['v3', placeOf(pull), hash(bases), hash(places), hash(sorted(diffs.map(changesOf)))].join('.')
}

/** The files of a diff, if it is the whole one of the pull request, without bytes that are no UTF-8. */
export function readWhole(
  { changedFiles, lines }: Pick<PullRequest, 'changedFiles' | 'lines'>,
  text: string | undefined,
): FileDiff[] | undefined {
  const diffs = text === undefined || text.includes('\uFFFD') ? undefined : readDiff(text)
  const isWhole = diffs !== undefined && changedFiles !== undefined && counts(diffs).includes(changedFiles)
  // A comparison with a base that is no longer the pull request's may have as many files, with lines of others.
  return isWhole && linesIn(diffs).length === lines ? diffs : undefined
}

/**
 * Hashes the changes of a pull request. `text`: the diff as `git diff` writes it; undefined where GitHub gives none.
 */
export function hashDiff(pull: DiffSource, text: string | undefined, { files, isCut }: Changes): DiffHash {
  const place = placeOf(pull)
  const diffs = text === undefined || isCut ? undefined : readDiff(text)
  const isWhole = diffs !== undefined && files.length === pull.changedFiles && counts(diffs).includes(files.length)
  if (!isWhole || files.some(({ sha }) => sha === undefined)) return `v2.${place}.unknown`
  const blobs = (all: readonly ChangedFile[]) => sorted(all.map(({ path, from, sha }) => [path, from ?? null, sha]))
  // Bytes that are no UTF-8 were replaced, so that different bytes may look alike.
  const isText = !text!.includes('\uFFFD')
  const unseen = isText ? files.filter(({ patch }) => patch === undefined) : files
  const hunks = hash([sorted(diffs.map(changesOf)), blobs(unseen)])
  return ['v2', place, hash(basesOf(diffs)), hash(blobs(files)), hunks].join('.')
}

function basesOf(diffs: readonly FileDiff[]): string[] {
  return sorted(diffs.map(({ header, before }) => [header, before ?? null]))
}

/** The numbers of files that GitHub may count: a file that becomes a link is listed as one removed and one added. */
function counts(diffs: readonly FileDiff[]): number[] {
  return [diffs.length, new Set(diffs.map(({ header }) => header[0])).size]
}

/**
 * The changes of one file. Where no lines are shown, the blob before takes their place; the blob after is among the
 * blobs.
 */
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
 * So a rebase and a squash are the same, and the same line in another function is not. An unknown hash is the same as
 * no other, so is one of an earlier version, and so are two of different forms.
 */
export function isSameWork(a: DiffHash, b: DiffHash): boolean {
  const [one, other] = [partsOf(a), partsOf(b)]
  if (one === undefined || other === undefined || one.version !== other.version) return false
  return one.hunks === other.hunks && (one.base !== other.base || one.head === other.head)
}

function partsOf(diff: DiffHash) {
  const [version, place, base, head, hunks] = diff.split('.')
  const isOurs = version === 'v2' || version === 'v3'
  return isOurs && hunks !== undefined ? { version, place, base, head, hunks } : undefined
}

/** Whether a hash is of the form with the numbers of lines. */
export function isOfLines(diff: DiffHash): boolean {
  return partsOf(diff)?.version === 'v3'
}

/** False for changes that GitHub does not show whole. */
export function isKnown(diff: DiffHash): boolean {
  return partsOf(diff) !== undefined
}

/** True for a hash of an earlier version, which covers no places, modes and base. */
export function isOldHash(diff: DiffHash): boolean {
  return !diff.includes('.')
}

/**
 * Whether the pull request now has other work than was judged. The same head on the same base is the same work, and
 * costs no request. `now`: the hash of the present work, of the same form if it has one. A hash of an earlier version
 * tells nothing more: the work counts as the same until the head moves.
 */
export async function hasChanged(
  judged: { head: string | null; diff: DiffHash },
  pull: Pick<PullRequest, 'base' | 'headSha'>,
  now: (like: DiffHash) => Promise<DiffHash>,
): Promise<boolean> {
  const isHere = isOldHash(judged.diff) || /^v[23]\.([0-9a-f]+)\./.exec(judged.diff)?.[1] === placeOf(pull)
  if (judged.head === pull.headSha && isHere) return false
  return !isSameWork(judged.diff, await now(judged.diff))
}
