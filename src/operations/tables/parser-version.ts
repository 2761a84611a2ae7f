import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** Cache by store: the time is written once, when a version with the present parser starts for the first time. */
const known = new WeakMap<OperationsStore, Promise<Date>>()

/**
 * The time since which texts are parsed in every form that this version knows. A text that was written before, and is
 * found by a scheduled job or a redelivery, means only what the version of its time read in it. Rejects with
 * Unavailable when the store is lost.
 */
export function textFormsSince(store: OperationsStore): Promise<Date> {
  const since = known.get(store) ?? readSince(store)
  known.set(store, since)
  since.catch(() => known.delete(store))
  return since
}

async function readSince({ db }: OperationsStore): Promise<Date> {
  const { since } = await settle(
    db
      .selectFrom('text_forms')
      .select((of) => of.fn.max('since').as('since'))
      .executeTakeFirstOrThrow(),
  )
  return since
}
