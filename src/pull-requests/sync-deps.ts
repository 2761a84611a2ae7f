import type { CriteriaDeps } from './criteria.ts'
import type { CheckAdmission } from '../authorization/check-admission.ts'
import type { Replier } from '../replies/replier.ts'
import type { Checker } from '../replies/checker.ts'
import type { RigPage } from '../replies/status.ts'
import type { StatusWriter } from '../replies/status-writer.ts'
import type { RepositoryName } from '../github/pull-requests.ts'

/** The dependencies of a sync, which writes the ledger and publishes nothing. */
export interface SyncDeps extends CriteriaDeps {
  checkAdmission: CheckAdmission
}

/** The dependencies of publishing the result of a sync. */
export interface PublishDeps extends SyncDeps {
  reply: Replier
  check: Checker
  writeStatus: StatusWriter
  pageOf: RigPage
  /** The App's installation on a repository. */
  installationAt(name: RepositoryName): Promise<number | undefined>
}
