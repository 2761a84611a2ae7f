import { type Earned, type EarnedSheet, type EarnedStamp, MOST_STAMPS } from '../domain/earned.ts'
import { readEvidence } from '../domain/evidence.ts'
import { type Account, readEntityUri, type Rig } from '../domain/rig.ts'
import { earnedBy } from '../ledger/tables/earned.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findRigOf, findRigsNamed } from '../ledger/tables/rigs.ts'
import { flaggedAmong, givenIn } from '../operations/tables/ledger-index.ts'
import type { OptOuts } from '../operations/tables/opt-outs.ts'
import type { OperationsStore } from '../operations/schema.ts'

interface EarnedDeps {
  host: string
  ledger: Ledger
  store: OperationsStore
  optOuts: Pick<OptOuts, 'has' | 'barsImports'>
}

/** Reads earned sheets from the commons at each request, uncached. */
export function earnedIn(deps: EarnedDeps): Earned {
  return {
    async find(who) {
      const rig = await rigFor(deps, who)
      if (rig === undefined) return undefined
      const account = accountOf(deps, rig)
      if (account !== undefined && (await deps.optOuts.has(deps.host, account.id))) return undefined
      const isForgotten = account !== undefined && (await deps.optOuts.barsImports(deps.host, account.id))
      return { ...(await sheetOf(deps, rig, account)), isForgotten }
    },
  }
}

/** Where several rigs' handles differ in case alone, none is found. */
async function rigFor(
  { host, ledger }: EarnedDeps,
  who: string | Pick<Account, 'id' | 'login'>,
): Promise<Rig | undefined> {
  return ledger.read(async (db) => {
    if (typeof who !== 'string') return findRigOf(db, host, who)
    const rigs = await findRigsNamed(db, who)
    return rigs.length === 1 ? rigs[0] : undefined
  })
}

function accountOf({ host }: EarnedDeps, { hopUri }: Rig): EarnedSheet['account'] {
  const entity = readEntityUri(hopUri)
  return entity?.host === host ? { id: entity.id, login: entity.login } : undefined
}

/** Stamps between rigs of one owner are left out: a sheet tells what others think. */
async function sheetOf(
  { ledger, store }: EarnedDeps,
  rig: Rig,
  account: EarnedSheet['account'],
): Promise<Omit<EarnedSheet, 'isForgotten'>> {
  const all = await ledger.read((db) => earnedBy(db, rig.handle))
  const ids = all.map(({ id }) => id)
  const [given, flagged] = await Promise.all([givenIn(store, ledger, ids), flaggedAmong(store, ledger, ids)])
  const counting = all.filter(({ id }) => !flagged.has(id))
  const stamps = counting.slice(0, MOST_STAMPS).map((stamp): EarnedStamp => {
    const named = given.get(stamp.id)
    const scores = Object.entries(stamp.scores).filter(([name]) => named?.includes(name) ?? true)
    return { ...stamp, scores: Object.fromEntries(scores), evidence: readEvidence(stamp.evidence)?.url }
  })
  return { handle: rig.handle, account, trustLevel: rig.trustLevel, stamps, total: counting.length }
}
