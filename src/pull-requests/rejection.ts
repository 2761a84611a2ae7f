import { readEvidence } from '../domain/evidence.ts'
import type { Rig } from '../domain/rig.ts'
import { findCompletion } from '../ledger/tables/completions.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { rejectedAt } from '../operations/tables/ledger-index.ts'
import { completionOf, type StepFacts } from './apply-item-step.ts'
import type { SyncItemDeps } from './types.ts'

/** The reason why a validator rejected the head that the pull request has now; undefined when nobody did. */
export async function rejectionOf(
  { store, ledger }: Pick<SyncItemDeps, 'store' | 'ledger'>,
  facts: StepFacts,
  rig: Rig,
): Promise<string | undefined> {
  return rejectedAt(store, ledger, completionOf(facts, rig), readEvidence(facts.evidence)?.head ?? '')
}

/**
 * True for a merged pull request whose head was rejected: that head is not submitted again, and no other can come. A
 * rejection is a command on the pull request itself, and jobs of one pull request run one after the other, so the
 * answer does not change meanwhile.
 */
export async function isSpent(deps: SyncItemDeps, pull: { merged: boolean }, facts: StepFacts): Promise<boolean> {
  if (!pull.merged) return false
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, facts.author))
  if (rig === undefined || (await rejectionOf(deps, facts, rig)) === undefined) return false
  // A rejected head that was force-pushed over a newer one is in review, as the newer one was.
  return (await deps.ledger.read((db) => findCompletion(db, completionOf(facts, rig)))) === undefined
}
