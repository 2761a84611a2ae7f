import { tracingChannel } from 'node:diagnostics_channel'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MOST_ROWS } from '../../src/ledger/engine/batch.ts'
import { headOf, joinedRead } from '../../src/ledger/engine/joined-read.ts'
import type { CommonsDb } from '../../src/ledger/engine/types.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { completionsOf } from '../../src/ledger/tables/completions.ts'
import { findRig } from '../../src/ledger/tables/rigs.ts'
import { lastStampOf } from '../../src/ledger/tables/stamps.ts'
import { findWanted, moveWanted, setDescription } from '../../src/ledger/tables/wanted.ts'
import { describeWanted } from '../../src/ledger/tables/wanted-details.ts'
import { FETCHING_MS } from './installed-dolt.ts'
import { type StartedLedger, startLedger } from './started-ledger.ts'
import { fill, item, subject } from './stamping.ts'

let started: StartedLedger
let ledger: Ledger
const statements: string[] = []
const query = tracingChannel<'mysql2:query', { query: string }>('mysql2:query')
const seen = ({ query: text }: { query: string }) => void statements.push(text)

beforeAll(async () => {
  started = await startLedger('joined')
  ledger = started.ledger
  await fill(ledger, 4)
  query.start.subscribe(seen as never)
}, FETCHING_MS)

beforeEach(() => void statements.splice(0))

afterAll(async () => {
  query.start.unsubscribe(seen as never)
  await started?.stop()
})

const commit = { author: 'mia <1+mia@users.noreply.github.com>', subject: 'wl test: w-1', trailers: { Command: 'one' } }
const ofMoment = (db: CommonsDb) =>
  Promise.all([findWanted(db, item(0)), findRig(db, subject(0)), lastStampOf(db, subject(0)), headOf(db)])

describe('reads of one moment', () => {
  it('are one statement, of one commit, whatever their tables', async () => {
    const head = await ledger.head()
    statements.splice(0)
    const [wanted, rig, stamped, readAt] = await ledger.read(ofMoment)
    expect(statements).toHaveLength(1)
    expect([wanted?.status, rig, stamped, readAt]).toEqual(['in_review', undefined, undefined, head])
  })

  it('tell numbers, nulls, JSON and long text as they are', async () => {
    const description = `${'ü'.repeat(20_000)}\n"quoted" \\ \u0001`
    await ledger.transact(async (db) => {
      await setDescription(db, item(1), description)
      await db.sql
        .updateTable('wanted')
        .set({ tags: JSON.stringify(['a'.repeat(5_000), 'b']), priority: 0, created_at: '2026-11-21 10:02:03' })
        .where('id', '=', item(1))
        .execute()
      return { value: undefined, commit }
    })
    const [one, other] = await ledger.read((db) =>
      Promise.all([describeWanted(db, item(1)), describeWanted(db, item(2))]),
    )
    expect(one).toMatchObject({
      description,
      tags: ['a'.repeat(5_000), 'b'],
      priority: 0,
      createdAt: '2026-11-21 10:02:03',
    })
    expect(other).toMatchObject({ id: item(2), status: 'in_review' })
  })

  it('fail no other where one of them fails', async () => {
    const failing = joinedRead<string, string>({
      tables: ['wanted'],
      queries: (db) => [{ columns: ['nowhere'], from: db.sql.selectFrom('wanted') }],
      answer: (_, _rows, keys) => keys,
    })
    const [failed, found] = await ledger.read((db) => Promise.allSettled([failing(db, 'any'), findWanted(db, item(2))]))
    expect(failed).toMatchObject({ status: 'rejected', reason: { errno: 1105 } })
    expect(found).toMatchObject({ status: 'fulfilled', value: { status: 'in_review' } })
  })
})

describe('reads of a transaction', () => {
  it('are made once, and again after a write to their table', async () => {
    const asked = async (work: () => Promise<unknown>) => {
      const before = statements.length
      await work()
      return statements.length - before
    }
    await ledger.transact(async (db) => {
      expect(await asked(() => ofMoment(db))).toBe(1)
      expect(await asked(() => ofMoment(db))).toBe(0)
      await moveWanted(db, 'accept', item(0), { holder: subject(0), at: '2026-11-21T11:00:00Z' })
      expect(await asked(() => lastStampOf(db, subject(0)))).toBe(0)
      expect((await findWanted(db, item(0)))?.status).toBe('completed')
      await db.sql.deleteFrom('wanted').where('id', '=', item(0)).execute()
      expect(await findWanted(db, item(0))).toBeUndefined()
      return { value: undefined }
    })
  })

  it('are of so many keys a statement and no more', async () => {
    await ledger.transact(async (db) => {
      const before = statements.length
      await Promise.all(Array.from({ length: MOST_ROWS + 1 }, (_, n) => findRig(db, `nobody-${n}`)))
      expect(statements.length - before).toBe(2)
      return { value: undefined }
    })
  })

  it('see the ledger as it was when the transaction began', async () => {
    const before = await ledger.head()
    await ledger.transact(async (db) => {
      await findRig(db, subject(0))
      const peer = sql`CALL DOLT_COMMIT('--allow-empty', '-m', 'of a peer')`
      await ledger.read(({ sql: connection }) => peer.execute(connection))
      expect(await headOf(db)).toBe(before)
      return { value: undefined }
    })
    expect(await ledger.read(headOf)).not.toBe(before)
  })
})

describe('a reader that writes nothing', () => {
  const outcome = { value: undefined }

  it.each([
    ['a joined read', (db: CommonsDb) => findWanted(db, item(3))],
    ['another read', (db: CommonsDb) => db.sql.selectFrom('wanted').select('id').execute()],
    ['nothing', () => undefined],
  ])('runs again where the ledger changed after its first read, before %s', async (_, read) => {
    let runs = 0
    await ledger.readThenWrite(async (db) => {
      await findWanted(db, item(2))
      if (++runs === 1) await ledger.transact(async () => ({ value: 0, commit: { ...commit, empty: true } }))
      await read(db)
      return outcome
    })
    expect(runs).toBe(2)
  })

  it('asks for the head once, after its reads', async () => {
    let runs = 0
    await ledger.readThenWrite(async (db) => {
      runs++
      await ofMoment(db)
      await db.sql.selectFrom('wanted').select('id').execute()
      return outcome
    })
    expect([runs, statements.length]).toEqual([1, 3])
  })

  it.each([
    ['its first read is no joined one', (db: CommonsDb) => db.sql.selectFrom('wanted').select('id').execute()],
    ['that is a batched one, which others asked before', (db: CommonsDb) => completionsOf(db, item(2))],
    ['it reads nothing of the ledger', () => undefined],
  ])('runs again where it is not known at which commit it began to read: %s', async (_, read) => {
    await ledger.read((db) => completionsOf(db, item(2)))
    let runs = 0
    await ledger.readThenWrite(async (db) => {
      runs++
      await read(db)
      return outcome
    })
    expect(runs).toBe(2)
  })
})
