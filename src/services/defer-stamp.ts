import type { PullRequestRef } from '../domain/refs.ts'
import { MEASURES } from '../domain/stamp.ts'
import type { CommentRef } from '../domain/ids.ts'
import {
  endedBy,
  endDeferred,
  endOfDeferred,
  deferredAt,
  type DeferredStamp,
  saveDeferredStamp,
} from '../operations/tables/deferred-stamps.ts'
import { deferring } from '../replies/deferred.ts'
import type { JudgedWork } from './chosen-work.ts'
import { syncHere } from './sync-here.ts'
import { answerKey } from './answer-key.ts'
import type { StampArgs } from './judgement-args.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'

/**
 * Stores a stamp until the merge (`stamp-on: merge`), in the operations store. Its command, and the head and diff that
 * were judged, also go into our answer as a signed marker, from which the stamp is restored when that store is lost.
 */
export async function deferStamp(
  deps: ServiceDeps,
  context: CommandContext,
  id: string,
  { work, args, diff }: { work: JudgedWork; args: Partial<StampArgs>; diff: string },
): Promise<CommandResult> {
  const { place, comment, author, at, line } = context
  const stamp: DeferredStamp = {
    command: id,
    host: deps.host,
    pull_request_id: work.pull!.id,
    wanted_id: work.wanted,
    comment_kind: comment.kind,
    comment_id: comment.id,
    author_id: author.id,
    login: author.login,
    line: line!,
    given: givenScores(args),
    head: work.pull!.headSha,
    diff,
    said_at: at,
  }
  await saveDeferredStamp(deps.store, stamp)
  for (const replaced of await endedBy(deps.store, id)) await sayEnded(deps, place, replaced, deferring.noMore)
  const ended = await endOfDeferred(deps.store, id)
  await syncHere(deps, context)
  if (ended != null) return { ok: true, text: ended === 'asked' ? deferring.notGiven : deferring.noMore }
  return { ok: true, text: deferring.done(deps.signedMarkers.seal(sealedKey(stamp))) }
}

/** The values that a stamp gives, by name, as the status comment shows them until the merge. */
export function givenScores(args: Partial<StampArgs>): DeferredStamp['given'] {
  const names = [...MEASURES, 'message'] as const
  return Object.fromEntries(names.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])))
}

/** Edits our answer to a deferred stamp once the stamp has ended. The signed marker is removed with the old text. */
export async function sayEnded(
  deps: ServiceDeps,
  place: PullRequestRef,
  stamp: DeferredStamp,
  text: string,
): Promise<void> {
  await deps.reply(place, answerKey({ comment: { kind: stamp.comment_kind, id: stamp.comment_id } }), text)
}

/**
 * Ends the deferred stamps of the command's author on this pull request; false where there are none. A repeated command
 * finds the stamps that it ended before.
 */
export async function takeBackDeferred(deps: ServiceDeps, context: CommandContext, id: string): Promise<boolean> {
  const { place } = context
  if ((await endedBy(deps.store, id)).length === 0) {
    const own = await ownDeferred(deps, context)
    if (own.length === 0) return false
    for (const { command } of own) await endDeferred(deps.store, command, id)
  }
  for (const taken of await endedBy(deps.store, id)) await sayEnded(deps, place, taken, deferring.noMore)
  await syncHere(deps, context)
  return true
}

/** The deferred stamps of the command's author on this pull request. */
export async function ownDeferred(
  { store, host }: ServiceDeps,
  { author, repository, place }: CommandContext,
): Promise<DeferredStamp[]> {
  const deferred = await deferredAt(store, host, { repository_id: repository.id, number: place.number })
  return deferred.filter((stamp) => stamp.author_id === author.id)
}

/** The form of a signed marker's key. A diff hash of an earlier version has 64 digits. */
const KEY =
  /^held\/(?<command>\S+\/(?<kind>issue_comment|review_comment|review)\/(?<id>\d+)\/stamp\/[0-9a-f]{12}\/\d+)\/(?<head>[0-9a-f]{40})\/(?<diff>[0-9a-f]{64}|v[23](?:\.[0-9a-f]{40}){4})$/

/** The key of a deferred stamp's signed marker; its first word stays as it is, for old comments have it. */
function sealedKey({ command, head, diff }: Pick<DeferredStamp, 'command' | 'head' | 'diff'>): string {
  return `held/${command}/${head}/${diff}`
}

/** Reads the key of a signed marker of `deferStamp`; undefined for any other. */
export function readSealedKey(
  key: string,
): (Pick<DeferredStamp, 'command' | 'head' | 'diff'> & { comment: CommentRef }) | undefined {
  const found = KEY.exec(key)?.groups as Record<'command' | 'kind' | 'id' | 'head' | 'diff', string> | undefined
  if (found === undefined) return undefined
  const { command, kind, id, head, diff } = found
  return { command, head, diff, comment: { kind: kind as CommentRef['kind'], id: Number(id) } }
}
