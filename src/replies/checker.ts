import { type Check, type KnownRun, reportCheck } from '../github/check-runs.ts'
import type { GitHubApp } from '../github/github.ts'
import { findReply, saveReply, type SentReply } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { RepositoryRef } from '../domain/refs.ts'

/** The name that rules of a repository can demand. */
export const CHECK = 'Wasteland'

/**
 * Brings the check run of a pull request's head up to date; what GitHub has already is not sent again.
 * `if-said` mends a check that is there, and begins none.
 */
export type Checker = (
  at: RepositoryRef,
  pull: { id: number; headSha: string },
  check: Omit<Check, 'name' | 'sha'>,
  when?: 'if-said',
) => Promise<void>

/** The `Checker`, which keeps in the operations store what GitHub has. */
export function createChecker(store: OperationsStore, github: GitHubApp): Checker {
  return async (at, { id, headSha: sha }, check, when) => {
    const key = keyOf(id)
    const body = JSON.stringify({ sha, ...check })
    const known = await findReply(store, key)
    if (known?.body === body || (when === 'if-said' && known === undefined)) return
    const { id: appId } = await github.identity()
    // A check is a help and no more: a repository that forbids it has the comment.
    const run = await reportCheck(github, at, appId, { name: CHECK, sha, ...check }, known && runOf(known, sha))
    const refused = run === undefined ? 'GitHub does not take it' : null
    await saveReply(store, key, { body, commentId: run ?? null, sentBody: body, refused }, known?.commentId ?? null)
  }
}

/** Drops what is known of a pull request's check run: GitHub has a newer one, and the next report asks which. */
export async function dropCheck(store: OperationsStore, pullId: number): Promise<void> {
  const known = await findReply(store, keyOf(pullId))
  if (known !== undefined) await saveReply(store, keyOf(pullId), { ...known, body: '' }, known.commentId)
}

function keyOf(pullId: number): string {
  return `check/${pullId}`
}

/** Our run on this head, as it was last reported; of another head, or unknown, GitHub is asked. */
function runOf({ commentId, body }: SentReply, sha: string): KnownRun | undefined {
  // The text of an old one is not kept.
  if (commentId === null || body === '') return undefined
  const last = JSON.parse(body) as Pick<Check, 'sha' | 'conclusion'>
  return last.sha !== sha ? undefined : { id: commentId, isOver: last.conclusion !== 'waits' }
}
