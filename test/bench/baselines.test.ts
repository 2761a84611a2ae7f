import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitByHand, placeByHand, turnByHand } from '../../bench/baselines/by-hand.ts'
import { setsByHand } from '../../bench/baselines/sets.ts'
import { connectLedger, type LedgerSql, people, registerPeople, rowsOf, submitWork } from '../../bench/ledger-rows.ts'
import { giveStored, HOST, openStampDeps, type StoredStamp } from '../../bench/stored-stamp.ts'
import { startStores, type Stores } from '../crash/stores.ts'

const [stampers, authors] = [people('stamper', 2, 100), people('author', 2, 200)]
const TABLES = ['rigs', 'wanted', 'completions', 'stamps']

describe('what the bench compares with', () => {
  let stores: Stores
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasteland-bench-test-'))
    stores = await startStores()
  })
  afterAll(async () => {
    await stores.close()
    await rm(dir, { recursive: true, force: true })
  })

  /** All rows of a ledger of its own, after `give` has written five stamps there. */
  async function written(
    name: string,
    give: (stamps: StoredStamp[], sql: LedgerSql, deps: Awaited<ReturnType<typeof openStampDeps>>) => Promise<void>,
  ) {
    const urls = await stores.fresh(name)
    const deps = await openStampDeps(urls, dir)
    const sql = await connectLedger(urls.ledger)
    await registerPeople(sql, HOST, [...stampers, ...authors], dir)
    const works = await submitWork(sql, HOST, { name: 'bench', count: 5, authors })
    const stamps = works.map((work, n) => ({ comment: n + 1, delivery: work.id, stamper: stampers[n % 2]!, work }))
    await give(stamps, sql, deps)
    const rows = await Promise.all(TABLES.map((table) => rowsOf(sql, `SELECT * FROM ${table} ORDER BY 1`)))
    const [uncommitted] = await rowsOf(sql, 'SELECT count(*) AS n FROM dolt_status')
    sql.destroy()
    await deps.close()
    return { rows, uncommitted }
  }

  it('writes the same rows as the bridge does', async () => {
    const ours = await written('ours', async (stamps, _sql, deps) => {
      for (const stored of stamps) await giveStored(deps, stored)
    })
    expect(ours.rows[3]).toHaveLength(5)
    expect(ours.uncommitted).toEqual({ n: 0 })
    const turns = await written('turns', async (stamps, sql) => {
      for (const stored of stamps) await turnByHand(sql, stored)
    })
    expect(turns).toEqual(ours)
    const single = await written('single', async (stamps, sql) => {
      for (const stored of stamps) await commitByHand(sql, stored, await placeByHand(sql, stored.work.completedBy))
    })
    expect(single).toEqual(ours)
    const sets = await written('sets', (stamps, sql) => setsByHand(sql, stamps, 50))
    // A passbook counts in the order of writing, and sets are written author by author.
    expect(placeless(sets)).toEqual(placeless(ours))
  })
})

function placeless({ rows, uncommitted }: { rows: Record<string, unknown>[][]; uncommitted: unknown }) {
  const left = new Set(['stamp_index', 'prev_stamp_hash', 'block_hash'])
  const without = (row: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(row).filter(([key]) => !left.has(key)))
  return { rows: rows.map((table) => table.map(without)), uncommitted }
}
