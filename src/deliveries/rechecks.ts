import type { PullRequestPlace } from '../operations/tables/pull-request-items.ts'
import { takeRechecks } from '../operations/tables/rechecks.ts'
import type { OperationsStore } from '../operations/schema.ts'

interface RecheckDeps {
  host: string
  store: OperationsStore
  now(): Date
  revisit(at: PullRequestPlace): Promise<void>
}

/** So many at once are less than GitHub's limits feel. */
const AT_ONCE = 50

/**
 * Has pull requests looked at again of which GitHub refused to tell something: the comparison of repositories would
 * not come by, since nothing of them has changed on GitHub.
 */
export async function pollRechecks({ host, store, now, revisit }: RecheckDeps): Promise<void> {
  for (const place of await takeRechecks(store, host, now(), AT_ONCE)) await revisit(place)
}
