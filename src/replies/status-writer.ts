import type { PullRequestRef } from '../domain/refs.ts'
import type { Check } from '../github/check-runs.ts'
import type { GitHubApp } from '../github/github.ts'
import { type Done, publish, type Reaction } from '../github/publish.ts'
import type { ToldRun } from '../github/told-checks.ts'
import type { ToldComment } from '../github/told-comments.ts'
import { findReply, saveReply, type SentReply } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { Turns } from '../ops/turns.ts'
import {
  CHECK,
  checkBody,
  checkKey,
  type Checker,
  isReportOn,
  mayBeUnsaved,
  saveCheck,
  type Unanswered,
  wasOver,
} from './checker.ts'
import { isThere, type Replier } from './replier.ts'

/** The status of a pull request: its comment, and the check run on its head. */
export interface Status {
  key: string
  text: string
  /** `if-said`: edits an existing comment, and creates none. */
  when?: 'if-said' | undefined
  check: Omit<Check, 'name' | 'sha' | 'annotation'>
  /** The reaction to the command that the status follows from, which is written with it if that costs no request. */
  reaction?: Reaction | undefined
}

/** GitHub’s answers with the snapshot that a status is made from; each is undefined where it did not tell. */
export interface ToldOfStatus {
  comments: readonly ToldComment[] | undefined
  runs: readonly ToldRun[] | undefined
  /** The node id of the repository. */
  repository: string | undefined
}

type CheckedPullRequest = { id: number; headSha: string }

/**
 * Writes the status of a pull request: what GitHub has already is not sent again. True where the reaction was written
 * with it.
 */
export type StatusWriter = (
  at: PullRequestRef,
  pull: CheckedPullRequest,
  status: Status,
  told: ToldOfStatus,
) => Promise<boolean>

export interface StatusWriterDeps {
  store: OperationsStore
  github: GitHubApp
  reply: Replier
  check: Checker
  unanswered: Unanswered
  /** The turns of `reply`, so that the row of a status is of what was sent last. */
  inTurn: Turns
  /** The text of a reply as it is sent. */
  bodyOf(key: string, text: string): string
}

/**
 * Creates the `StatusWriter`. By the node ids that were told, one request writes the check and, where there is a comment
 * with another text, that comment. Whatever GitHub does not surely do of it is left to `reply` and `check`.
 */
export function createStatusWriter(deps: StatusWriterDeps): StatusWriter {
  const { store, reply, check, inTurn } = deps
  const write: StatusWriter = async (at, pull, status, told) => {
    const { key, text, when } = status
    const [said, report] = await Promise.all([findReply(store, key), findReply(store, checkKey(pull.id))])
    const comment = told.comments?.find(({ id }) => id === said?.commentId)
    const say = () => reply(at, key, text, { when, told: told.comments, turn: 'taken' })
    // A new comment comes before its check.
    if (comment === undefined) await say()
    const rows = { said, report }
    const done = await publishTold(deps, at, pull, status, {
      ...rows,
      comment,
      runs: told.runs,
      repository: told.repository,
    })
    if (comment !== undefined && !done.comment) await say()
    if (!done.check) await check(at, pull, status.check, { told: told.runs })
    return done.reaction
  }
  return (at, pull, status, told) => inTurn(status.key, () => write(at, pull, status, told))
}

interface KnownStatus extends Omit<ToldOfStatus, 'comments'> {
  comment: ToldComment | undefined
  /** The stored rows of the comment and of the check. */
  said: SentReply | undefined
  report: SentReply | undefined
}

/** Writes what can be written by node ids, stores it, and tells what of it was done. */
async function publishTold(
  { store, github, unanswered, bodyOf }: StatusWriterDeps,
  at: PullRequestRef,
  { id, headSha: sha }: CheckedPullRequest,
  { key, text, check, reaction }: Status,
  { comment, runs, repository, said, report }: KnownStatus,
): Promise<Done> {
  const [checksKey, reported] = [checkKey(id), checkBody(sha, check)]
  const run = runs?.find(({ name }) => name === CHECK)
  const lastHere = isReportOn(report, sha) ? report : undefined
  // One that was dropped has been followed by a run that may not have been told.
  const hasMore = mayBeUnsaved(unanswered, checksKey)
  const isSure = report?.body !== '' && isLatest(run, lastHere, hasMore)
  const isReported = report?.body === reported && !hasMore
  if (runs === undefined || repository === undefined || !isSure || isReported)
    return { comment: false, check: isReported, reaction: false }
  const body = bodyOf(key, text)
  const isSaid = said?.sentBody === body && comment !== undefined && isThere(comment.id, [comment])
  // A refusal is kept for a while by the one who writes comments.
  const edit = comment !== undefined && !isSaid && said?.refused == null ? { nodeId: comment.nodeId, body } : undefined
  unanswered.set(checksKey, true)
  const done = await publish(github, at, {
    comment: edit,
    repository,
    run,
    check: { name: CHECK, sha, ...check },
    reaction,
  })
  if (done === 'unanswered') return { comment: false, check: false, reaction: false }
  // Where another replica stored another comment or run since, `reply` and `check` see to that one.
  const isEdited =
    edit !== undefined &&
    done.comment &&
    (await saveReply(store, key, { body, commentId: comment!.id, sentBody: body, refused: null }, comment!.id))
  // GraphQL tells no number of a run, and the stored one may be of another: where it is needed, GitHub is asked.
  const row = { body: reported, commentId: null, sentBody: reported, refused: null }
  const isSaved = done.check && (await saveCheck(store, id, row, report))
  if (isSaved) unanswered.delete(checksKey)
  return { comment: isSaid || isEdited, check: isSaved, reaction: done.reaction }
}

/**
 * Whether the run that was told is surely our latest on the head, or where none was told, there is none. `report`: our
 * last report on it, which the answer may be older than. `hasMore`: there may be a report that no row tells of.
 */
function isLatest(run: ToldRun | undefined, report: SentReply | undefined, hasMore: boolean): boolean {
  if (run === undefined) return report === undefined && !hasMore
  if (report !== undefined && run.isOver !== wasOver(report)) return false
  // A run that is over may have been followed by another.
  return !(run.isOver && hasMore)
}
