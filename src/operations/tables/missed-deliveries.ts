import { sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** The position of the scan of GitHub's list of deliveries; `schema/operations/` describes the columns. */
export interface ScanCursor {
  since: Date
  mark: Date | undefined
  cursor: string | undefined
  newest: Date | undefined
}

/** A delivery that has not reached our queue. */
export interface MissedDelivery {
  guid: string
  attempt: string
  event: string
  deliveredAt: Date
  answered: boolean
  asked: number
  askedAt: Date | undefined
  lost: boolean
}

export async function findScanCursor({ db, wasteland }: OperationsStore): Promise<ScanCursor | undefined> {
  const row = await settle(
    db.selectFrom('delivery_looks').selectAll().where('wasteland', '=', wasteland).executeTakeFirst(),
  )
  return (
    row && {
      since: new Date(row.since),
      mark: dateOf(row.mark),
      cursor: row.cursor ?? undefined,
      newest: dateOf(row.newest),
    }
  )
}

export async function saveScanCursor({ db, wasteland }: OperationsStore, scan: ScanCursor): Promise<void> {
  const row = {
    since: scan.since,
    mark: scan.mark ?? null,
    cursor: scan.cursor ?? null,
    newest: scan.newest ?? null,
  }
  await settle(
    db
      .insertInto('delivery_looks')
      .values({ wasteland, ...row })
      .onConflict((conflict) => conflict.column('wasteland').doUpdateSet(row))
      .execute(),
  )
}

/** Stores missed deliveries, each GUID once; updates those that are stored already. */
export async function noteMissed(
  { db, wasteland }: OperationsStore,
  missed: readonly Pick<MissedDelivery, 'guid' | 'attempt' | 'event' | 'deliveredAt' | 'answered'>[],
): Promise<void> {
  if (missed.length === 0) return
  const rows = missed.map(({ deliveredAt, ...row }) => ({
    wasteland,
    ...row,
    delivered_at: deliveredAt,
    asked_at: null,
  }))
  await settle(
    db
      .insertInto('missed_deliveries')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['wasteland', 'guid']).doUpdateSet({
          answered: sql<boolean>`missed_deliveries.answered OR excluded.answered`,
          delivered_at: sql<Date>`LEAST(missed_deliveries.delivered_at, excluded.delivered_at)`,
          attempt: sql<string>`CASE WHEN excluded.delivered_at < missed_deliveries.delivered_at
            THEN excluded.attempt ELSE missed_deliveries.attempt END`,
        }),
      )
      .execute(),
  )
}

/** The missed deliveries in the order in which they happened: GitHub's times are whole seconds, its numbers rise. */
export async function listMissed({ db, wasteland }: OperationsStore): Promise<MissedDelivery[]> {
  const rows = await settle(
    db
      .selectFrom('missed_deliveries')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .orderBy('delivered_at')
      .orderBy(sql`attempt::numeric`)
      .execute(),
  )
  return rows.map(({ guid, attempt, event, answered, asked, lost, ...row }) => ({
    guid,
    attempt,
    event,
    answered,
    asked,
    lost,
    deliveredAt: new Date(row.delivered_at),
    askedAt: dateOf(row.asked_at),
  }))
}

/** Marks that we request its redelivery. False when another replica has requested it meanwhile, or it has arrived. */
export async function markAsked(
  { db, wasteland }: OperationsStore,
  { guid, asked }: MissedDelivery,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await settle(
    db
      .updateTable('missed_deliveries')
      .set({ asked: asked + 1, asked_at: at })
      .where('wasteland', '=', wasteland)
      .where('guid', '=', guid)
      .where('asked', '=', asked)
      .executeTakeFirst(),
  )
  return numUpdatedRows > 0n
}

/** Takes the mark back, after the request failed. */
export async function unmarkAsked({ db, wasteland }: OperationsStore, missed: MissedDelivery): Promise<void> {
  await settle(
    db
      .updateTable('missed_deliveries')
      .set({ asked: missed.asked, asked_at: missed.askedAt ?? null })
      .where('wasteland', '=', wasteland)
      .where('guid', '=', missed.guid)
      .where('asked', '=', missed.asked + 1)
      .execute(),
  )
}

export async function markLost({ db, wasteland }: OperationsStore, guid: string): Promise<void> {
  await settle(
    db
      .updateTable('missed_deliveries')
      .set({ lost: true })
      .where('wasteland', '=', wasteland)
      .where('guid', '=', guid)
      .execute(),
  )
}

export async function dropMissed({ db, wasteland }: OperationsStore, guids: readonly string[]): Promise<void> {
  if (guids.length === 0) return
  await settle(
    db.deleteFrom('missed_deliveries').where('wasteland', '=', wasteland).where('guid', 'in', guids).execute(),
  )
}

/** Drops lost deliveries that happened, and were last requested, before a time. */
export async function dropLost({ db, wasteland }: OperationsStore, before: Date): Promise<void> {
  await settle(
    db
      .deleteFrom('missed_deliveries')
      .where('wasteland', '=', wasteland)
      .where('lost', '=', true)
      .where(sql<Date>`GREATEST(delivered_at, asked_at)`, '<', before)
      .execute(),
  )
}

function dateOf(value: Date | string | null): Date | undefined {
  return value === null ? undefined : new Date(value)
}
