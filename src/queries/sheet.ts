import type { Rig } from '../domain/rig.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { stampsOf, workOf } from '../ledger/tables/sheet.ts'
import { flaggedAmong, givenIn } from '../operations/tables/ledger-index.ts'
import type { OperationsStore } from '../operations/schema.ts'
import { type Sheet, sheetOf } from '../reputation/sheet.ts'

/** A rig's work, its stamps and their totals. */
export async function sheetOfRig(
  { ledger, store }: { ledger: Ledger; store: OperationsStore },
  { handle }: Pick<Rig, 'handle'>,
): Promise<Sheet> {
  const { work, stamps } = await ledger.read(async (db) => ({
    work: await workOf(db, handle),
    stamps: await stampsOf(db, handle),
  }))
  const ids = stamps.map(({ id }) => id)
  const [given, flagged] = await Promise.all([givenIn(store, ledger, ids), flaggedAmong(store, ledger, ids)])
  return sheetOf(work, stamps, given, flagged)
}
