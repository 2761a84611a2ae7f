import { sha256 } from '../domain/hash.ts'
import { readSaid } from './is-answered.ts'
import type { Job } from './work.ts'

/**
 * What a job is about, the same for the same work under another id: a comment's text that GitHub delivers again or that
 * we find ourselves, a later look at a pull request, another comparison of a repository.
 */
export function causeOf({ id, key, data }: { id: string; key: string; data: Job }): string {
  if ('delivery' in data) return causeOfDelivery(data.delivery) ?? id
  if ('reconcile' in data) return `reconcile ${key}`
  const [kind] = Object.keys(data)
  return `${kind} ${key}`
}

/** Of words: the text itself, for an edit brings another. Of anything else its GUID, which the job has as its id. */
function causeOfDelivery(delivery: Extract<Job, { delivery: unknown }>['delivery']): string | undefined {
  const said = readSaid(delivery)
  return said && `${said.kind} ${said.id} ${sha256(said.body).slice(0, 16)}`
}
