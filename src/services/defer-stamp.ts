import { MEASURES } from '../domain/stamp.ts'
import type { CommentRef } from '../domain/ids.ts'
import { endedBy, endHeld, endOf, heldAt, type HeldStamp, holdStamp } from '../operations/held-stamps.ts'
import type { JudgedWork } from './chosen-work.ts'
import { syncHere } from './sync-here.ts'
import { answerKey } from './answer-key.ts'
import type { PullRequestTarget } from '../pull-requests/types.ts'
import type { StampArgs } from '../services/judgement-args.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'

/**
 * A stamp that is held until the merge (`press: merge`).
 *
 * It lies in the operations store. Its command, and the head and diff that were judged, are also sealed in our answer
 * to it, from which `press` builds it again when that store is lost.
 */
export async function hold(
  deps: ServiceDeps,
  context: CommandContext,
  id: string,
  { work, args, diff }: { work: JudgedWork; args: Partial<StampArgs>; diff: string },
): Promise<CommandResult> {
  const { place, comment, author, at, line } = context
  const stamp: HeldStamp = {
    command: id,
    host: deps.host,
    pull_request_id: work.pull!.id,
    wanted_id: work.wanted,
    comment_kind: comment.kind,
    comment_id: comment.id,
    author_id: author.id,
    login: author.login,
    line: line!,
    given: heldGiven(args),
    head: work.pull!.headSha,
    diff,
    said_at: at,
  }
  await holdStamp(deps.store, stamp)
  for (const replaced of await endedBy(deps.store, id)) await sayEnded(deps, place, replaced, NO_MORE)
  const ended = await endOf(deps.store, id)
  await syncHere(deps, context)
  if (ended != null) return { ok: true, text: ended === 'asked' ? NOT_PRESSED : NO_MORE }
  return { ok: true, text: `${HELD}\n\n${deps.signedMarkers.seal(heldKey(stamp))}` }
}

/** What the status shows of it until then. */
export function heldGiven(args: Partial<StampArgs>): HeldStamp['given'] {
  const names = [...MEASURES, 'message'] as const
  return Object.fromEntries(names.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])))
}

/** What our answer to a held stamp says when it has ended; the seal goes with what it said before. */
export async function sayEnded(
  deps: ServiceDeps,
  place: PullRequestTarget,
  held: HeldStamp,
  text: string,
): Promise<void> {
  await deps.reply(place, answerKey({ comment: { kind: held.comment_kind, id: held.comment_id } }), text)
}

/** Takes back what who speaks holds on this pull request; false where that is nothing. Again finds what it took. */
export async function takeBackHeld(deps: ServiceDeps, context: CommandContext, id: string): Promise<boolean> {
  const { place } = context
  if ((await endedBy(deps.store, id)).length === 0) {
    const own = await ownHeld(deps, context)
    if (own.length === 0) return false
    for (const { command } of own) await endHeld(deps.store, command, id)
  }
  for (const taken of await endedBy(deps.store, id)) await sayEnded(deps, place, taken, NO_MORE)
  await syncHere(deps, context)
  return true
}

/** What who speaks holds on this pull request. */
export async function ownHeld(
  { store, host }: ServiceDeps,
  { author, repository, place }: CommandContext,
): Promise<HeldStamp[]> {
  const held = await heldAt(store, host, { repository_id: repository.id, number: place.number })
  return held.filter((stamp) => stamp.author_id === author.id)
}

const HELD =
  'Held: this stamp enters the ledger when the pull request is merged with the work that you judged (a rebase or squash of it too). ' +
  'If other work is merged, you are asked again. `/wl undo` takes it back, another `/wl stamp` takes its place.'

const NO_MORE = 'This stamp is held no more: its author took it back, or gave another.'
export const NOT_PRESSED = 'This stamp is held no more: it was not pressed, for the reason below.'
export const PRESSED = 'Pressed: the stamp is in the ledger since the merge.'

/** A diff's hash of before is one of 64 digits. */
const KEY =
  /^held\/(?<command>\S+\/(?<kind>issue_comment|review_comment|review)\/(?<id>\d+)\/stamp\/[0-9a-f]{12}\/\d+)\/(?<head>[0-9a-f]{40})\/(?<diff>[0-9a-f]{64}|v2(?:\.[0-9a-f]{40}){4})$/

/** What is sealed of a held stamp. */
function heldKey({ command, head, diff }: Pick<HeldStamp, 'command' | 'head' | 'diff'>): string {
  return `held/${command}/${head}/${diff}`
}

export function readHeldKey(
  key: string,
): (Pick<HeldStamp, 'command' | 'head' | 'diff'> & { comment: CommentRef }) | undefined {
  const found = KEY.exec(key)?.groups as Record<'command' | 'kind' | 'id' | 'head' | 'diff', string> | undefined
  if (found === undefined) return undefined
  const { command, kind, id, head, diff } = found
  return { command, head, diff, comment: { kind: kind as CommentRef['kind'], id: Number(id) } }
}
