import { LRUCache } from 'lru-cache'
import { parseComment } from '../commands/parser/parse.ts'
import { type PullRequestParts, readParts } from '../github/pull-request-parts.ts'
import { completionsOf } from '../ledger/tables/completions.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import { hasStamp, stampsOn } from '../ledger/tables/stamps.ts'
import { hasItemsFrom } from '../ledger/tables/wanted.ts'
import { claimsOf, describeWanted } from '../ledger/tables/wanted-details.ts'
import { findClaim } from '../operations/tables/claims.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import { headsOf } from '../operations/tables/pull-request-heads.ts'
import { itemsOf } from '../operations/tables/pull-request-items.ts'
import { hasRecheck } from '../operations/tables/rechecks.ts'
import { usedBy } from '../operations/tables/request-budgets.ts'
import { skillsOf } from '../reputation/skills.ts'
import { readDelivery } from './stored-event.ts'
import { COMMENT_DELIVERY, PULL_REQUEST_NODE } from './warm-up-samples.ts'
import type { WorkDeps } from './work.ts'

type WarmUpDeps = Pick<WorkDeps, 'host' | 'store' | 'ledger' | 'optOuts' | 'queue'>

/** An id that no row has. */
const NOBODY = 0

/**
 * Warms up what a command uses, so that the first one is answered as soon as the tenth: connections of the stores are
 * opened and their statements planned by reads that find nothing, and the readers of comments and pull requests are
 * compiled by samples. Asks GitHub nothing, and writes nothing but the ledger's index, which a read brings up to the head.
 */
export async function warmUp(deps: WarmUpDeps): Promise<void> {
  await Promise.all([readOperations(deps), readLedger(deps)])
  await readSamples()
}

async function readOperations({ store, ledger, host, optOuts, queue }: WarmUpDeps): Promise<void> {
  await Promise.all([
    queue.knows([COMMENT_DELIVERY.guid]),
    usedBy(store, host, new Date(0), ['']),
    textFormsSince(store),
    itemsOf(store, host, NOBODY),
    optOuts.has(host, NOBODY),
    commandHasRun(store, ledger, ''),
    headsOf(store, host, NOBODY),
    findClaim(store, ''),
    hasRecheck(store, host, { repository_id: NOBODY, number: 0 }),
  ])
}

async function readLedger({ ledger }: WarmUpDeps): Promise<void> {
  await Promise.all([
    ledger.read((db) => hasItemsFrom(db, '')),
    ledger.read((db) => describeWanted(db, '')),
    ledger.read((db) => findRig(db, '')),
    ledger.read((db) => claimsOf(db, '')),
    ledger.read((db) => completionsOf(db, '')),
    ledger.read((db) => hasStamp(db, '')),
    ledger.read((db) => stampsOn(db, '')),
  ])
}

/** Reads the samples; resolves to what was read of the pull request. */
export async function readSamples(): Promise<{ parts: PullRequestParts; isRead: boolean }> {
  const event = readDelivery(COMMENT_DELIVERY)
  const comment = await parseComment(COMMENT_DELIVERY.payload.comment.body)
  const skills = skillsOf([{ path: 'sample.go', additions: 1, deletions: 0 }], [])
  const parts = readParts(PULL_REQUEST_NODE, {
    spoiled: new Set(),
    name: { owner: 'sample', repo: 'sample' },
    bots: new LRUCache({ max: 1 }),
    texts: new Map(),
  })
  const pull = { headSha: PULL_REQUEST_NODE.headRefOid }
  const told = [event, comment?.commands[0], skills[0], parts.pull, parts.commits(pull), parts.checks(pull, NOBODY)]
  return { parts, isRead: told.every((one) => one !== undefined) }
}
