import type { PullRequestRef } from '../domain/refs.ts'
import { isDeepStrictEqual } from 'node:util'
import { commandId } from '../domain/ids.ts'
import { findComment } from '../github/comments.ts'
import { endDeferred, type DeferredStamp, deferredOn, GIVEN } from '../operations/tables/deferred-stamps.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import { admissionOf } from '../authorization/check-admission.ts'
import { publishAtEnd } from '../pull-requests/publish-status.ts'
import type { Publications } from '../pull-requests/publications.ts'
import { type SyncOutcome, syncPullRequest } from '../pull-requests/sync-pull-request.ts'
import { issuesOf, type KnownPullRequest } from '../pull-requests/posted-from.ts'
import { once } from '../pull-requests/once.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { deferring } from '../replies/deferred.ts'
import { givenScores, readSealedKey, sayEnded } from '../services/defer-stamp.ts'
import { readOldStamp } from './parser/legacy-stamp-line.ts'
import { parseCommands } from './parser/parse.ts'
import { readCommand } from './parser/read.ts'
import { stamp } from './stamp.ts'
import type { Cause, SyncedPullRequest } from '../pull-requests/types.ts'
import type { StampArgs } from '../services/judgement-args.ts'
import type { CommandDeps } from './command.ts'
import { giveStamp } from '../services/stamp.ts'

/** Syncs a pull request, gives the stamps that were deferred until its merge, and publishes the results of both. */
export function syncAndGiveDeferredStamps(
  deps: CommandDeps,
  place: KnownPullRequest,
  cause: Cause,
): Promise<SyncOutcome> {
  return publishAtEnd(deps, async (publications) => {
    const synced = await syncPullRequest(deps, place, cause, publications)
    // An undecided pull request is synced again without an event. Until then a stamp would be refused for facts that
    // are not known yet.
    if (synced !== undefined && !('refused' in synced) && synced.snapshot.pull.merged && !synced.undecided)
      await giveDeferredStamps(deps, { place, cause, publications }, synced)
    return synced
  })
}

/** The merge of a pull request, at which its deferred stamps are given. */
interface Merge {
  place: KnownPullRequest
  cause: Cause
  publications: Publications
}

async function giveDeferredStamps(deps: CommandDeps, merge: Merge, synced: SyncedPullRequest): Promise<void> {
  const { deferred, known } = await deferredOn(deps.store, deps.host, synced.snapshot.pull.id)
  const waits =
    synced.settings['stamp-on'] === 'merge' &&
    synced.items.some(({ rest }) => rest === 'in-review' || rest === 'entered')
  const sealed = waits ? await readSealedStamps(deps, merge.place, synced) : []
  const since = await textFormsSince(deps.store)
  for (const one of deferred) await giveDeferred(deps, merge, synced, one, await readDeferredLine(one, since))
  for (const one of sealed.filter(({ command }) => !known.has(command)))
    await giveDeferred(deps, merge, synced, one, await readSealedLine(one.line))
}

/** Gives a deferred stamp as if its author gave it now. Where that is refused, the author is asked again, once. */
async function giveDeferred(
  deps: CommandDeps,
  { place, cause, publications }: Merge,
  { snapshot: { pull } }: SyncedPullRequest,
  stamp: DeferredStamp,
  args: StampArgs | undefined,
): Promise<void> {
  const { author_id: id, login: name, comment_kind: kind, comment_id, wanted_id: wanted } = stamp
  const context = {
    place,
    on: 'pull request' as const,
    snapshot: once(async () => fetchSnapshot(deps, place, await issuesOf(deps, place))),
    repository: pull.repository,
    admission: admissionOf(deps.checkAdmission, place),
    publications,
    comment: { kind, id: comment_id },
    author: { id, login: name, type: 'User' as const },
    at: pull.mergedAt!,
    delivery: cause.delivery,
  }
  const item = args?.item?.startsWith('c-') === true ? args.item : wanted
  const answer =
    args === undefined
      ? { ok: false, text: deferring.notSure(stamp.line, wanted) }
      : await giveStamp(deps, context, { ...args, item }, stamp.command, stamp)
  await sayEnded(deps, place, stamp, answer.ok ? deferring.givenAtMerge : deferring.notGiven)
  // A new comment, for an edit notifies nobody.
  if (!answer.ok) await deps.reply(place, `unpressed/${stamp.command}`, deferring.askedAgain(name, answer.text ?? ''))
  await endDeferred(deps.store, stamp.command, answer.ok ? GIVEN : 'asked')
}

/**
 * Reads the values of a deferred stamp like the version of the bridge that deferred it, for that version showed them to
 * the stamp's author.
 */
export async function readDeferredLine(
  { line, said_at: said }: Pick<DeferredStamp, 'line' | 'said_at'>,
  since: Date,
): Promise<StampArgs | undefined> {
  return new Date(said) < since ? readOldStamp(line) : argsOf(line)
}

/**
 * Reads the values of a deferred stamp of which only the signed marker is left. The marker names no version: undefined
 * where two versions read the line differently.
 */
export async function readSealedLine(line: string): Promise<StampArgs | undefined> {
  const [now, before] = [await argsOf(line), readOldStamp(line)]
  if (now === undefined || before === undefined) return now ?? before
  return isDeepStrictEqual(now, before) ? now : undefined
}

async function argsOf(line: string): Promise<StampArgs | undefined> {
  const [written] = (await parseCommands(line)) ?? []
  const read = written && readCommand([stamp], written)
  return read === undefined || 'error' in read ? undefined : read.args
}

/**
 * Restores the deferred stamps of a pull request from the signed markers in our answers and the comments of their
 * authors.
 */
async function readSealedStamps(
  deps: CommandDeps,
  place: PullRequestRef,
  { snapshot: { pull }, items }: SyncedPullRequest,
): Promise<DeferredStamp[]> {
  const keys = await deps.signedMarkers.read(place, 'held/')
  const found = await Promise.all(
    keys.map(async (key): Promise<DeferredStamp[]> => {
      const told = readSealedKey(key)
      const said = told && (await findComment(deps, place, place.number, told.comment))
      const line = told && said && (await lineOf(deps.host, told, said.body))
      // The comment was deleted or changed: its text at that time is not known.
      if (line === undefined || said?.author === undefined) return []
      const { command, head, diff, comment } = told!
      const args = await readSealedLine(line)
      const item = args?.item
      const { id: author_id, login: name } = said.author
      return [
        {
          command,
          host: deps.host,
          pull_request_id: pull.id,
          wanted_id: item !== undefined && item.startsWith('w-') ? item : items[0]!.wanted,
          comment_kind: comment.kind,
          comment_id: comment.id,
          author_id,
          login: name,
          line,
          given: givenScores(args ?? {}),
          head,
          diff,
          said_at: said.at,
        },
      ]
    }),
  )
  return found.flat()
}

/** The line of a comment that is this command: the command's id has the line's hash in it. */
async function lineOf(
  host: string,
  { command, comment }: NonNullable<ReturnType<typeof readSealedKey>>,
  body: string,
): Promise<string | undefined> {
  const nth = Number(command.slice(command.lastIndexOf('/') + 1))
  return ((await parseCommands(body)) ?? []).find(
    ({ line }) => commandId(host, comment, stamp.name, line, nth) === command,
  )?.line
}
