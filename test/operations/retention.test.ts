import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { keepCommentHead } from '../../src/operations/tables/comment-heads.ts'
import { addImport, endImport } from '../../src/operations/tables/imports.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { headsOf, noteHead } from '../../src/operations/tables/pull-request-heads.ts'
import { openQueue } from '../../src/operations/queue/queue.ts'
import { endRecheck, hasRecheck, noteRecheck, takeRechecks } from '../../src/operations/tables/rechecks.ts'
import { prune } from '../../src/operations/tables/retention.ts'
import { findReply, saveReply } from '../../src/operations/tables/sent-replies.ts'
import { takeVisitorImport } from '../../src/operations/tables/visitor-imports.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { silent } from '../ops/fake-server.ts'
import { newDatabase, query, startServer, type TestServer } from './servers.ts'
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

const now = new Date()
const ago = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000)
const going = new AbortController().signal
const pruned = (batch?: number) => prune(store, now, going, batch)

describe('what is pruned', () => {
  const reply = (commentId: number) => ({ body: 'text', commentId, sentBody: 'text', refused: null })

  it('of a reply is its text after 90 days, never the id of its comment', async () => {
    for (const key of ['old', 'young']) await saveReply(store, key, reply(7), null)
    await db
      .updateTable('replies')
      .set({ updated_at: ago(91) })
      .where('key', '=', 'old')
      .execute()
    await pruned()
    expect(await findReply(store, 'old')).toMatchObject({ body: '', sentBody: null, commentId: 7, refused: null })
    expect((await findReply(store, 'old'))!.age).toBeGreaterThan(90 * 24 * 3_600_000)
    expect(await findReply(store, 'young')).toMatchObject(reply(7))
  })

  it('of a pull request are heads after a year, never its last', async () => {
    const head = (pull: number, name: string, days: number) =>
      noteHead(store, {
        host: 'h',
        repository_id: 1,
        pull_request_id: pull,
        head: name,
        seen_at: ago(days),
        at: ago(days),
      })
    for (const [name, days] of [
      ['a', 500],
      ['b', 400],
      ['c', 366],
    ] as const)
      await head(1, name, days)
    for (const [name, days] of [
      ['d', 500],
      ['e', 364],
      ['f', 1],
    ] as const)
      await head(2, name, days)
    await pruned()
    const left = async (pull: number) => (await headsOf(store, 'h', pull)).map((one) => one.head)
    expect([await left(1), await left(2)]).toEqual([['c'], ['e', 'f']])
  })

  it('is which head a comment judges after 90 days, and kept as it was first', async () => {
    const keep = (id: number, days: number, head: string) =>
      keepCommentHead(store, { host: 'h', comment_kind: 'review', comment_id: id, said_at: ago(days), head })
    expect([await keep(1, 91, 'a'), await keep(2, 89, 'b'), await keep(2, 89, 'c')]).toEqual(['a', 'b', 'b'])
    await pruned()
    expect(await db.selectFrom('comment_heads').select('head').execute()).toEqual([{ head: 'b' }])
  })

  it('are budgets and visitors of yesterday, and validators of last month', async () => {
    const { wasteland } = store
    for (const [scope, days] of [
      ['old', 1.1],
      ['young', 0.9],
    ] as const)
      await db
        .insertInto('request_budgets')
        .values({ wasteland, host: 'h', scope, hour: ago(days) })
        .execute()
    for (const [visitor, days] of [
      ['old', 1.1],
      ['young', 0.9],
    ] as const)
      await takeVisitorImport(store, visitor, ago(days))
    for (const [account_id, days] of [
      [1, 31],
      [2, 29],
    ] as const) {
      const row = { wasteland, host: 'h', repository_id: 1, account_id, confirmed_at: ago(days) }
      await db.insertInto('validators').values(row).execute()
    }
    await pruned()
    expect(await db.selectFrom('request_budgets').select('scope').execute()).toEqual([{ scope: 'young' }])
    expect(await db.selectFrom('visitor_imports').select('visitor').execute()).toEqual([{ visitor: 'young' }])
    expect(await db.selectFrom('validators').select('account_id').execute()).toEqual([{ account_id: 2 }])
  })

  it('are imports a week after they ended, but those that were answered on a thread', async () => {
    const thread = { installation_id: 1, owner: 'o', repo: 'r', number: 1, closes: false }
    const add = async (n: number, login: string, days: number | undefined, on: typeof thread | null = null) => {
      const id = `00000000-0000-4000-8000-00000000000${n}`
      await addImport(store, {
        id,
        host: 'h',
        login,
        line: 'l',
        token: null,
        asked_by: null,
        thread: on,
        created_at: ago(30),
      })
      if (days !== undefined) await endImport(store, id, { state: 'done', at: ago(days) })
    }
    await add(1, 'old', 8)
    await add(2, 'young', 6)
    await add(3, 'under-way', undefined)
    await add(4, 'told', 300, thread)
    await pruned()
    const left = await db.selectFrom('imports').select('login').orderBy('login').execute()
    expect(left.map((row) => row.login)).toEqual(['told', 'under-way', 'young'])
  })

  it('is pruned in batches, to the end; and no further batch is begun when the program ends', async () => {
    for (let n = 0; n < 7; n++) await saveReply(store, `k${n}`, reply(n), null)
    await db
      .updateTable('replies')
      .set({ updated_at: ago(91) })
      .execute()
    const left = () => db.selectFrom('replies').select('key').where('body', '<>', '').execute()
    await prune(store, now, AbortSignal.abort(), 3)
    expect(await left()).toHaveLength(7)
    await pruned(3)
    expect(await left()).toEqual([])
  })

  it('is that of this wasteland alone', async () => {
    const other = { db, wasteland: 'other' }
    await saveReply(other, 'old', reply(7), null)
    await db
      .updateTable('replies')
      .set({ updated_at: ago(91) })
      .execute()
    await pruned()
    expect(await findReply(other, 'old')).toMatchObject(reply(7))
  })
})

describe('jobs', () => {
  it('that are done are known for a week without their data, one that waits for a year, and a dead letter as long', async () => {
    const queue = await openQueue<{ n: number }>(db, 'deliveries', true, silent)
    const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
    for (let n = 1; n <= 7; n++) await queue.put({ id: id(n), key: `k${n}`, data: { n } })
    const dead = id(5)
    const older = id(6)
    queue.run(async ({ data: { n } }) => {
      if (n === 3 || n === 4) throw new Unavailable('away')
      if (n === 5 || n === 6) throw new UserError('no')
      if (n === 7) await new Promise(() => {})
    })
    const states = () => query(url, 'SELECT id, state, data FROM jobs ORDER BY sequence')
    await expect
      .poll(async () => (await states()).map(({ state }) => state))
      .toEqual(['completed', 'completed', 'retry', 'retry', 'active'])
    expect((await states()).slice(0, 2).map(({ data }) => data)).toEqual([null, null])
    const age = (n: number, days: number) =>
      query(
        url,
        `UPDATE jobs SET completed_at = completed_at - $1 * interval '1 day',
           created_at = created_at - $1 * interval '1 day' WHERE id = $2`,
        [days, id(n)],
      )
    for (const [n, days] of [
      [1, 8],
      [2, 6],
      [3, 364],
      [4, 366],
      [7, 366],
    ] as const)
      await age(n, days)
    for (const [letter, days] of [
      [dead, 364],
      [older, 366],
    ] as const)
      await query(url, `UPDATE dead_letters SET failed_at = now() - $1 * interval '1 day' WHERE job_id = $2`, [
        days,
        letter,
      ])
    await pruned()
    expect(await queue.knows([1, 2, 3, 4, 5, 6, 7].map(id))).toEqual(new Set([id(2), id(3), dead, id(7)]))
    await queue.stop(0)
  })

  it('are pruned in batches, to the end', async () => {
    await query(
      url,
      `INSERT INTO jobs (queue, id, key, state, completed_at)
       SELECT 'deliveries', gen_random_uuid(), 'k', 'completed', now() - interval '8 days' FROM generate_series(1, 20)`,
    )
    await pruned(3)
    expect(await query(url, 'SELECT id FROM jobs')).toEqual([])
  })
})

describe('a pull request of which GitHub refuses to tell something', () => {
  const place = { installation_id: 1, repository_id: 2, owner: 'acme', repo: 'app', number: 3 }
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const due = async (minutes: number) => takeRechecks(store, 'github', later(minutes), 10)

  it('is due after three minutes, then twice as late each time, up to six hours', async () => {
    for (const minutes of [3, 6, 12, 24, 48, 96, 192, 360, 360]) {
      await noteRecheck(store, 'github', place, now)
      expect(await due(minutes - 1)).toEqual([])
      expect(await due(minutes)).toEqual([place])
      // Taken, it is not due again until its look has had its time.
      expect(await due(minutes + 1)).toEqual([])
    }
  })

  it('is not asked again once GitHub tells, nor after 90 days', async () => {
    await noteRecheck(store, 'github', place, now)
    expect(await hasRecheck(store, 'github', place)).toBe(true)
    await endRecheck(store, 'github', place)
    expect([await hasRecheck(store, 'github', place), await due(999)]).toEqual([false, []])
    await noteRecheck(store, 'github', place, ago(91))
    await pruned()
    expect(await hasRecheck(store, 'github', place)).toBe(false)
  })
})
