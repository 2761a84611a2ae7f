import { rewriteTable } from './rewrite-table.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore, SeedOutcome } from '../schema.ts'

export interface Seeded {
  place: number
  outcome: SeedOutcome
  github_id?: number | undefined
  /** The reason why it was skipped, a word. */
  reason?: string | undefined
}

/** The progress of a seeding. */
export interface Seeding {
  total: number
  outcomes: Record<SeedOutcome, number>
  /** The reasons for skipping, with the number of each. */
  reasons: { reason: string; n: number }[]
}

const ROWS = 1_000

/** Stores the people to seed, in order. */
export async function planSeeding(
  { db, wasteland }: OperationsStore,
  host: string,
  logins: readonly string[],
): Promise<void> {
  const rows = logins.map((login, place) => ({ wasteland, host, place, login }))
  await settle(
    db.transaction().execute(async (tx) => {
      for (let start = 0; start < rows.length; start += ROWS)
        await tx
          .insertInto('seeding')
          .values(rows.slice(start, start + ROWS))
          .execute()
    }),
  )
}

/** The next ones to seed. */
export async function nextToSeed(
  { db, wasteland }: OperationsStore,
  host: string,
  limit: number,
): Promise<{ place: number; login: string }[]> {
  return settle(
    db
      .selectFrom('seeding')
      .select(['place', 'login'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('outcome', 'is', null)
      .orderBy('place')
      .limit(limit)
      .execute(),
  )
}

/** Stores the results. */
export async function saveSeeded(
  { db, wasteland }: OperationsStore,
  host: string,
  seeded: readonly Seeded[],
): Promise<void> {
  await settle(
    db.transaction().execute(async (tx) => {
      for (const { place, ...change } of seeded)
        await tx
          .updateTable('seeding')
          .set(change)
          .where('wasteland', '=', wasteland)
          .where('host', '=', host)
          .where('place', '=', place)
          .execute()
    }),
  )
}

export async function seedingSoFar({ db, wasteland }: OperationsStore, host: string): Promise<Seeding> {
  const rows = await settle(
    db
      .selectFrom('seeding')
      .select((of) => ['outcome', 'reason', of.fn.countAll<string>().as('n')])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .groupBy(['outcome', 'reason'])
      .orderBy('n', 'desc')
      .execute(),
  )
  const count = (is: (row: { outcome: string | null }) => boolean) =>
    rows.filter(is).reduce((sum, { n }) => sum + Number(n), 0)
  const of = (outcome: SeedOutcome) => count((row) => row.outcome === outcome)
  return {
    total: count(() => true),
    outcomes: { written: of('written'), unchanged: of('unchanged'), skipped: of('skipped') },
    reasons: rows.flatMap(({ reason, n }) => (reason === null ? [] : [{ reason, n: Number(n) }])),
  }
}

/** Drops the plan and its results: they name people. */
export async function endSeeding({ db, wasteland }: OperationsStore, host: string): Promise<void> {
  await settle(db.deleteFrom('seeding').where('wasteland', '=', wasteland).where('host', '=', host).execute())
  await rewriteTable(db, 'seeding')
}

/** Removes one person from the plan. */
export async function eraseSeeded(
  { db, wasteland }: OperationsStore,
  { host, github_id, login }: { host: string; github_id: number; login: string },
): Promise<void> {
  await settle(
    db
      .deleteFrom('seeding')
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where((is) => is.or([is('github_id', '=', github_id), is(is.fn<string>('lower', ['login']), '=', login)]))
      .execute(),
  )
  await rewriteTable(db, 'seeding')
}
