import type { PullRequestPlace } from '../operations/tables/pull-request-items.ts'
import { takeRechecks } from '../operations/tables/rechecks.ts'
import type { OperationsStore } from '../operations/schema.ts'

interface RecheckDeps {
  host: string
  store: OperationsStore
  now(): Date
  revisit(at: PullRequestPlace): Promise<void>
}

/** The most rechecks of one run: too few to matter for GitHub's rate limits. */
const AT_ONCE = 50

/**
 * Enqueues a refresh of pull requests of which GitHub refused to tell something. The comparison of repositories would
 * not find them, since nothing of them has changed on GitHub.
 */
export async function pollRechecks({ host, store, now, revisit }: RecheckDeps): Promise<void> {
  for (const place of await takeRechecks(store, host, now(), AT_ONCE)) await revisit(place)
}
