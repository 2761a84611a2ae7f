import { sha256 } from '../domain/hash.ts'
import { commentIn } from './is-answered.ts'
import { readableEvent, type StoredEvent } from './stored-event.ts'
import type { Job } from './work.ts'

/**
 * The cause of a job, which is the same for the same work under another id: the text of a comment that GitHub delivers
 * again or that recovery finds, a later refresh of a pull request, another comparison of a repository.
 */
export function causeOf({ id, key, data }: { id: string; key: string; data: Job }): string {
  if ('event' in data || 'delivery' in data) return causeOfEvent(data) ?? id
  if ('reconcile' in data) return `reconcile ${key}`
  const [kind] = Object.keys(data)
  return `${kind} ${key}`
}

/**
 * The cause of an event with a comment: the comment and its text, for an edit brings another text. Undefined for any
 * other event, whose cause is its GUID, the id of the job.
 */
function causeOfEvent(stored: StoredEvent): string | undefined {
  const event = readableEvent(stored)
  const said = event && commentIn(event)
  return said && `${said.ref.kind} ${said.ref.id} ${sha256(said.text).slice(0, 16)}`
}
