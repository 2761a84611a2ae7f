import { z } from 'zod'
import { answerKey } from '../services/answer-key.ts'
import type { CommentRef } from '../domain/ids.ts'
import type { EventDeps } from '../events/event.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import type { ReplyFinder } from '../replies/replier.ts'
import type { StoredDelivery } from './webhook-endpoint.ts'

const KINDS: Readonly<Record<string, CommentRef['kind']>> = {
  issue_comment: 'issue_comment',
  pull_request_review: 'review',
  pull_request_review_comment: 'review_comment',
}

const Payload = z.object({
  action: z.string(),
  repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
  installation: z.object({ id: z.number() }),
  comment: z.object({ id: z.number(), body: z.string().nullish(), updated_at: z.string() }).optional(),
  review: z.object({ id: z.number(), body: z.string().nullish(), submitted_at: z.string().nullish() }).optional(),
  issue: z.object({ number: z.number() }).optional(),
  pull_request: z.object({ number: z.number(), updated_at: z.string() }).optional(),
})

/** Words that somebody spoke to us. */
export interface SpokenCommand {
  installation: number
  name: RepositoryName
  number: number
  comment: CommentRef
  /** ISO 8601: when it was written, or edited to what it is. */
  at: string
}

/** The text of a comment or review that a delivery brings. */
export function readSaid({
  name: event,
  payload,
}: StoredDelivery): { kind: CommentRef['kind']; id: number; body: string } | undefined {
  const read = Payload.safeParse(payload).data
  const kind = KINDS[event]
  const said = read?.comment ?? read?.review
  return kind === undefined || said === undefined ? undefined : { kind, id: said.id, body: said.body ?? '' }
}

/** Undefined for a delivery that has no command of anybody's. */
export function readSpoken({ name: event, payload }: StoredDelivery): SpokenCommand | undefined {
  const read = Payload.safeParse(payload).data
  const kind = KINDS[event]
  const said = read?.comment ?? read?.review
  if (read === undefined || kind === undefined || said === undefined || !/\/wl/i.test(said.body ?? '')) return undefined
  const { action, repository, installation, comment, review, issue, pull_request: pull } = read
  const number = issue?.number ?? pull?.number
  const submitted = action === 'edited' ? undefined : review?.submitted_at
  const at = comment?.updated_at ?? submitted ?? pull?.updated_at
  if (number === undefined || at === undefined) return undefined
  const name = { owner: repository.owner.login, repo: repository.name }
  return { installation: installation.id, name, number, comment: { kind, id: said.id }, at }
}

/**
 * Whether our answer to what was said stands on GitHub. What was done is in the ledger and is not done twice; but of
 * a refusal only the answer tells, and what was refused then could be granted now.
 */
export async function isAnswered(
  deps: Pick<EventDeps, 'installation'> & { repliedAt: ReplyFinder },
  delivery: StoredDelivery,
): Promise<boolean> {
  const spoken = readSpoken(delivery)
  if (spoken === undefined) return false
  const { installation, name, number, comment, at } = spoken
  const thread = { client: await deps.installation(installation), name, number }
  const replied = await deps.repliedAt(thread, answerKey({ comment }))
  return replied !== undefined && replied >= new Date(at)
}
