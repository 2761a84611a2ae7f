import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { prune } from '../../src/operations/tables/retention.ts'
import { takeVisitorImport } from '../../src/operations/tables/visitor-imports.ts'
import { newDatabase, startServer, type TestServer } from './servers.ts'
import type { Operations, OperationsStore } from '../../src/operations/schema.ts'

let server: TestServer
let url: string
let db: Kysely<Operations>
let store: OperationsStore
beforeAll(async () => void (server = await startServer()))
beforeEach(async () => {
  url = await newDatabase(server)
  db = openOperations(url)
  await migrateOperations(db)
  store = { db, wasteland: 'commons' }
})
afterEach(() => db.destroy())
afterAll(() => server?.stop())

const START = Date.parse('2026-11-30T10:00:00Z')
const after = (minutes: number) => new Date(START + minutes * 60_000)
/** At so many minutes; resolves to the minute at which the next may begin, or undefined when it is taken. */
async function take(minutes: number, of = store, visitor = 'v') {
  const next = await takeVisitorImport(of, visitor, after(minutes))
  return next && (next.getTime() - START) / 60_000
}

describe('imports of a visitor', () => {
  it('are taken five in any hour: the next one is an hour after the fifth last', async () => {
    for (const minute of [0, 30, 50, 55, 59]) expect(await take(minute)).toBeUndefined()
    expect(await take(59)).toBe(60)
    expect(await take(60)).toBeUndefined()
    expect([await take(60), await take(89), await take(90), await take(91)]).toEqual([90, 90, undefined, 110])
  })

  it('are taken twenty in any day, and what is refused counts nothing', async () => {
    for (let n = 0; n < 20; n++) expect(await take(n * 20)).toBeUndefined()
    for (let n = 0; n < 30; n++) expect(await take(500)).toBe(24 * 60)
    expect([await take(24 * 60), await take(24 * 60)]).toEqual([undefined, 24 * 60 + 20])
    const [row] = await db.selectFrom('visitor_imports').select('taken').execute()
    expect(row!.taken).toHaveLength(20)
  })

  it('are counted for each visitor and wasteland apart', async () => {
    for (let n = 0; n < 5; n++) await take(0)
    expect([await take(0), await take(0, store, 'w'), await take(0, { db, wasteland: 'other' })]).toEqual([
      60,
      undefined,
      undefined,
    ])
  })

  it('are no more for coming all at once, and to several replicas', async () => {
    const other = openOperations(url)
    const asked = await Promise.all(
      Array.from({ length: 40 }, (_, n) => take(0, n % 2 === 0 ? store : { db: other, wasteland: 'commons' })),
    )
    await other.destroy()
    expect(asked.filter((next) => next === undefined)).toHaveLength(5)
    expect(new Set(asked)).toEqual(new Set([undefined, 60]))
  })

  it('are not taken while nobody can count them', async () => {
    const away = openOperations('postgres://nobody:secret@127.0.0.1:1/nothing')
    await expect(takeVisitorImport({ db: away, wasteland: 'commons' }, 'v', after(0))).rejects.toThrow(Unavailable)
    await away.destroy()
  })

  it('are forgotten a day after the last', async () => {
    for (const [visitor, minute] of [
      ['old', 0],
      ['young', 2],
    ] as const)
      await take(minute, store, visitor)
    await prune(store, after(24 * 60 + 1), new AbortController().signal)
    expect(await db.selectFrom('visitor_imports').select('visitor').execute()).toEqual([{ visitor: 'young' }])
  })
})
