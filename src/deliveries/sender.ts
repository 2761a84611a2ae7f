import type { ForgeEvent } from '../events/forge-event.ts'

/** Who did what an event tells of, and where. */
export interface Who {
  installation: number
  repository: number
  name: { owner: string; repo: string }
  /** The account that did it. */
  sender: { id: number; login: string; type: 'Bot' | 'User' }
}

/** Undefined for what happened in no repository, and for what GitHub names nobody for. */
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

/** What anybody can set off by writing something, by changing their own pull request, or by a button. */
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
