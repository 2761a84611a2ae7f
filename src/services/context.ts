import type { PullRequestRef } from '../domain/refs.ts'
import type { RepositoryAdmission } from '../authorization/check-admission.ts'
import type { RepositoryFacts } from '../github/pull-requests.ts'
import type { Account } from '../domain/rig.ts'
import type { PullRequestSnapshot } from '../pull-requests/snapshot.ts'
import type { CommentRef } from '../domain/ids.ts'
import type { SaidHead } from '../pull-requests/judged-head.ts'
import type { Publications } from '../pull-requests/publications.ts'
import type { PublishDeps } from '../pull-requests/sync-deps.ts'
import type { SignedMarkers } from '../replies/replier.ts'
import type { Imports } from '../domain/imports.ts'

/** Who did something, where and when: said a command, or put a label that does the same. */
export interface ActionContext {
  place: PullRequestRef
  repository: RepositoryFacts
  /** Whether the repository's work may enter the ledger, asked once a command. */
  admission: RepositoryAdmission
  author: Account
  /** ISO 8601, GitHub's time of the comment. */
  at: string
  delivery: string
}

/** Who said a command, where and when. */
export interface CommandContext extends ActionContext {
  on: 'issue' | 'pull request'
  /** The pull request as this command finds it, asked once; undefined on an issue, and where it is gone. */
  snapshot(): Promise<PullRequestSnapshot | undefined>
  /** What is published at the end of the delivery, before the answer. */
  publications: Publications
  comment: CommentRef
  /** The global id of the comment. */
  nodeId?: string | undefined
  /** The commit that a review, or a comment beside a line, is about, as GitHub says; other comments are about none. */
  saidOf?: SaidHead | undefined
  /** The command as it was written. */
  line?: string
  /** Words behind it that no option took. */
  prose?: readonly string[]
}

/**
 * What a command came to. `text` is said on the thread; without one a reaction is the answer. `isAgain`: it had run
 * before, and its first answer, which knew more, stays where it was said.
 */
export type CommandResult = { ok: true; text?: string; isAgain?: true } | { ok: false; text: string }

/** What the services act with; `compose.ts` makes it. */
export interface ServiceDeps extends PublishDeps {
  signedMarkers: SignedMarkers
  imports: Pick<Imports, 'request' | 'erase' | 'sheetOf'>
}

/** What is said to end an item for good. */
export interface FinalArgs {
  item?: string | undefined
  confirm?: 'confirm' | undefined
  reason?: string | undefined
}

/** What a line that cannot be read names all the same. */
export interface IdsInLine {
  item?: string
  stamp?: string
  person?: string
  agent?: string
}
