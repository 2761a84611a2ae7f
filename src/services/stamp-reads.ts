import { childCompletionId } from '../domain/ids.ts'
import type { Rig } from '../domain/rig.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { findCompletion } from '../ledger/tables/completions.ts'
import { sameOwner } from '../ledger/tables/owners.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import { lastStampOf, stampsBy } from '../ledger/tables/stamps.ts'
import type { JudgedWork } from './chosen-work.ts'
import type { Participant } from './require-participant.ts'

/** A share of the work: the rig that it belongs to, and its completion if there is one already. */
export type Share = { rig: Pick<Rig, 'handle' | 'hopUri'>; completion?: string }

/** Reads what the transaction is going to ask for, if the ledger is as it was when the work was chosen. */
export async function readAhead(
  db: CommonsDb,
  { rig }: Pick<Participant, 'rig'>,
  work: Pick<JudgedWork, 'submitter' | 'completion'>,
  share: Share | undefined,
): Promise<void> {
  const subject = share?.rig.handle ?? work.submitter
  const completion = share === undefined ? work.completion : shareId(share, work.completion)
  await Promise.all([
    findRig(db, rig.handle),
    findRig(db, subject),
    findCompletion(db, completion),
    sameOwner(db, rig.handle),
    stampsBy(db, rig.handle, [completion]),
    lastStampOf(db, subject),
  ])
}

/** The completion of a share. */
export function shareId(share: Share, parent: string): string {
  return share.completion ?? childCompletionId(parent, share.rig.handle)
}
