import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { findWanted, moveWanted } from '../../src/ledger/tables/wanted.ts'
import type { BatchStats } from '../../src/ledger/engine/writer.ts'
import { FETCHING_MS } from './installed-dolt.ts'
import { type StartedLedger, startLedger } from './started-ledger.ts'
import { fill, item, stamp, subject } from './stamping.ts'
import type { CommonsDb } from '../../src/ledger/engine/types.ts'

const ITEMS = 4

let started: StartedLedger
let ledger: Ledger
const seen: BatchStats[] = []

beforeAll(async () => {
  started = await startLedger('look-first', { seen: (batch) => seen.push(batch) })
  ledger = started.ledger
  await fill(ledger, ITEMS)
}, FETCHING_MS)

beforeEach(() => void seen.splice(0))

afterAll(async () => {
  await started?.stop()
})

const statusOf = async (n: number) => (await ledger.read((db) => findWanted(db, item(n))))?.status
const commit = { author: 'mia <1+mia@users.noreply.github.com>', subject: 'wl test', trailers: {} }

/** Completes an item that is in review, and looks at one that is not. */
const complete = (n: number, runs: { count: number }) => async (db: CommonsDb) => {
  runs.count++
  const wanted = await findWanted(db, item(n))
  if (wanted?.status !== 'in_review') return { value: 'nothing' }
  await moveWanted(db, 'accept', item(n), { holder: subject(n), at: '2026-11-21T11:00:00Z' })
  return { value: 'written', commit }
}

describe('a turn that looks first', () => {
  it('has no turn when nothing is to be written', async () => {
    const runs = { count: 0 }
    expect(await ledger.readThenWrite(complete(99, runs))).toEqual({ value: 'nothing', hash: undefined })
    expect({ ...runs, seen }).toEqual({ count: 1, seen: [] })
  })

  it('writes in a turn, and nothing while it looks', async () => {
    const runs = { count: 0 }
    const { value, hash } = await ledger.readThenWrite(complete(0, runs))
    expect({ value, status: await statusOf(0), runs: runs.count }).toEqual({
      value: 'written',
      status: 'completed',
      runs: 2,
    })
    expect(hash).toBe(await ledger.head())
    expect(seen).toHaveLength(1)
  })

  it('has its turn when the ledger changed while it looked', async () => {
    const runs = { count: 0 }
    await ledger.readThenWrite(async (db) => {
      const outcome = await complete(99, runs)(db)
      if (runs.count === 1) await stamp(ledger, 1, 'ada')
      return outcome
    })
    expect(runs.count).toBe(2)
  })

  it.each([
    ['an insert', (db: CommonsDb) => db.sql.insertInto('_meta').values({ key: 'x', value: 'y' }).execute()],
    ['an update', (db: CommonsDb) => db.sql.updateTable('wanted').set({ status: 'open' }).execute()],
    ['a deletion', (db: CommonsDb) => db.sql.deleteFrom('wanted').execute()],
    ['a procedure', (db: CommonsDb) => sql`CALL DOLT_BRANCH('made')`.execute(db.sql)],
  ])('refuses %s that forgets to say so', async (_, write) => {
    const head = await ledger.head()
    let looked = false
    await ledger.readThenWrite(async (db) => {
      if (!looked) {
        looked = true
        await write(db)
      }
      return { value: undefined }
    })
    expect(await ledger.head()).toBe(head)
    expect(await ledger.read(async (db) => (await sql`SELECT * FROM dolt_status`.execute(db.sql)).rows)).toEqual([])
    const branches = await ledger.read(async (db) => (await sql`SELECT name FROM dolt_branches`.execute(db.sql)).rows)
    expect(branches).toEqual([{ name: 'main' }])
  })
})
