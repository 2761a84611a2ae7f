import { createHmac } from 'node:crypto'
import { createComment, deleteComment, updateComment } from '../github/comments.ts'
import { ask, waitFor } from '../github/github-answer.ts'
import type { GitHubApp } from '../github/github.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import { listOwnComments } from '../github/own-comments.ts'
import { fit, MOST_OF_COMMENT } from './fit.ts'
import { findReply, saveReply } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'

/** A conversation may be unlocked again. */
const ASK_AGAIN_MS = 3_600_000

/**
 * Says something under a key, once.
 *
 * The comment's id is kept; where it is not known (first time, a crash between GitHub's answer and our note of
 * it, a lost operations store) the marker hidden in the comment finds it. A key that is said again edits its
 * comment in place; two works that say it at once do so one after the other, and of two replicas one comment stays. What GitHub refuses (a locked
 * conversation) is tried again when the text changes or an hour has passed.
 * `if-said` mends what was said before, and begins nothing.
 */
export type Replier = (thread: PullRequestRef, key: string, text: string, when?: 'if-said') => Promise<void>

export function createReplier(
  store: OperationsStore,
  host: string,
  github: GitHubApp,
  hmacKey: Buffer,
  log: { warn(fields: object, message: string): void },
): Replier {
  const say: Replier = async (thread, key, text, when) => {
    const marker = markerOf(hmacKey, host, key)
    const body = `${fit(text, MOST_OF_COMMENT)}\n\n${marker}`
    const known = await findReply(store, key)
    if (when === 'if-said' && known?.commentId == null) return
    if (known?.refused != null && known.body === body && known.age < ASK_AGAIN_MS) return
    if (known?.commentId != null && known.sentBody === body) return
    const before = known?.commentId ?? null
    const sent = await ask(send(github, thread, marker, body, before ?? undefined))
    if ('refused' in sent) {
      const { status, why } = sent.refused
      if (why === 'account') throw waitFor(sent.refused)
      log.warn({ key, status }, 'reply: GitHub does not take it')
      const refused = `GitHub answered ${status}`
      await saveReply(store, key, { body, commentId: before, sentBody: known?.sentBody ?? null, refused }, before)
      return
    }
    const commentId = sent.known
    if (await saveReply(store, key, { body, commentId, sentBody: body, refused: null }, before)) return
    // Another replica said it at the same moment. Its comment stays, and gets these words.
    const theirs = (await findReply(store, key))?.commentId
    if (theirs != null && theirs !== commentId) await ask(deleteComment(github, thread, commentId))
    await say(thread, key, text, when)
  }
  const inTurn = createTurns()
  return (thread, key, text, when) => inTurn(key, () => say(thread, key, text, when))
}

/** One at a time for each key, first come first served. */
function createTurns(): (key: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>()
  return async (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, mine)
    try {
      await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}

/** When our reply under a key, as it stands on GitHub, was written or last changed; undefined where there is none. */
export type ReplyFinder = (thread: PullRequestRef, key: string) => Promise<Date | undefined>

export function createReplyFinder(host: string, github: GitHubApp, hmacKey: Buffer): ReplyFinder {
  return async (thread, key) => (await find(github, thread, markerOf(hmacKey, host, key)))?.updatedAt
}

/** What our comments keep for us: a key in a marker that nobody can write but we, hidden in the text of a reply. */
export interface SignedMarkers {
  seal(key: string): string
  /** The keys on a thread that begin so. */
  read(thread: PullRequestRef, prefix: string): Promise<string[]>
}

export function createSignedMarkers(host: string, github: GitHubApp, hmacKey: Buffer): SignedMarkers {
  return {
    seal: (key) => markerOf(hmacKey, host, key),
    async read(thread, prefix) {
      const own = await listOwnComments(github, thread, thread.number, await github.identity())
      const found = own.flatMap(({ body }) => [...body.matchAll(MARKER)])
      return found
        .filter(([marker, key]) => key!.startsWith(prefix) && marker === markerOf(hmacKey, host, key!))
        .map(([, key]) => key!)
    },
  }
}

const MARKER = /<!-- wasteland-bridge (\S+) [0-9a-f]{32} -->/g

async function find(github: GitHubApp, thread: PullRequestRef, marker: string) {
  const own = await listOwnComments(github, thread, thread.number, await github.identity())
  return own.find((comment) => comment.body.trimEnd().endsWith(marker))
}

async function send(github: GitHubApp, thread: PullRequestRef, marker: string, body: string, id: number | undefined) {
  if (id !== undefined && (await updateComment(github, thread, id, body))) return id
  const found = await find(github, thread, marker)
  if (found === undefined) return createComment(github, thread, thread.number, body)
  if (found.body.trim() !== body.trim()) await updateComment(github, thread, found.id, body)
  return found.id
}

/** Hidden in each comment of ours. Its HMAC keeps others from writing one for a key of their choice. */
function markerOf(hmacKey: Buffer, host: string, key: string): string {
  const mac = createHmac('sha256', hmacKey).update(`reply\n${host}\n${key}`).digest('hex').slice(0, 32)
  return `<!-- wasteland-bridge ${key} ${mac} -->`
}
