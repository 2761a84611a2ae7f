import type { RepositoryName } from '../github/pull-requests.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { hasItemsFrom } from '../ledger/tables/wanted.ts'
import { itemsOf } from '../operations/tables/pull-request-items.ts'
import { mayClose, mayName } from './references.ts'
import type { OperationsStore } from '../operations/schema.ts'

interface ConcernDeps {
  host: string
  ledger: Ledger
  store: OperationsStore
}

/**
 * Whether a pull request may concern the bridge. Most of a busy repository name no item and never did: those cost no
 * request.
 */
export async function mayConcernUs(
  deps: ConcernDeps,
  { owner, repo }: RepositoryName,
  pull: { id: number; body: string; labels: readonly string[] },
): Promise<boolean> {
  // Nothing is parsed here: it is not known yet whether the pull request's repository is admitted.
  if (mayName(pull)) return true
  if ((await itemsOf(deps.store, deps.host, pull.id)).length > 0 || mayClose(pull.body)) return true
  // An issue may have been linked by hand, for which GitHub sends no event.
  return deps.ledger.read((db) => hasItemsFrom(db, `${owner}/${repo}`))
}
