import { sha256 } from '../domain/hash.ts'
import { commentIn } from './is-answered.ts'
import { readableEvent, type StoredEvent } from './stored-event.ts'
import type { Job } from './work.ts'

/**
 * What a job is about, the same for the same work under another id: a comment's text that GitHub delivers again or that
 * we find ourselves, a later look at a pull request, another comparison of a repository.
 */
export function causeOf({ id, key, data }: { id: string; key: string; data: Job }): string {
  if ('event' in data || 'delivery' in data) return causeOfEvent(data) ?? id
  if ('reconcile' in data) return `reconcile ${key}`
  const [kind] = Object.keys(data)
  return `${kind} ${key}`
}

/** Of words: the text itself, for an edit brings another. Of anything else its GUID, which the job has as its id. */
function causeOfEvent(stored: StoredEvent): string | undefined {
  const event = readableEvent(stored)
  const said = event && commentIn(event)
  return said && `${said.ref.kind} ${said.ref.id} ${sha256(said.text).slice(0, 16)}`
}
