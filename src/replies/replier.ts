import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { createComment, deleteComment, updateComment } from '../github/comments.ts'
import { ask, waitFor } from '../github/github-answer.ts'
import type { GitHubApp } from '../github/github.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import { listOwnComments } from '../github/own-comments.ts'
import type { ToldComment } from '../github/told-comments.ts'
import { fit, MOST_OF_COMMENT } from './fit.ts'
import { findReply, saveReply, type SentReply, withoutRow } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'
import { isRepeatedAttempt } from '../ops/attempt.ts'
import { createTurns } from '../ops/turns.ts'

/** Milliseconds until a refused reply is tried again: a conversation may be unlocked. */
const ASK_AGAIN_MS = 3_600_000

/**
 * Posts a reply. Its key makes it idempotent: a second reply with the same key edits the comment of the first.
 *
 * The id of the comment is stored. Where it is not known (the first time, after a crash between GitHub's answer and our
 * row, or with a lost operations store), the marker hidden in the comment finds it. Replies with one key that are sent
 * at once are sent one after the other; of those of two replicas, one comment stays. A reply that GitHub refuses (a
 * locked conversation) is tried again when its text changes or an hour has passed.
 */
export type Replier = (thread: PullRequestRef, key: string, text: string, options?: ReplyOptions) => Promise<void>

export interface ReplyOptions {
  /** `if-said`: edits an existing comment, and creates none. */
  when?: 'if-said' | undefined
  /**
   * Our comments on the thread, as GitHub told them with the snapshot that the reply is made from. Where each of them is
   * in a row, GitHub is not asked whether a new reply is there already; and a comment that somebody deleted or edited is
   * written again, although its text has not changed.
   */
  told?: readonly ToldComment[] | undefined
  /** `taken`: the caller has the turn of the key, and sends the reply within it. */
  turn?: 'taken' | undefined
}

/** The keys whose last request was not answered, of which the newest count. */
const MOST_UNANSWERED = 1_000

export function createReplier(
  store: OperationsStore,
  host: string,
  github: GitHubApp,
  hmacKey: Buffer,
  log: { warn(fields: object, message: string): void },
  inTurn = createTurns(),
): Replier {
  const unanswered = new LRUCache<string, true>({ max: MOST_UNANSWERED })
  const write = async (thread: PullRequestRef, key: string, reply: Written) => {
    // GitHub may have it without having said so, or without our row: it is asked, later than for the snapshot.
    const mayBeThere = unanswered.has(key) || isRepeatedAttempt()
    const told = reply.id !== undefined || mayBeThere ? undefined : reply.told
    const ids = told?.map(({ id }) => id)
    const isNew = ids !== undefined && (await withoutRow(store, ids)).length === 0
    unanswered.set(key, true)
    return ask(send(github, thread, { ...reply, isNew }))
  }
  const save = async (key: string, reply: Omit<SentReply, 'age'>, before: number | null) => {
    const isSaved = await saveReply(store, key, reply, before)
    unanswered.delete(key)
    return isSaved
  }
  const say: Replier = async (thread, key, text, options = {}) => {
    const { when, told } = options
    const marker = markerOf(hmacKey, host, key)
    const body = bodyOf(text, marker)
    const known = await findReply(store, key)
    if (when === 'if-said' && known?.commentId == null) return
    if (known?.refused != null && known.body === body && known.age < ASK_AGAIN_MS) return
    if (known?.commentId != null && known.sentBody === body && isThere(known.commentId, told)) return
    const before = known?.commentId ?? null
    const sent = await write(thread, key, { marker, body, id: before ?? undefined, told })
    if ('refused' in sent) {
      const { status, why } = sent.refused
      if (why === 'account') throw waitFor(sent.refused)
      log.warn({ key, status }, 'reply: GitHub does not take it')
      const refused = `GitHub answered ${status}`
      await save(key, { body, commentId: before, sentBody: known?.sentBody ?? null, refused }, before)
      return
    }
    const commentId = sent.known
    if (await save(key, { body, commentId, sentBody: body, refused: null }, before)) return
    // Another replica sent this reply at the same moment. Its comment stays, and gets this text.
    const theirs = (await findReply(store, key))?.commentId
    if (theirs != null && theirs !== commentId) await ask(deleteComment(github, thread, commentId))
    await say(thread, key, text, { when })
  }
  return (thread, key, text, options) => {
    const send = () => say(thread, key, text, options)
    return options?.turn === 'taken' ? send() : inTurn(key, send)
  }
}

/** The time at which our reply with a key was written or last changed, by GitHub; undefined where there is none. */
export type ReplyFinder = (thread: PullRequestRef, key: string) => Promise<Date | undefined>

export function createReplyFinder(host: string, github: GitHubApp, hmacKey: Buffer): ReplyFinder {
  return async (thread, key) => (await find(github, thread, markerOf(hmacKey, host, key)))?.updatedAt
}

/** Signed markers, hidden in our comments. Each stores a key, and nobody but us can write one. */
export interface SignedMarkers {
  seal(key: string): string
  /** The keys of the markers on a thread that begin with `prefix`. */
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

/** The text of a reply as it is sent. */
export function createBodyOf(host: string, hmacKey: Buffer): (key: string, text: string) => string {
  return (key, text) => bodyOf(text, markerOf(hmacKey, host, key))
}

function bodyOf(text: string, marker: string): string {
  return `${fit(text, MOST_OF_COMMENT)}\n\n${marker}`
}

interface Written {
  marker: string
  body: string
  /** The comment that has the reply, by our row. */
  id: number | undefined
  told?: readonly ToldComment[] | undefined
}

/** False for a comment that somebody deleted, or edited, since we wrote it. */
export function isThere(id: number, told: readonly ToldComment[] | undefined): boolean {
  return told === undefined || told.some((one) => one.id === id && !one.isEdited)
}

/** `isNew`: GitHub has no comment with this marker. */
async function send(
  github: GitHubApp,
  thread: PullRequestRef,
  { marker, body, id, isNew }: Written & { isNew: boolean },
): Promise<number> {
  if (id !== undefined && (await updateComment(github, thread, id, body))) return id
  const found = isNew ? undefined : await find(github, thread, marker)
  if (found === undefined) return createComment(github, thread, thread.number, body)
  if (found.body.trim() !== body.trim()) await updateComment(github, thread, found.id, body)
  return found.id
}

/** The marker hidden in each comment of ours. Its HMAC keeps others from writing one for a key of their choice. */
function markerOf(hmacKey: Buffer, host: string, key: string): string {
  const mac = createHmac('sha256', hmacKey).update(`reply\n${host}\n${key}`).digest('hex').slice(0, 32)
  return `<!-- wasteland-bridge ${key} ${mac} -->`
}
