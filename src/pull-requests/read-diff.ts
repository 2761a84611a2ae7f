import { LRUCache } from 'lru-cache'
import { countByFile } from '../domain/git-diff.ts'
import { Unavailable } from '../domain/errors.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import { type Changes, compareText, FILES_AT_ONCE, LINES_AT_ONCE, readDiffText } from '../github/changes.ts'
import { CircuitOpen } from '../github/circuit-breaker.ts'
import type { Installations } from '../github/client.ts'
import { Limited } from '../github/errors.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import type { ChangedLines } from '../reputation/skills.ts'
import { type DiffHash, hashDiff, hashLines, isOfLines, isOldHash, readWhole } from './diff.ts'
import { once } from './once.ts'

/** The ends of a pull request. */
export type Ends = Pick<PullRequest, 'headSha' | 'base'>

export interface DiffReader {
  /**
   * The hash of the changes between the base and the head that the snapshot has. `like`: in the form of this one, if the
   * changes have it. Throws Unavailable where the head or the base moved since the snapshot was begun, and GitHub does
   * not compare those of the snapshot: the job is retried.
   */
  diff(like?: DiffHash): Promise<DiffHash>
  /** The changed files and the numbers of their changed lines. */
  changedLines(): Promise<readonly ChangedLines[]>
}

/**
 * The comparisons that GitHub did not answer, of which it documents 500 and 503: the job that is retried asks for the
 * pull request.
 */
const unanswered = new LRUCache<string, true>({ max: 1_000, ttl: 3_600_000 })

/**
 * Reads the diff of a snapshot. One comparison of its two commits tells of most. Where GitHub does not compare them, or
 * some file has no lines to show, the pull request is asked for its files and its diff. These name no head: they are of
 * this head if `askEnds` tells of the same afterwards.
 */
export function createDiffReader(
  github: Installations,
  at: PullRequestRef,
  pull: PullRequest,
  { changes, askEnds }: { changes: () => Promise<Changes>; askEnds: () => Promise<Ends | undefined> },
): DiffReader {
  // For so many files GitHub gives no diff, and up to thirty pages of files.
  const isCut = pull.changedFiles === undefined || pull.changedFiles > FILES_AT_ONCE
  const compared = once(async () => {
    if (isCut || pull.lines > LINES_AT_ONCE) return undefined
    const ends = `${at.owner}/${at.repo} ${pull.base.sha}...${pull.headSha}`
    if (unanswered.has(ends)) return undefined
    try {
      return await compareText(github, at, pull.base.sha, pull.headSha)
    } catch (error) {
      if (error instanceof Unavailable && !(error instanceof Limited || error instanceof CircuitOpen))
        unanswered.set(ends, true)
      throw error
    }
  })
  const byPull = once(async () => {
    const none = { files: [], isCut: true }
    if (isCut) return { lines: undefined, blobs: hashDiff(pull, undefined, none) }
    const [text, files] = await Promise.all([readDiffText(github, at, at.number), changes()])
    await mustStand(pull, askEnds)
    return { lines: hashLines(pull, text), blobs: hashDiff(pull, text, files) }
  })
  return {
    async diff(like) {
      if (like !== undefined && !isOfLines(like) && !isOldHash(like)) return (await byPull()).blobs
      const lines = hashLines(pull, await compared())
      if (lines !== undefined) return lines
      const asked = await byPull()
      return asked.lines ?? asked.blobs
    },
    async changedLines() {
      const diffs = readWhole(pull, await compared())
      return diffs === undefined ? (await changes()).files : countByFile(diffs)
    },
  }
}

async function mustStand({ headSha, base }: Ends, askNow: () => Promise<Ends | undefined>): Promise<void> {
  const now = await askNow()
  const stands = now?.headSha === headSha && now.base.branch === base.branch && now.base.sha === base.sha
  if (!stands) throw new Unavailable('The pull request moved while its diff was read')
}
