import { type Kysely, sql } from 'kysely'
import { readTrailers } from '../../domain/commit-message.ts'
import type { EndedTie } from '../../domain/ties.ts'
import type { LoggedCommit } from '../../ledger/engine/log.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { createBatcher } from '../../ops/batcher.ts'
import { chunks, type IndexWrite, inOneStatement, latest } from './index-write.ts'
import { clearOwnership, ownershipWrites, postingWrites, trustWrites } from './ownership-index.ts'
import { clearReverts, revertWrites } from './revert-index.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/*
 * An index of the trailers in Dolt's history, which Dolt itself can only scan: those of commits that the bridge signed
 * or vouched for, in the order of their sequence. It is updated to the ledger's head before each answer. It may be
 * lost: it is rebuilt from the ledger alone.
 */

interface CatchUp {
  /** The commit up to which the index goes, where it was read just now and is not the ledger's head. */
  known?: string | undefined
}

const readings = new WeakMap<OperationsStore, WeakMap<Ledger, (from: CatchUp) => Promise<void>>>()

/** Resolves when the index has everything that the ledger had at the call. */
export async function caughtUp(store: OperationsStore, ledger: Ledger, from: CatchUp = {}): Promise<void> {
  const ofStore = readings.get(store) ?? new WeakMap<Ledger, (from: CatchUp) => Promise<void>>()
  readings.set(store, ofStore)
  const reading = ofStore.get(ledger) ?? createReading(store, ledger)
  ofStore.set(ledger, reading)
  return reading(from)
}

function createReading(store: OperationsStore, ledger: Ledger): (from: CatchUp) => Promise<void> {
  let last: string | undefined
  return createBatcher(
    async (asked: readonly CatchUp[]) => {
      const known = asked.find((one) => one.known !== undefined)?.known
      // Those who asked while the last one ran may know what it began with.
      await catchUp(store, ledger, known === last ? undefined : known)
      last = known
      return asked.map(() => undefined)
    },
    { most: Infinity },
  )
}

async function catchUp(store: OperationsStore, ledger: Ledger, known: string | undefined) {
  const from = known === undefined ? await differing(store, ledger) : { hash: known }
  if (from === undefined) return
  const { commits, whole, head } = await ledger.commitsSince(from.hash)
  // The ledger's head of now may be a commit that this log has not.
  if (head === undefined) return
  const ended = await ledger.tiesEndedBy(new Map(commits.map(({ hash, date }) => [hash, date])))
  const { db, wasteland } = store
  // The head comes first, so that replicas that catch up at once wait for each other there and nowhere else.
  const [first, rows] = [headWrite(store, head), indexWrites(store, commits, ended)]
  const one = whole ? undefined : inOneStatement(db, first, rows)
  const inTransaction = async (tx: Kysely<Operations>) => {
    await tx.executeQuery(first.compile())
    if (whole) await clear(tx, wasteland)
    for (const write of rows) await tx.executeQuery(write.compile())
  }
  await (one === undefined ? settle(db.transaction().execute(inTransaction)) : settle(db.executeQuery(one)))
}

/** The commit up to which the index goes; undefined where that is the ledger's head. */
async function differing({ db, wasteland }: OperationsStore, ledger: Ledger) {
  const [head, known] = await Promise.all([
    ledger.head(),
    settle(db.selectFrom('indexed_heads').select('hash').where('wasteland', '=', wasteland).executeTakeFirst()),
  ])
  return known?.hash === head ? undefined : { hash: known?.hash }
}

function headWrite({ db, wasteland }: OperationsStore, hash: string): IndexWrite {
  return db
    .insertInto('indexed_heads')
    .values({ wasteland, hash })
    .onConflict((conflict) => conflict.column('wasteland').doUpdateSet({ hash }))
}

function indexWrites(
  { db, wasteland }: OperationsStore,
  commits: readonly LoggedCommit[],
  ended: readonly EndedTie[],
): IndexWrite[] {
  const read = commits.flatMap(({ hash, message, sequence }) =>
    readTrailers(message).map((trailers) => ({ hash, sequence, trailers })),
  )
  return [
    ...ownershipWrites(db, wasteland, commits, ended),
    ...postingWrites(db, wasteland, read),
    ...trustWrites(db, wasteland, read),
    ...chunks(read).flatMap((some) => [...trailerWrites(db, wasteland, some), ...revertWrites(db, wasteland, some)]),
  ]
}

async function clear(tx: Kysely<Operations>, wasteland: string) {
  await tx.deleteFrom('commands_run').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('stamps_given').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('flags').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('rejections').where('wasteland', '=', wasteland).execute()
  await clearReverts(tx, wasteland)
  await clearOwnership(tx, wasteland)
}

function trailerWrites(
  db: Kysely<Operations>,
  wasteland: string,
  read: readonly { hash: string; sequence: number; trailers: Map<string, string> }[],
): IndexWrite[] {
  const writes: IndexWrite[] = []
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
  for (const some of chunks(flags))
    writes.push(
      db
        .insertInto('flags')
        .values(some)
        .onConflict((on) => on.doNothing()),
    )
  if (commands.length > 0)
    writes.push(
      db
        .insertInto('commands_run')
        .values(commands)
        .onConflict((on) => on.doNothing()),
    )
  if (stamps.length > 0)
    writes.push(
      db
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
        ),
    )
  const rejections = read.flatMap(({ hash, sequence, trailers }) => {
    const completion = trailers.get('Rejected')
    const [head, reason] = [trailers.get('Head') ?? '', trailers.get('Reason') ?? '']
    return completion === undefined ? [] : [{ wasteland, completion, head, reason, hash, sequence }]
  })
  if (rejections.length > 0)
    writes.push(
      db
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
        ),
    )
  return writes
}
