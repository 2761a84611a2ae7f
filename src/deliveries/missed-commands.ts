import { MAX_COMMANDS, parseCommands } from '../commands/parser/parse.ts'
import { readCommand } from '../commands/parser/read.ts'
import { COMMANDS } from '../commands/registry.ts'
import { hasRunBefore, isPlain } from '../commands/written-before.ts'
import { answerKey } from '../services/answer-key.ts'
import { commandId } from '../domain/ids.ts'
import { GHOST_ID } from '../domain/rig.ts'
import { isSameText, oneLine } from '../domain/text.ts'
import { type Edits, readEdits } from '../github/comment-edits.ts'
import {
  listCommentsSince,
  type ListedPull,
  listReviewCommentsSince,
  listReviewTexts,
  type RecentComment,
} from '../github/recent-comments.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import { answeredAt } from './answered-before.ts'
import { type ForPerson, isOld, isUnderWay, type ReconcileDeps, type Served } from './missed.ts'
import { commentEvent, type Spoken, missedCommentId } from './missed-comment.ts'

/** The outcome for a comment whose commands were not answered: they are run, left for a person, or ignored. */
type Fate = { run: { at: string; before?: string } } | { left: ForPerson['why']; at: string } | undefined

/**
 * Finds commands since a time that were never answered, in conversations, in comments on lines of code and in the
 * reviews of these pull requests. Enqueues them in the order in which they were written. `leavesUnderWay`: one whose
 * delivery may be under way is left to the next comparison, for before a push of which we have not heard yet it would be
 * about another head.
 */
export async function findCommands(
  deps: ReconcileDeps,
  at: Served,
  recent: readonly ListedPull[],
  { since, leavesUnderWay }: { since: Date; leavesUnderWay: boolean },
): Promise<{ found: number; left: ForPerson[] }> {
  const unrun: Spoken[] = []
  const forms = await textFormsSince(deps.store)
  for (const said of await listSpoken(deps, at, recent, since)) if (!(await hasRun(deps, said, forms))) unrun.push(said)
  // REST tells neither who edited a comment nor that it was edited within the second in which it was written.
  const nodeIds = unrun.map((said) => said.nodeId)
  const edits = await readEdits(deps, at, nodeIds)
  const left: ForPerson[] = []
  const found: { said: Spoken; run: { at: string; before?: string } }[] = []
  for (const said of unrun) {
    const fate = await judge(deps, at, said, edits.get(said.nodeId), since)
    if (fate === undefined) continue
    if ('run' in fate && leavesUnderWay && isUnderWay(deps, fate.run.at)) continue
    if ('run' in fate) found.push({ said, run: fate.run })
    else left.push(await forPerson(said, fate))
  }
  let put = 0
  for (const { said, run } of found.toSorted((a, b) => Date.parse(a.run.at) - Date.parse(b.run.at))) {
    const guid = missedCommentId(deps.store, deps.host, said.comment, run.at)
    if ((await deps.queue.knows([guid])).has(guid)) continue
    // The command may be answered while it waits in the queue: GitHub's own delivery may still arrive.
    await deps.put(commentEvent(at, guid, said, run), true)
    put++
  }
  return { found: put, left }
}

async function listSpoken(
  deps: ReconcileDeps,
  at: Served,
  recent: readonly ListedPull[],
  since: Date,
): Promise<Spoken[]> {
  const all = [...(await listCommentsSince(deps, at, since)), ...(await listReviewCommentsSince(deps, at, since))]
  for (const pull of recent)
    if (Date.parse(pull.updatedAt) >= since.getTime()) all.push(...(await listReviewTexts(deps, at, pull.number)))
  const spoken: Spoken[] = []
  for (const said of all) if (await isSpoken(said)) spoken.push(said as Spoken)
  return spoken
}

/** True for a comment that a delivery would run, too: by a person, with a command in its plain text. */
async function isSpoken({ author, text }: RecentComment): Promise<boolean> {
  if (author === undefined || author.type === 'Bot' || author.id === GHOST_ID || !/\/wl/i.test(text)) return false
  return (await parseCommands(text))?.length !== 0
}

/**
 * True when the effect of every command of a comment is in the ledger. For a comment that an earlier version of this
 * bridge read, one of them is enough.
 */
async function hasRun(deps: ReconcileDeps, said: Spoken, forms: Date): Promise<boolean> {
  const all = await parseCommands(said.text)
  if (all === undefined) return false
  const isOld = new Date(said.updatedAt ?? said.createdAt) < forms
  if (isOld && !all.slice(0, MAX_COMMANDS).every(isPlain)) return hasRunBefore(deps, said.comment, all)
  for (const [index, one] of all.entries()) {
    const read = readCommand(COMMANDS, one)
    if ('error' in read) return false
    const nth = all.slice(0, index).filter((earlier) => earlier.line === one.line).length + 1
    const id = commandId(deps.host, said.comment, read.command.name, one.line, nth)
    if (!(await commandHasRun(deps.store, deps.ledger, id))) return false
  }
  return true
}

async function judge(
  deps: ReconcileDeps,
  at: Served,
  said: Spoken,
  edits: Edits | undefined,
  since: Date,
): Promise<Fate> {
  const written = edits?.lastEditedAt ?? said.updatedAt ?? said.createdAt
  if (Date.parse(written) < since.getTime()) return undefined
  const thread = { ...at, number: said.number }
  const answered = await answeredAt(deps, { thread, key: answerKey(said) }, new Date(written))
  if (answered !== undefined && answered >= new Date(written)) return undefined
  // The comment is gone meanwhile, or GitHub does not tell who edited it.
  if (edits === undefined) return { left: 'edit unknown', at: written }
  const wasEdited = edits.lastEditedAt !== undefined
  // A command that was answered before somebody else edited it is done: an edit by another person gives no command.
  if (wasEdited && !edits.byAuthorAlone)
    return answered === undefined ? { left: 'edited by another', at: written } : undefined
  if (isOld(deps, written)) return { left: 'old', at: written }
  if (!wasEdited) return { run: { at: said.createdAt } }
  const before = answered === undefined ? '' : textAt(edits, said.text, answered)
  return before === undefined ? { left: 'edit unknown', at: written } : { run: { at: written, before } }
}

/**
 * The text at the time of our answer; undefined where the versions that GitHub lists do not end with the present text.
 */
function textAt({ versions }: Edits, now: string, answered: Date): string | undefined {
  const last = versions.at(-1)
  if (last === undefined || !isSameText(last.text, now)) return undefined
  return versions.findLast((version) => new Date(version.at) <= answered)?.text
}

async function forPerson(
  { url, author, text }: Spoken,
  { left: why, at }: { left: ForPerson['why']; at: string },
): Promise<ForPerson> {
  const line = (await parseCommands(text))?.[0]?.line ?? text
  return { why, url, login: author.login, line: oneLine(line, 200), at: new Date(at) }
}
