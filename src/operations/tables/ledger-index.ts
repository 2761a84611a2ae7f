import { sql } from 'kysely'
import { SAME_OWNER } from '../../domain/stamp.ts'
import type { EndedTie } from '../../domain/ties.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { caughtUp } from './index-catch-up.ts'
import { type IndexedAt, indexedRead } from './indexed-read.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/**
 * Idempotency check: whether a command's effect is in the ledger, undone or not. Must be called inside a transaction of
 * the ledger, where the head stands still.
 */
export async function commandHasRun(
  store: OperationsStore,
  ledger: Ledger,
  command: string,
  at?: IndexedAt,
): Promise<boolean> {
  return (await factAsked(store, ledger, { command }, at)).hasRun
}

/**
 * Every tie of one owner that has ended. Must be called inside a transaction of the ledger, where the head stands
 * still.
 */
export async function endedTies(store: OperationsStore, ledger: Ledger): Promise<readonly EndedTie[]> {
  return (await factAsked(store, ledger, { ties: true })).ended
}

/** The facts that decide who was of one owner while an item was worked on. */
export interface OwnerHistory {
  /** Every tie of one owner that has ended. */
  ended: readonly EndedTie[]
  /** The time of the first claim or submission of the item, by anybody; undefined where the ledger has no such commit. */
  begun: Date | undefined
}

/** Must be called inside a transaction of the ledger, as `endedTies`. */
export async function ownerHistory(
  store: OperationsStore,
  ledger: Ledger,
  wanted: string,
  at?: IndexedAt,
): Promise<OwnerHistory> {
  const { ended, begun } = await factAsked(store, ledger, { wanted, ties: true }, at)
  return { ended, begun }
}

interface FactRow {
  kind: 'ran' | 'begun' | 'ended'
  one: string
  other: string | null
  at: string | null
}

/** What a transaction decides on beside the ledger's rows: asked at the same moment, it is one statement. */
const factAsked = indexedRead(
  ({ wasteland }, asked: readonly { command?: string; wanted?: string; ties?: true }[]) => {
    const commands = asked.flatMap(({ command }) => command ?? [])
    const wanted = asked.flatMap((one) => one.wanted ?? [])
    const ties = asked.some((one) => one.ties === true)
    return sql<FactRow>`
      SELECT 'ran' AS kind, command AS one, NULL AS other, NULL::timestamptz AS at FROM commands_run
        WHERE wasteland = ${wasteland} AND command = ANY(${commands}::text[])
      UNION ALL SELECT 'begun', wanted_id, NULL, at FROM items_begun
        WHERE wasteland = ${wasteland} AND wanted_id = ANY(${wanted}::text[])
      UNION ALL SELECT 'ended', one, other, ended_at FROM ended_ties
        WHERE wasteland = ${wasteland} AND ${ties}::boolean`
  },
  (rows, asked) => {
    const of = (kind: FactRow['kind']) => rows.filter((row) => row.kind === kind)
    const ran = new Set(of('ran').map(({ one }) => one))
    const begun = new Map(of('begun').map(({ one, at }) => [one, new Date(at!)]))
    const ended = of('ended').map(({ one, other, at }): EndedTie => ({ one, other: other!, endedAt: new Date(at!) }))
    return asked.map(({ command = '', wanted = '' }) => ({ hasRun: ran.has(command), begun: begun.get(wanted), ended }))
  },
)

/** The fields of a stamp that are only in its commit's trailers. */
export interface StampRecord {
  /** The dimensions that its author gave. */
  given: string[]
  /** Head and diff of the pull request as they were judged. */
  head: string | null
  diff: string | null
}

/** The records of stamps by id. A stamp without one is of `wl` or `gt`, and all of its scores were given. */
export async function judgedIn(
  store: OperationsStore,
  ledger: Ledger,
  stamps: readonly string[],
): Promise<Map<string, StampRecord>> {
  const judged = await Promise.all(stamps.map(async (stamp) => [stamp, await judgedOf(store, ledger, stamp)] as const))
  return new Map(judged.flatMap(([stamp, one]) => (one === undefined ? [] : [[stamp, one]])))
}

const judgedOf = indexedRead(
  ({ db, wasteland }, stamps: readonly string[]) =>
    db
      .selectFrom('stamps_given')
      .select(['stamp', 'given', 'head', 'diff'])
      .where('wasteland', '=', wasteland)
      .where('stamp', 'in', stamps),
  (rows, stamps) => {
    const found = new Map(rows.map((row) => [row.stamp, row]))
    return stamps.map((stamp): StampRecord | undefined => {
      const row = found.get(stamp)
      return row && { given: row.given.split(', '), head: row.head, diff: row.diff }
    })
  },
)

/** The dimensions that each stamp's author gave, as `judgedIn`. */
export async function givenIn(...asked: Parameters<typeof judgedIn>): Promise<Map<string, string[]>> {
  return new Map([...(await judgedIn(...asked))].map(([stamp, { given }]) => [stamp, given]))
}

/**
 * The reason why this head of a completion's pull request was rejected; undefined when it was not. Must be called
 * inside a transaction of the ledger, or in a job of the pull request's key.
 */
export async function rejectedAt(
  store: OperationsStore,
  ledger: Ledger,
  completion: string,
  head: string,
): Promise<string | undefined> {
  await caughtUp(store, ledger)
  const row = await settle(
    store.db
      .selectFrom('rejections')
      .select('reason')
      .where('wasteland', '=', store.wasteland)
      .where('completion', '=', completion)
      .where('head', '=', head)
      .executeTakeFirst(),
  )
  return row?.reason
}

/**
 * Those of these stamps that are flagged as between rigs of one owner. Must be called inside the transaction of the
 * ledger that writes the missing flags.
 */
export async function flaggedAmong(
  store: OperationsStore,
  ledger: Ledger,
  stamps: readonly string[],
): Promise<Set<string>> {
  const flagged = await Promise.all(stamps.map((stamp) => isFlagged(store, ledger, stamp)))
  return new Set(stamps.filter((_, n) => flagged[n]))
}

const isFlagged = indexedRead(
  ({ db, wasteland }, stamps: readonly string[]) =>
    db
      .selectFrom('flags')
      .select('stamp')
      .where('wasteland', '=', wasteland)
      .where('stamp', 'in', stamps)
      .where(sql<boolean>`starts_with(reason, ${SAME_OWNER})`),
  (rows, stamps) => {
    const found = new Set(rows.map((row) => row.stamp))
    return stamps.map((stamp) => found.has(stamp))
  },
)
