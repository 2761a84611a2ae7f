import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** By store: it is written once, when a version that knows the forms starts for the first time. */
const known = new WeakMap<OperationsStore, Promise<Date>>()

/**
 * Since when texts are read in every form that this version knows. One that was written before, and is met by a scheduled job or
 * a redelivery, says only what the version of its time read in it. Rejects with Unavailable when the store is lost.
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
