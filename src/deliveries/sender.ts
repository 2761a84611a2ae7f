import { z } from 'zod'
import type { StoredDelivery } from './webhook-endpoint.ts'

/** Who did what a delivery tells of, and where. */
export interface Who {
  installation: number
  repository: number
  name: { owner: string; repo: string }
  /** The account that did it. */
  sender: { id: number; login: string; type: 'Bot' | 'User' }
}

const Payload = z.object({
  installation: z.object({ id: z.number() }),
  repository: z.object({ id: z.number(), name: z.string(), owner: z.object({ login: z.string() }) }),
  sender: z.object({ id: z.number(), login: z.string(), type: z.string().optional() }),
})

/** Undefined for a delivery of no repository's. */
export function readWho({ payload }: Pick<StoredDelivery, 'payload'>): Who | undefined {
  const read = Payload.safeParse(payload).data
  if (read === undefined) return undefined
  const { installation, repository, sender } = read
  return {
    installation: installation.id,
    repository: repository.id,
    name: { owner: repository.owner.login, repo: repository.name },
    sender: { id: sender.id, login: sender.login, type: sender.type === 'Bot' ? 'Bot' : 'User' },
  }
}

/** What anybody can set off by writing something or by changing their own pull request. */
const BY_ANYBODY = new Set([
  'issue_comment',
  'issues',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
])

export function isByAnybody({ name, payload }: Pick<StoredDelivery, 'name' | 'payload'>): boolean {
  // A button, for who may write.
  return BY_ANYBODY.has(name) || payload['action'] === 'rerequested'
}
