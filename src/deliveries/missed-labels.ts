import { uuidOf } from '../domain/hash.ts'
import { EVENT_VERSION, type IssueLabelledEvent } from '../events/forge-event.ts'
import { labelAnswer, posts } from '../events/issues.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { answeredAt, type ReplyRef } from './answered-before.ts'
import { type ForPerson, isOld, type ReconcileDeps, servedRepository, type Served } from './missed.ts'
import { type LabelledIssue, lastLabelling, listLabelledSince } from '../github/labelled-issues.ts'

/**
 * Finds issues since a time that the label of the settings should have posted. Enqueues an event for each, by the
 * person who put the label on.
 */
export async function findLabels(
  deps: ReconcileDeps,
  at: Served,
  since: Date,
): Promise<{ found: number; left: ForPerson[] }> {
  const { wanted } = at.settings.labels
  if (!posts(at.settings, wanted)) return { found: 0, left: [] }
  const left: ForPerson[] = []
  let found = 0
  for (const issue of await listLabelledSince(deps, at, wanted, since)) {
    const put = await missedLabel(deps, at, issue, since)
    if (put === undefined) continue
    const line = `label ${wanted}`
    if (isOld(deps, put.at)) {
      left.push({ why: 'old', url: issue.url, login: put.actor.login, line, at: new Date(put.at) })
      continue
    }
    const guid = uuidOf(['unheard label', deps.store.wasteland, deps.host, issue.id, put.id])
    if ((await deps.queue.knows([guid])).has(guid)) continue
    const event: IssueLabelledEvent = {
      v: EVENT_VERSION,
      type: 'issue_labelled',
      delivery: guid,
      name: 'issues.labeled',
      installation: at.installation,
      repository: servedRepository(at),
      by: put.actor,
      issue: { id: issue.id, number: issue.number, url: issue.url, at: put.at },
      label: wanted,
    }
    await deps.put(event, false)
    found++
  }
  return { found, left }
}

/**
 * The event by which the label was put on. Undefined where the issue is on the board, where our reply said why not,
 * where a bot put the label on, or where somebody did before `since`.
 */
async function missedLabel(deps: ReconcileDeps, at: Served, issue: LabelledIssue, since: Date) {
  const onBoard = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
  if (onBoard !== undefined) return undefined
  const put = await lastLabelling(deps, at, issue.number, at.settings.labels.wanted)
  if (put === undefined || put.actor.type === 'Bot' || Date.parse(put.at) < since.getTime()) return undefined
  const asked: ReplyRef = { thread: { ...at, number: issue.number }, key: labelAnswer(issue.id) }
  const answered = await answeredAt(deps, asked, new Date(put.at))
  return answered !== undefined && answered >= new Date(put.at) ? undefined : put
}
