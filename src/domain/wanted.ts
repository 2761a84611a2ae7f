export const WANTED_TYPES = ['feature', 'bug', 'design', 'rfc', 'docs', 'research', 'community', 'inference'] as const
export const EFFORTS = ['trivial', 'small', 'medium', 'large', 'epic'] as const
export type WantedType = (typeof WANTED_TYPES)[number]
export type Effort = (typeof EFFORTS)[number]

export type WantedStatus = 'open' | 'claimed' | 'in_review' | 'completed' | 'withdrawn'

export interface Wanted {
  id: string
  title: string
  status: WantedStatus
  postedBy: string | null
  claimedBy: string | null
}

/** The tag of an item that nobody claims: each submission may be stamped. */
export const OPEN_BOUNTY = 'open-bounty'

/**
 * The tag of an item that validators of the work's repository may judge, even those who do not validate where it was
 * posted.
 */
export const JUDGED_ANYWHERE = 'judged-anywhere'

/** The trailer that records where an item was posted: the repository by GitHub's numeric id. */
export function postedIn(repositoryId: number, item: string): string {
  return `${repositoryId} ${item}`
}

/** The trailer that records who may judge an item. */
export function judgedWhere(where: 'anywhere' | 'here', item: string): string {
  return `${where} ${item}`
}

/** The fields of an item that commands change or list. */
export interface WantedDetails extends Wanted {
  description: string
  type: string | null
  priority: number
  tags: readonly string[]
  effort: Effort
  /** In the ledger's format, `2026-11-21 10:02:03`, UTC. */
  createdAt: string | null
  updatedAt: string | null
}

/**
 * The lifecycle, from → to. The WHERE of each write and the refusals come from this table.
 * The first eight are the protocol's; ours are `withdraw` (a pull request
 * closed or unlabelled before a stamp), `undo` (its only stamp taken back), and of an open bounty `adopt` (one entry
 * stamped) and `reopen` (that stamp taken back).
 */
export const TRANSITIONS = {
  claim: { from: 'open', to: 'claimed' },
  unclaim: { from: 'claimed', to: 'open' },
  done: { from: 'claimed', to: 'in_review' },
  accept: { from: 'in_review', to: 'completed' },
  close: { from: 'in_review', to: 'completed' },
  reject: { from: 'in_review', to: 'claimed' },
  delete: { from: 'open', to: 'withdrawn' },
  update: { from: 'open', to: 'open' },
  withdraw: { from: 'in_review', to: 'open' },
  undo: { from: 'completed', to: 'in_review' },
  adopt: { from: 'open', to: 'completed' },
  reopen: { from: 'completed', to: 'open' },
} as const satisfies Record<string, { from: WantedStatus; to: WantedStatus }>

export type Transition = keyof typeof TRANSITIONS

/** The word for a transition in the Dolt commit message, `wl <word>: <id>`, as `wl` and `gt` write it. */
export const MESSAGE_WORD = {
  claim: 'claim',
  unclaim: 'unclaim',
  done: 'done',
  accept: 'accept',
  close: 'close',
  reject: 'reject',
  delete: 'delete',
  update: 'update',
  withdraw: 'unclaim',
  undo: 'undo',
  adopt: 'accept',
  reopen: 'undo',
} as const satisfies Record<Transition, string>
