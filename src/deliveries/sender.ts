import type { ForgeEvent } from '../events/forge-event.ts'

/** The person who caused an event, and the repository in which it happened. */
export interface Who {
  installation: number
  repository: number
  name: { owner: string; repo: string }
  /** The account that caused the event. */
  sender: { id: number; login: string; type: 'Bot' | 'User' }
}

/**
 * The person and the repository of an event; undefined for an event in no repository, or for which GitHub names nobody.
 */
export function readWho({ repository, by }: Pick<ForgeEvent, 'repository' | 'by'>): Who | undefined {
  if (repository === undefined || by === undefined) return undefined
  const { installation, id, owner, repo } = repository
  return {
    installation,
    repository: id,
    name: { owner, repo },
    sender: { id: by.id, login: by.login, type: by.type === 'Bot' ? 'Bot' : 'User' },
  }
}

/** The events that anybody can cause: by writing something, by changing their own pull request, or by a button. */
const BY_ANYBODY: ReadonlySet<ForgeEvent['type']> = new Set<ForgeEvent['type']>([
  'comment',
  'review',
  'pull_request',
  'issue_opened',
  'issue_labelled',
  'issue_edited',
  'issue_transferred',
  'checks_rerequested',
])

export function isByAnybody({ type }: Pick<ForgeEvent, 'type'>): boolean {
  return BY_ANYBODY.has(type)
}
