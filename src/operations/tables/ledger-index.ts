import { type Kysely, sql } from 'kysely'
import { readTrailers } from '../../domain/commit-message.ts'
import { SAME_OWNER } from '../../domain/stamp.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { createCoalescer } from '../../ops/batcher.ts'
import { clearOwnership, saveOwnership, savePostings, saveTrustChanges } from './ownership-index.ts'
import { batchedRead } from '../postgres/batched-read.ts'
import { clearReverts, saveReverts } from './revert-index.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/**
 * An index of the trailers in Dolt's history, which Dolt itself can only scan: those of commits that the bridge signed
 * or vouched for, in the order of their sequence. It is updated to the ledger's head before each answer. It may be
 * lost: it is rebuilt from the ledger alone.
 */
const ROWS = 1000

/**
 * Idempotency check: whether a command's effect is in the ledger, undone or not. Must be called inside a transaction of
 * the ledger, where the head stands still.
 */
export async function commandHasRun(store: OperationsStore, ledger: Ledger, command: string): Promise<boolean> {
  await caughtUp(store, ledger)
  return hasRun(store, command)
}

const hasRun = batchedRead(async ({ db, wasteland }, commands: readonly string[]) => {
  const rows = await settle(
    db
      .selectFrom('commands_run')
      .select('command')
      .where('wasteland', '=', wasteland)
      .where('command', 'in', commands)
      .execute(),
  )
  const found = new Set(rows.map((row) => row.command))
  return commands.map((command) => found.has(command))
})

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
  if (stamps.length === 0) return new Map()
  await caughtUp(store, ledger)
  const judged = await Promise.all(stamps.map(async (stamp) => [stamp, await judgedOf(store, stamp)] as const))
  return new Map(judged.flatMap(([stamp, one]) => (one === undefined ? [] : [[stamp, one]])))
}

const judgedOf = batchedRead(async ({ db, wasteland }, stamps: readonly string[]) => {
  const rows = await settle(
    db
      .selectFrom('stamps_given')
      .select(['stamp', 'given', 'head', 'diff'])
      .where('wasteland', '=', wasteland)
      .where('stamp', 'in', stamps)
      .execute(),
  )
  const found = new Map(rows.map((row) => [row.stamp, row]))
  return stamps.map((stamp): StampRecord | undefined => {
    const row = found.get(stamp)
    return row && { given: row.given.split(', '), head: row.head, diff: row.diff }
  })
})

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
  if (stamps.length === 0) return new Set()
  await caughtUp(store, ledger)
  const flagged = await Promise.all(stamps.map((stamp) => isFlagged(store, stamp)))
  return new Set(stamps.filter((_, n) => flagged[n]))
}

const isFlagged = batchedRead(async ({ db, wasteland }, stamps: readonly string[]) => {
  const rows = await settle(
    db
      .selectFrom('flags')
      .select('stamp')
      .where('wasteland', '=', wasteland)
      .where('stamp', 'in', stamps)
      .where(sql<boolean>`starts_with(reason, ${SAME_OWNER})`)
      .execute(),
  )
  const found = new Set(rows.map((row) => row.stamp))
  return stamps.map((stamp) => found.has(stamp))
})

const readings = new WeakMap<OperationsStore, WeakMap<Ledger, () => Promise<void>>>()

/** Resolves when the index has everything that the ledger had at the call. */
export async function caughtUp(store: OperationsStore, ledger: Ledger): Promise<void> {
  const ofStore = readings.get(store) ?? new WeakMap<Ledger, () => Promise<void>>()
  readings.set(store, ofStore)
  const reading = ofStore.get(ledger) ?? createCoalescer(() => catchUp(store, ledger))
  ofStore.set(ledger, reading)
  return reading()
}

async function catchUp({ db, wasteland }: OperationsStore, ledger: Ledger) {
  const head = await ledger.head()
  const known = await settle(
    db.selectFrom('indexed_heads').select('hash').where('wasteland', '=', wasteland).executeTakeFirst(),
  )
  if (known?.hash === head) return
  const { commits, whole, head: readTo } = await ledger.commitsSince(known?.hash)
  const read = commits.flatMap(({ hash, message, sequence }) =>
    readTrailers(message).map((trailers) => ({ hash, sequence, trailers })),
  )
  const ended = await ledger.tiesEndedBy(new Map(commits.map(({ hash, date }) => [hash, date])))
  await settle(
    db.transaction().execute(async (tx) => {
      if (whole) await clear(tx, wasteland)
      await saveOwnership(tx, wasteland, commits, ended)
      await savePostings(tx, wasteland, read)
      await saveTrustChanges(tx, wasteland, read)
      for (let start = 0; start < read.length; start += ROWS) {
        await save(tx, wasteland, read.slice(start, start + ROWS))
        await saveReverts(tx, wasteland, read.slice(start, start + ROWS))
      }
      const hash = readTo ?? head
      await tx
        .insertInto('indexed_heads')
        .values({ wasteland, hash })
        .onConflict((conflict) => conflict.column('wasteland').doUpdateSet({ hash }))
        .execute()
    }),
  )
}

async function clear(tx: Kysely<Operations>, wasteland: string) {
  await tx.deleteFrom('commands_run').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('stamps_given').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('flags').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('rejections').where('wasteland', '=', wasteland).execute()
  await clearReverts(tx, wasteland)
  await clearOwnership(tx, wasteland)
}

async function save(
  tx: Kysely<Operations>,
  wasteland: string,
  read: { hash: string; sequence: number; trailers: Map<string, string> }[],
) {
  const commands = read.flatMap(({ hash, trailers }) => {
    const command = trailers.get('Command')
    return command === undefined ? [] : [{ wasteland, command, hash }]
  })
  const stamps = read.flatMap(({ hash, sequence, trailers }) => {
    const [stamp, given] = [trailers.get('Stamp'), trailers.get('Given')]
    const [head, diff] = [trailers.get('Head') ?? null, trailers.get('Diff') ?? null]
    return stamp === undefined || given === undefined ? [] : [{ wasteland, stamp, given, head, diff, hash, sequence }]
  })
  const flags = read.flatMap(({ hash, trailers }) => {
    const [flagged, reason] = [trailers.get('Flagged'), trailers.get('Reason') ?? '']
    return (flagged?.split(',') ?? []).map((stamp) => ({ wasteland, stamp, reason, hash }))
  })
  if (flags.length > 0)
    await tx
      .insertInto('flags')
      .values(flags)
      .onConflict((on) => on.doNothing())
      .execute()
  if (commands.length > 0)
    await tx
      .insertInto('commands_run')
      .values(commands)
      .onConflict((on) => on.doNothing())
      .execute()
  if (stamps.length > 0)
    await tx
      .insertInto('stamps_given')
      .values(latest(stamps, ({ stamp }) => stamp))
      // A stamp that was undone and given again by an edit of its comment has the same id.
      .onConflict((on) =>
        on
          .columns(['wasteland', 'stamp'])
          .doUpdateSet(({ ref }) => ({
            given: ref('excluded.given'),
            head: ref('excluded.head'),
            diff: ref('excluded.diff'),
            hash: ref('excluded.hash'),
            sequence: ref('excluded.sequence'),
          }))
          .where('stamps_given.sequence', '<=', sql<number>`excluded.sequence`),
      )
      .execute()
  const rejections = read.flatMap(({ hash, sequence, trailers }) => {
    const completion = trailers.get('Rejected')
    const [head, reason] = [trailers.get('Head') ?? '', trailers.get('Reason') ?? '']
    return completion === undefined ? [] : [{ wasteland, completion, head, reason, hash, sequence }]
  })
  if (rejections.length > 0)
    await tx
      .insertInto('rejections')
      .values(latest(rejections, ({ completion, head }) => `${completion} ${head}`))
      .onConflict((on) =>
        on
          .columns(['wasteland', 'completion', 'head'])
          .doUpdateSet(({ ref }) => ({
            reason: ref('excluded.reason'),
            hash: ref('excluded.hash'),
            sequence: ref('excluded.sequence'),
          }))
          .where('rejections.sequence', '<=', sql<number>`excluded.sequence`),
      )
      .execute()
}

/** The last row of each key: one statement may not write a row twice. */
function latest<T>(rows: readonly T[], key: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()]
}
