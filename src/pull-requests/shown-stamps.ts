import { type StampView, stampsOn } from '../ledger/tables/stamps.ts'
import { flaggedAmong, type StampRecord, judgedIn } from '../operations/tables/ledger-index.ts'
import { deferredOn } from '../operations/tables/deferred-stamps.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import type { ShownScores } from '../replies/scores.ts'
import { hasChanged } from './diff.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { SyncItemDeps } from './types.ts'
import type { ShownDeferred } from '../replies/shown-item.ts'

export type JudgedStamp = Omit<StampView, 'confidence' | 'severity'> &
  ShownScores & { flagged: boolean; judged: StampRecord | undefined }

/** The stamps on a completion, with the values that their authors gave, those that were filled in, and their flags. */
export async function shownStamps(
  { ledger, store }: Pick<SyncItemDeps, 'ledger' | 'store'>,
  completion: string,
): Promise<JudgedStamp[]> {
  const stamps = await ledger.read((db) => stampsOn(db, completion))
  const ids = stamps.map((stamp) => stamp.id)
  const judged = await judgedIn(store, ledger, ids)
  const flagged = await flaggedAmong(store, ledger, ids)
  return stamps.map((stamp) => ({
    ...stamp,
    given: judged.get(stamp.id)?.given,
    // For a peer's stamp it is not known what its author left out.
    confidence: judged.has(stamp.id) ? stamp.confidence : undefined,
    severity: judged.has(stamp.id) ? stamp.severity : undefined,
    flagged: flagged.has(stamp.id),
    judged: judged.get(stamp.id),
  }))
}

/** The stamps that wait for a pull request's merge, by item. */
export async function shownDeferred(
  { store, host }: Pick<SyncItemDeps, 'store' | 'host'>,
  { pull, diff: now }: Pick<PullRequestSnapshot, 'pull' | 'diff'>,
): Promise<Map<string, ShownDeferred[]>> {
  const { deferred } = await deferredOn(store, host, pull.id)
  const shown = new Map<string, ShownDeferred[]>()
  for (const { wanted_id: wanted, login, given, said_at: said, head, diff } of deferred) {
    const stale = await hasChanged({ head, diff }, pull, now)
    // Earlier versions stored no more of a stamp than its scores.
    const scoresOnly = new Date(said) < (await textFormsSince(store))
    shown.set(wanted, [...(shown.get(wanted) ?? []), { login, given, scoresOnly, stale }])
  }
  return shown
}
