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

/** The author, place and time of an action: of a command, or of a label that does the same. */
export interface ActionContext {
  place: PullRequestRef
  repository: RepositoryFacts
  /** Whether the repository's work may enter the ledger; checked once a command. */
  admission: RepositoryAdmission
  author: Account
  /** ISO 8601, GitHub's time of the comment. */
  at: string
  delivery: string
}

/** The author, place and time of a command, with its comment and its pull request. */
export interface CommandContext extends ActionContext {
  on: 'issue' | 'pull request'
  /**
   * The snapshot of the pull request for this command, fetched once; undefined on an issue, and where the pull request
   * is gone.
   */
  snapshot(): Promise<PullRequestSnapshot | undefined>
  /** The pull requests to publish at the end of the delivery, before the answer. */
  publications: Publications
  comment: CommentRef
  /** The global id of the comment. */
  nodeId?: string | undefined
  /** The commit that GitHub gives for a review, or for a comment beside a line; other comments have none. */
  saidOf?: SaidHead | undefined
  /** The command as it was written. */
  line?: string
  /** The words after the command that no option took. */
  prose?: readonly string[]
}

/**
 * The outcome of a command. `text` goes into our reply on the thread; without a text, a reaction is the answer.
 * `isAgain`: the command had run before, and its first answer, which knew more, is not replaced.
 */
export type CommandResult = { ok: true; text?: string; isAgain?: true } | { ok: false; text: string }

/** The dependencies of the services; `compose.ts` makes them. */
export interface ServiceDeps extends PublishDeps {
  signedMarkers: SignedMarkers
  imports: Pick<Imports, 'request' | 'erase' | 'sheetOf'>
}

/** The arguments of a command that ends an item for good. */
export interface FinalArgs {
  item?: string | undefined
  confirm?: 'confirm' | undefined
  reason?: string | undefined
}

/** The ids and names that could be read in a line that as a whole cannot be read. */
export interface IdsInLine {
  item?: string
  stamp?: string
  person?: string
  agent?: string
}
