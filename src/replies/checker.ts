import { LRUCache } from 'lru-cache'
import { type Check, type KnownRun, reportCheck } from '../github/check-runs.ts'
import type { GitHubApp } from '../github/github.ts'
import type { ToldRun } from '../github/told-checks.ts'
import { findReply, saveReply, type SentReply } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'
import { isRepeatedAttempt } from '../ops/attempt.ts'
import type { RepositoryRef } from '../domain/refs.ts'

/** The name of our check run. The rules of a repository can require it. */
export const CHECK = 'Wasteland'

/** Updates the check run of a pull request's head. A report that GitHub has already is not sent again. */
export type Checker = (
  at: RepositoryRef,
  pull: { id: number; headSha: string },
  check: Omit<Check, 'name' | 'sha'>,
  options?: CheckOptions,
) => Promise<void>

export interface CheckOptions {
  /** `if-said`: updates an existing check run, and creates none. */
  when?: 'if-said' | undefined
  /**
   * Our check runs on the head, as GitHub told them with the snapshot that the report is made from: where none is ours,
   * it is not asked for one.
   */
  told?: readonly ToldRun[] | undefined
}

/**
 * The keys of checks whose last report was not answered, or not stored: GitHub may have it without our row telling so.
 */
export type Unanswered = LRUCache<string, true>

const MOST_UNANSWERED = 1_000

export function createUnanswered(): Unanswered {
  return new LRUCache({ max: MOST_UNANSWERED })
}

/** Whether GitHub may have a report of which our row does not tell: one of this process, or of an earlier attempt. */
export function mayBeUnsaved(unanswered: Unanswered, key: string): boolean {
  return unanswered.has(key) || isRepeatedAttempt()
}

/** Creates the `Checker`. It stores in Postgres what GitHub has. */
export function createChecker(store: OperationsStore, github: GitHubApp, unanswered = createUnanswered()): Checker {
  return async (at, { id, headSha: sha }, check, { when, told } = {}) => {
    const key = checkKey(id)
    const body = checkBody(sha, check)
    const known = await findReply(store, key)
    const mayBeThere = mayBeUnsaved(unanswered, key)
    if ((known?.body === body && !mayBeThere) || (when === 'if-said' && known === undefined)) return
    const { id: appId } = await github.identity()
    // Checks are optional: a repository that forbids them has the status comment.
    // A report on this head, whose answer may be lost, may be there without having been told; so may a newer run.
    const isNew = !mayBeThere && !isReportOn(known, sha) && told?.every(({ name }) => name !== CHECK) === true
    const ours = (mayBeThere ? undefined : known && runOf(known, sha)) ?? (isNew ? 'none' : undefined)
    unanswered.set(key, true)
    const run = await reportCheck(github, at, appId, { name: CHECK, sha, ...check }, ours)
    const refused = run === undefined ? 'GitHub does not take it' : null
    await saveCheck(store, id, { body, commentId: run ?? null, sentBody: body, refused }, known)
    unanswered.delete(key)
  }
}

/**
 * Stores a report of a pull request's check; false, and no report is stored, where another was stored or dropped since
 * `before`: nobody knows which run is the latest.
 */
export async function saveCheck(
  store: OperationsStore,
  pullId: number,
  report: Omit<SentReply, 'age'>,
  before: SentReply | undefined,
): Promise<boolean> {
  const key = checkKey(pullId)
  if (await saveReply(store, key, report, before?.commentId ?? null, before?.body ?? '')) return true
  await dropCheck(store, pullId)
  return false
}

/** Drops what is stored of a pull request's check run: GitHub has a newer one, so the next report asks GitHub which. */
export async function dropCheck(store: OperationsStore, pullId: number): Promise<void> {
  for (let isDropped = false; !isDropped;) {
    const known = await findReply(store, checkKey(pullId))
    if (known === undefined || known.body === '') return
    isDropped = await saveReply(store, checkKey(pullId), { ...known, body: '' }, known.commentId, known.body)
  }
}

export function checkKey(pullId: number): string {
  return `check/${pullId}`
}

/** A report as it is stored. */
export function checkBody(sha: string, check: Omit<Check, 'name' | 'sha'>): string {
  return JSON.stringify({ sha, ...check })
}

/** Whether the last report was on this head. The text of an old one is not kept. */
export function isReportOn(report: Pick<SentReply, 'body'> | undefined, sha: string): boolean {
  return report !== undefined && report.body !== '' && lastOf(report).sha === sha
}

/** Whether the last report, which was on this head, completed its run. */
export function wasOver(report: Pick<SentReply, 'body'>): boolean {
  return lastOf(report).conclusion !== 'waits'
}

function lastOf({ body }: Pick<SentReply, 'body'>) {
  return JSON.parse(body) as Pick<Check, 'sha' | 'conclusion'>
}

/**
 * Our run on this head, as it was last reported. Undefined where the last report was on another head or is not known:
 * then GitHub is asked.
 */
function runOf(report: SentReply, sha: string): KnownRun | undefined {
  if (report.commentId === null || !isReportOn(report, sha)) return undefined
  return { id: report.commentId, isOver: wasOver(report) }
}
