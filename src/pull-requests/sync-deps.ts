import type { CriteriaDeps } from './criteria.ts'
import type { CheckAdmission } from '../authorization/check-admission.ts'
import type { Replier } from '../replies/replier.ts'
import type { Checker } from '../replies/checker.ts'
import type { RigPage } from '../replies/status.ts'
import type { RepositoryName } from '../github/pull-requests.ts'

/** What a sync acts with: it writes the ledger, and says nothing. */
export interface SyncDeps extends CriteriaDeps {
  checkAdmission: CheckAdmission
}

/** What publishes the result of a sync. */
export interface PublishDeps extends SyncDeps {
  reply: Replier
  check: Checker
  pageOf: RigPage
  /** The App's installation on a repository. */
  installationAt(name: RepositoryName): Promise<number | undefined>
}
