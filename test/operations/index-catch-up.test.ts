import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LoggedCommit } from '../../src/ledger/engine/log.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import type { OperationsStore } from '../../src/operations/schema.ts'
import { caughtUp } from '../../src/operations/tables/index-catch-up.ts'
import { newDatabase, startServer, type TestServer } from './servers.ts'

let server: TestServer
let url: string
let store: OperationsStore

beforeAll(async () => void (server = await startServer()))
beforeEach(async () => {
  url = await newDatabase(server)
  store = { db: openOperations(url), wasteland: 'commons' }
  await migrateOperations(store.db)
  await store.db.insertInto('indexed_heads').values({ wasteland: 'commons', hash: 'before' }).execute()
  return () => store.db.destroy()
})
afterAll(() => server?.stop())

/** A ledger whose head and whose log since the last one are these. */
const ledgerOf = (head: string, log: { messages?: string[]; whole?: boolean; head?: string | undefined }) =>
  ({
    head: async () => head,
    tiesEndedBy: async () => [],
    commitsSince: async () => ({
      commits: (log.messages ?? []).map((message, n): LoggedCommit => ({
        hash: `h-${n}`,
        message,
        date: new Date(0),
        sequence: n + 1,
        signed: true,
      })),
      whole: log.whole === true,
      head: 'head' in log ? log.head : head,
      vouches: [],
      unsigned: false,
    }),
  }) as unknown as Ledger

const heads = async () => (await store.db.selectFrom('indexed_heads').select('hash').execute()).map(({ hash }) => hash)

describe('the index of the ledger', () => {
  it.each([
    ['a whole history', true],
    ['what is new', false],
  ])('waits with %s for another that writes, before it locks anything else', async (_, whole) => {
    const [other, third] = [new pg.Client(url), new pg.Client(url)]
    await Promise.all([other.connect(), third.connect()])
    try {
      await other.query('BEGIN')
      await other.query('SELECT FROM indexed_heads FOR UPDATE')
      const read = caughtUp(store, ledgerOf('now', { messages: ['wl note: w-1\n\nCommand: one'], whole }))
      await expect
        .poll(
          async () => {
            const { rows } = await third.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)
            return rows.length
          },
          { timeout: 10_000 },
        )
        .toBe(1)
      await third.query(`SET lock_timeout = '1s'`)
      await third.query(
        `INSERT INTO commands_run (wasteland, command, hash) VALUES ('commons', 'one', 'theirs') ON CONFLICT DO NOTHING`,
      )
      await other.query('COMMIT')
      await read
      expect(await heads()).toEqual(['now'])
    } finally {
      await Promise.all([other.end(), third.end()])
    }
  })

  it('is not said to go on to a commit that the log has not', async () => {
    await caughtUp(store, ledgerOf('later', { whole: true, head: undefined }))
    expect(await heads()).toEqual(['before'])
  })

  it('keeps more flags than one statement can have parameters', async () => {
    const messages = Array.from({ length: 900 }, (_, n) => {
      const stamps = Array.from({ length: 20 }, (__, m) => `s-${n}-${m}`)
      return `wl flag: w-1\n\nFlagged: ${stamps.join(',')}\nReason: spam`
    })
    await caughtUp(store, ledgerOf('now', { messages }))
    const { n } = await store.db
      .selectFrom('flags')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    expect([n, await heads()]).toEqual([18_000, ['now']])
  })
})
