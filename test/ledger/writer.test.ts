import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import mysql, { type Connection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { adoptEntry, deleteEntry, entriesOf, findEntry, saveEntry } from '../../src/ledger/tables/bounties.ts'
import { deleteCompletion } from '../../src/ledger/tables/completions.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { LedgerMismatch } from '../../src/ledger/engine/tables.ts'
import { findWanted, insertWanted, moveWanted } from '../../src/ledger/tables/wanted.ts'
import type { LedgerCommit } from '../../src/ledger/engine/dolt-commit.ts'
import type { TransactionResult } from '../../src/ledger/engine/writer.ts'
import { silent } from '../ops/fake-server.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { KEY, unsigned } from './key.ts'
import type { CommonsDb } from '../../src/ledger/engine/types.ts'
import { prepareServer } from '../prepared-stores.ts'

const AT = '2026-11-21T10:02:03Z'
const ADA = 'ada <1+ada@users.noreply.github.com>'
const ITEM = 'w-0123456789'

let home: string
let dolt: EmbeddedDolt
let url: string
let ledger: Ledger
let opened: Connection[] = []
let databases = 0

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'writer-'))
  const { bin } = await installedDolt()
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
}, FETCHING_MS)

beforeEach(async () => {
  const name = `writer_${++databases}`
  await (await connect(dolt.url('commons'))).query(`CREATE DATABASE ${name}`)
  url = dolt.url(name)
  ledger = await openLedger(url, { key: KEY })
})

afterEach(async () => {
  await ledger?.close()
  await Promise.all(opened.map((connection) => connection.end().catch(() => {})))
  opened = []
})

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

/** A connection as a peer has it: with transactions of its own and no lock. */
async function connect(to = url): Promise<Connection> {
  const connection = await mysql.createConnection({ uri: to, dateStrings: true })
  opened.push(connection)
  return connection
}

async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const [found] = await (await connect()).query(text, values)
  return found as Record<string, unknown>[]
}

const commit = (subject: string, more: Partial<LedgerCommit> = {}): LedgerCommit => ({
  author: ADA,
  subject,
  trailers: {},
  ...more,
})

const setMeta = (db: CommonsDb, key: string, value: string) =>
  sql`REPLACE INTO _meta (\`key\`, value) VALUES (${key}, ${value})`.execute(db.sql)

async function meta(db: CommonsDb, key: string): Promise<string | undefined> {
  const found = await db.sql.selectFrom('_meta').select('value').where('key', '=', key).executeTakeFirst()
  return found?.value ?? undefined
}

/** One turn that writes one row of `_meta`. */
const write = (key: string, value = 'x') =>
  ledger.transact(async (db) => {
    await setMeta(db, key, value)
    return { value: key, commit: commit(`set ${key}`) }
  })

const storedMeta = async (key: string) => (await rows('SELECT value FROM _meta WHERE `key` = ?', [key]))[0]?.['value']

const log = async () => {
  const commits = (await rows('SELECT * FROM dolt_log ORDER BY commit_order DESC')) as Record<string, string>[]
  return commits.map((row): Record<string, string> => ({ ...row, message: unsigned(row['message']) }))
}

/** Commits as `wl` does, beside us. */
async function peerCommits(...statements: string[]): Promise<void> {
  const peer = await connect()
  await peer.query('START TRANSACTION')
  for (const statement of statements) await peer.query(statement)
  await peer.query("CALL DOLT_COMMIT('-Am', 'by a peer')")
  await peer.query('COMMIT')
}

describe('turns', () => {
  it('are first in first out on one connection, however long each takes', async () => {
    const connections = new Set<unknown>()
    const seen: number[] = []
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ledger.transact(async (db) => {
          const found = await sql<{ id: number }>`SELECT CONNECTION_ID() AS id`.execute(db.sql)
          connections.add(found.rows[0]!.id)
          await sleep(n % 3 === 0 ? 20 : 0)
          seen.push(n)
          await setMeta(db, 'last', String(n))
          return { value: n, commit: commit(`turn ${n}`) }
        }),
      ),
    )
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => n))
    expect(connections.size).toBe(1)
    const messages = (await log()).map(({ message }) => message)
    expect(messages.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, n) => `turn ${11 - n}`))
  })

  it('of two processes take turns too: neither loses an update, and none has to begin again', async () => {
    const other = await openLedger(url, { key: KEY })
    let runs = 0
    const add = (on: Ledger) =>
      on.transact(async (db) => {
        runs++
        const n = Number((await meta(db, 'n')) ?? 0)
        await setMeta(db, 'n', String(n + 1))
        return { value: n, commit: commit('add') }
      })
    await Promise.all(Array.from({ length: 10 }, (_, n) => add(n % 2 === 0 ? ledger : other)))
    await other.close()
    expect(await storedMeta('n')).toBe('10')
    expect(runs).toBe(10)
  })

  it('of a process that always has more to write do not keep out those of another', async () => {
    const other = await openLedger(url, { key: KEY })
    let isBusy = true
    const always = Promise.all(
      [1, 2].map(async (n) => {
        while (isBusy) await write(`busy ${n}`)
      }),
    )
    const add = (n: number) =>
      other.transact(async (db) => {
        await setMeta(db, `other ${n}`, 'x')
        return { value: n, commit: commit('other') }
      })
    const ended = await Promise.allSettled([add(1), add(2)])
    isBusy = false
    await always
    await other.close()
    expect(ended).toMatchObject([{ value: { value: 1 } }, { value: { value: 2 } }])
  })

  it('return the hash of their commit, which is the head', async () => {
    const { value, hash } = await write('a')
    expect(value).toBe('a')
    expect(hash).toBe((await log())[0]!['commit_hash'])
    expect(hash).toBe(await ledger.head())
  })

  it('that refuse write nothing, even what they had written, and leave neither a transaction nor the lock', async () => {
    const head = await ledger.head()
    const refused = await ledger.transact(async (db) => {
      await setMeta(db, 'refused', 'x')
      return { value: 'no' }
    })
    expect(refused).toEqual({ value: 'no', hash: undefined })
    expect(await ledger.head()).toBe(head)
    const [lock] = await rows('SELECT GET_LOCK(?, 0) AS free', [`wasteland-bridge/writer_${databases}`])
    expect(lock).toEqual({ free: 1 })
    await Promise.all(opened.map((connection) => connection.end()))
    opened = []
    await peerCommits("INSERT INTO _meta VALUES ('peer', 'was here')")
    const { value } = await ledger.transact(async (db) => ({ value: await meta(db, 'peer') }))
    expect(value).toBe('was here')
    await write('after')
    expect(await storedMeta('refused')).toBeUndefined()
    expect(await rows('SELECT * FROM dolt_status')).toEqual([])
  })

  it('that throw are rolled back, and the next one works', async () => {
    const fault = new Error('a fault of ours')
    const thrown = ledger.transact(async (db) => {
      await setMeta(db, 'thrown', 'x')
      throw fault
    })
    const next = write('next')
    await expect(thrown).rejects.toBe(fault)
    await next
    expect([await storedMeta('thrown'), await storedMeta('next')]).toEqual([undefined, 'x'])
    expect((await log())[0]!['message']).toBe('set next')
  })

  it('whose statement Dolt refuses are rolled back whole, and not run again', async () => {
    let runs = 0
    const refused = ledger.transact(async (db) => {
      runs++
      await setMeta(db, 'first', 'x')
      await sql`INSERT INTO rigs (handle) VALUES (${'h'.repeat(256)})`.execute(db.sql)
      return { value: 1, commit: commit('never') }
    })
    await expect(refused).rejects.toThrow('too large for column')
    expect(runs).toBe(1)
    expect(await storedMeta('first')).toBeUndefined()
    await write('next')
    expect(await storedMeta('first')).toBeUndefined()
  })
})

describe('a commit', () => {
  it('has the acting rig as author, the subject, and each trailer on one line', async () => {
    await ledger.transact(async (db) => {
      await setMeta(db, 'k', 'v')
      const trailers = {
        Delivery: 'guid',
        Command: 'github/issue_comment/1/stamp/1',
        Reason: 'two\nlines\r\nSender: eve',
      }
      return { value: 0, commit: commit('wl accept: w-0123456789', { trailers }) }
    })
    const [newest] = await log()
    expect([newest!['author'] ?? newest!['committer'], newest!['author_email'] ?? newest!['email']]).toEqual([
      'ada',
      '1+ada@users.noreply.github.com',
    ])
    expect(newest!['message']).toMatchInlineSnapshot(`
      "wl accept: w-0123456789

      Delivery: guid
      Command: github/issue_comment/1/stamp/1
      Reason: two lines Sender: eve"
    `)
  })

  it('without rows is none, and one when it is a note', async () => {
    const before = (await log()).length
    expect((await ledger.transact(async () => ({ value: 0, commit: commit('nothing') }))).hash).toBeUndefined()
    expect(await log()).toHaveLength(before)
    const { hash } = await ledger.transact(async () => ({ value: 0, commit: commit('a note', { empty: true }) }))
    expect((await log())[0]).toMatchObject({ commit_hash: hash, message: 'a note' })
    expect(await rows('SELECT * FROM dolt_diff WHERE commit_hash = ?', [hash])).toEqual([])
  })
})

describe('a foreign writer', () => {
  const post = () =>
    ledger.transact(async (db) => {
      const item = { title: 't', description: 'd', project: null, type: null, priority: 2, tags: [], effort: 'medium' }
      await insertWanted(db, { ...item, effort: 'medium', id: ITEM, postedBy: 'ada', at: AT })
      return { value: 0, commit: commit(`wl post: ${ITEM}`) }
    })
  const peerClaims = `UPDATE wanted SET claimed_by = 'eve', status = 'claimed', updated_at = NOW() WHERE id = '${ITEM}' AND status = 'open'`

  /** Claims for bob; `meanwhile` runs between the read and the write. */
  const claim = (meanwhile: (run: number) => Promise<void>, stands?: (db: CommonsDb) => Promise<boolean>) => {
    let runs = 0
    return ledger.transact(async (db) => {
      const item = await findWanted(db, ITEM)
      await meanwhile(++runs)
      if (item?.status !== 'open') return { value: `taken by ${item?.claimedBy}` }
      await moveWanted(db, 'claim', ITEM, { claimedBy: 'bob', at: AT })
      return {
        value: 'mine',
        commit: commit(`wl claim: ${ITEM}`),
        ...(stands === undefined ? {} : { verifyAfter: stands }),
      }
    })
  }
  const claims = async () => (await log()).filter(({ message }) => message!.startsWith('wl claim')).length

  beforeEach(post)

  it('of the same row makes a turn begin again from its reads (errno 1213)', async () => {
    await write('row', 'old')
    const read: unknown[] = []
    await ledger.transact(async (db) => {
      read.push(await meta(db, 'row'))
      if (read.length === 1) await peerCommits("UPDATE _meta SET value = 'theirs' WHERE `key` = 'row'")
      await setMeta(db, 'row', `${String(read.at(-1))} and ours`)
      return { value: 0, commit: commit('ours') }
    })
    expect(read).toEqual(['old', 'theirs'])
    expect(await storedMeta('row')).toBe('theirs and ours')
    expect((await log()).map(({ message }) => message).slice(0, 2)).toEqual(['ours', 'by a peer'])
  })

  it('of another row costs nothing: both are kept', async () => {
    let runs = 0
    await ledger.transact(async (db) => {
      runs++
      await peerCommits("INSERT INTO _meta VALUES ('theirs', 'x')")
      await setMeta(db, 'ours', 'x')
      return { value: 0, commit: commit('ours') }
    })
    expect([runs, await storedMeta('theirs'), await storedMeta('ours')]).toEqual([1, 'x', 'x'])
  })

  it('that claims the item first has it: there is no second claim', async () => {
    const { value, hash } = await claim(async (run) => {
      if (run === 1) await peerCommits(peerClaims)
    })
    expect([value, hash]).toEqual(['taken by eve', undefined])
    expect(await claims()).toBe(0)
    expect(await rows('SELECT status, claimed_by FROM wanted')).toEqual([{ status: 'claimed', claimed_by: 'eve' }])
  })

  it('that takes the item right after our commit is seen by the re-read, and the turn decides again', async () => {
    const read = (db: CommonsDb) => findWanted(db, ITEM).then((item) => item?.claimedBy === 'bob')
    const { value } = await claim(
      async () => {},
      async (db) => {
        await peerCommits("UPDATE wanted SET claimed_by = 'eve', updated_at = NOW()")
        return read(db)
      },
    )
    expect(value).toBe('taken by eve')
    expect(await claims()).toBe(1)
  })

  it('that deletes the row we change makes the turn begin again', async () => {
    const { value } = await claim(async (run) => {
      if (run === 1) await peerCommits(`DELETE FROM wanted WHERE id = '${ITEM}'`)
    })
    expect(value).toBe('taken by undefined')
  })

  it('that inserts our row first makes the turn fail, and its caller’s next try finds the row', async () => {
    let peerIsFirst = true
    const insert = () =>
      ledger.transact(async (db) => {
        const found = await meta(db, 'mine')
        if (found !== undefined) return { value: found }
        if (peerIsFirst) await peerCommits("INSERT INTO _meta VALUES ('mine', 'theirs')")
        peerIsFirst = false
        await sql`INSERT INTO _meta VALUES ('mine', 'ours')`.execute(db.sql)
        return { value: 'ours', commit: commit('insert') }
      })
    const { value } = await insert().catch(insert)
    expect(value).toBe('theirs')
  })

  it('that never lets us win ends in an error, not in an endless loop, and the line goes on', async () => {
    let runs = 0
    const beaten = ledger.transact(async (db) => {
      await setMeta(db, 'row', `ours ${++runs}`)
      await peerCommits(`REPLACE INTO _meta VALUES ('row', 'theirs ${runs}')`)
      return { value: 0, commit: commit('ours') }
    })
    await expect(beaten).rejects.toMatchObject({ errno: 1213 })
    expect(runs).toBe(5)
    expect(await write('next')).toMatchObject({ value: 'next' })
  })

  it('whose state no decision expected is told apart from our own faults', async () => {
    const guarded = ledger.transact(async (db) => {
      await moveWanted(db, 'done', ITEM, { holder: 'bob', at: AT })
      return { value: 0, commit: commit('never') }
    })
    await expect(guarded).rejects.toBeInstanceOf(LedgerMismatch)
  })
})

describe('turns on a branch', () => {
  const entry = (id: string, evidence = 'https://example.org/1') => ({
    id,
    wantedId: ITEM,
    completedBy: 'bob',
    evidence,
    hopUri: null,
    completedAt: '2026-11-21 10:02:03',
  })
  const enter = (id: string, evidence?: string) =>
    ledger.transact(async (db) => {
      const { branch } = await saveEntry(db, entry(id, evidence))
      return { value: branch, commit: commit(`wl done: ${ITEM}`, { branch }) }
    })
  const leave = (id: string) =>
    ledger.transact(async (db) => {
      const { branch } = await deleteEntry(db, { wantedId: ITEM, id })
      return { value: branch, commit: commit(`wl unclaim: ${ITEM}`, { branch, empty: true }) }
    })
  const adopt = (id: string) =>
    ledger.transact(async (db) => {
      const found = await findEntry(db, ITEM, id)
      const isAdopted = found !== undefined && (await adoptEntry(db, found))
      return isAdopted ? { value: true, commit: commit(`wl accept: ${ITEM}`) } : { value: false }
    })
  const undo = (id: string) =>
    ledger.transact(async (db) => {
      await deleteCompletion(db, id)
      return { value: id, commit: commit(`wl undo: ${ITEM}`) }
    })
  const onMain = () => rows('SELECT id, evidence FROM completions ORDER BY id')
  const read = (id: string) => ledger.read((db) => findEntry(db, ITEM, id))
  const logOf = async (branch: string) =>
    (await rows('SELECT * FROM DOLT_LOG(?)', [`main..${branch}`])).map(
      (row) => `${unsigned(row['message'])} by ${String(row['author'])}`,
    )

  it('write there and nowhere else, in the same line as those on main, whose connection they share', async () => {
    const connections = new Set<unknown>()
    const work = Array.from({ length: 6 }, (_, n) => [
      enter(`c-${n}`),
      ledger.transact(async (db) => {
        const found = await sql<{ id: number; branch: string }>`SELECT CONNECTION_ID() AS id, active_branch() AS branch
          `.execute(db.sql)
        connections.add(`${found.rows[0]!.id} on ${found.rows[0]!.branch}`)
        await setMeta(db, 'n', String(n))
        return { value: 0, commit: commit(`main ${n}`) }
      }),
    ])
    await Promise.all(work.flat())
    expect([...connections]).toEqual([expect.stringMatching(/^\d+ on main$/)])
    expect(await onMain()).toEqual([])
    expect((await log()).map(({ message }) => message).slice(0, 6)).toEqual(
      Array.from({ length: 6 }, (_, n) => `main ${5 - n}`),
    )
    for (let n = 0; n < 6; n++) {
      expect(await read(`c-${n}`)).toMatchObject({ id: `c-${n}`, completedBy: 'bob' })
      expect(await logOf(`bounty/${ITEM}/c-${n}`)).toEqual([`wl done: ${ITEM} by ada`])
    }
    expect(await ledger.read((db) => entriesOf(db, ITEM))).toHaveLength(6)
    expect(await ledger.read((db) => entriesOf(db, 'w-other'))).toEqual([])
  })

  it('that fail leave no row there, and the next turn is on main', async () => {
    const failed = ledger.transact(async (db) => {
      const { branch } = await saveEntry(db, entry('c-1'))
      return { value: 0, commit: commit('', { branch, author: 'nobody' }) }
    })
    await expect(failed).rejects.toThrow()
    expect(await read('c-1')).toBeUndefined()
    await write('after')
    expect(await storedMeta('after')).toBe('x')
    await enter('c-1')
    expect(await read('c-1')).toMatchObject({ id: 'c-1' })
  })

  it('that come again are the same row, and a peer’s commits on main do not disturb them', async () => {
    await enter('c-1', 'https://example.org/1')
    await peerCommits("INSERT INTO _meta VALUES ('peer', 'x')")
    await enter('c-1', 'https://example.org/2')
    expect(await read('c-1')).toMatchObject({ evidence: 'https://example.org/2' })
    await leave('c-1')
    await leave('c-1')
    expect(await read('c-1')).toBeUndefined()
    expect(await rows('SELECT * FROM dolt_status')).toEqual([])
  })

  it('are merged into main by one commit, with their own authors behind it, however often undone', async () => {
    await enter('c-1')
    await enter('c-2')
    await write('meanwhile')
    expect((await adopt('c-1')).value).toBe(true)
    expect(await onMain()).toEqual([{ id: 'c-1', evidence: 'https://example.org/1' }])
    expect(await storedMeta('meanwhile')).toBe('x')
    await undo('c-1')
    expect(await onMain()).toEqual([])
    // The merge brings nothing: main has the branch.
    expect((await adopt('c-1')).value).toBe(true)
    expect(await onMain()).toHaveLength(1)
    await undo('c-1')
    await enter('c-1', 'https://example.org/2')
    expect((await adopt('c-1')).value).toBe(true)
    expect(await onMain()).toEqual([{ id: 'c-1', evidence: 'https://example.org/2' }])
    await undo('c-1')
    await leave('c-1')
    expect(await read('c-1')).toBeUndefined()
    expect((await adopt('c-2')).value).toBe(true)
    expect(await onMain()).toEqual([{ id: 'c-2', evidence: 'https://example.org/1' }])
    expect(await rows('SELECT * FROM dolt_merge_status')).toMatchObject([{ is_merging: 0 }])
  })

  it('are merged beside a peer who commits at the same time', async () => {
    await enter('c-1')
    let raced = false
    await ledger.transact(async (db) => {
      await adoptEntry(db, (await findEntry(db, ITEM, 'c-1'))!)
      if (!raced) await peerCommits("INSERT INTO _meta VALUES ('peer', 'x')")
      raced = true
      return { value: 0, commit: commit(`wl accept: ${ITEM}`) }
    })
    expect(await onMain()).toHaveLength(1)
    expect(await storedMeta('peer')).toBe('x')
  })

  it('are not merged where they hold other rows, or a peer has the row too: nothing is left half done', async () => {
    await enter('c-1')
    await peerCommits("INSERT INTO completions (id, evidence) VALUES ('c-1', 'theirs')")
    expect((await adopt('c-1')).value).toBe(false)
    await enter('c-2')
    await peerCommits(`USE \`writer_${databases}/bounty/${ITEM}/c-2\``, "INSERT INTO _meta VALUES ('smuggled', 'x')")
    expect((await adopt('c-2')).value).toBe(false)
    expect(await storedMeta('smuggled')).toBeUndefined()
    expect(await onMain()).toEqual([{ id: 'c-1', evidence: 'theirs' }])
    expect(await rows('SELECT * FROM dolt_status')).toEqual([])
    expect(await write('next')).toMatchObject({ value: 'next' })
  })

  it('killed in the middle keep nothing, and are done by their next try', async () => {
    let isFirst = true
    const interrupted = (work: (db: CommonsDb) => Promise<TransactionResult<boolean>>) =>
      ledger.transact(async (db) => {
        const result = await work(db)
        if (isFirst) {
          isFirst = false
          process.kill(dolt.pid()!, 'SIGKILL')
        }
        return result
      })
    const again = async (work: (db: CommonsDb) => Promise<TransactionResult<boolean>>) => {
      isFirst = true
      await expect(interrupted(work)).rejects.toBeInstanceOf(Unavailable)
      await expect
        .poll(() => interrupted(work).catch((error: unknown) => error), { timeout: 20_000 })
        .toMatchObject({ value: true })
    }
    await again(async (db) => {
      const { branch } = await saveEntry(db, entry('c-1'))
      return { value: true, commit: commit(`wl done: ${ITEM}`, { branch }) }
    })
    expect(await logOf(`bounty/${ITEM}/c-1`)).toHaveLength(1)
    await again(async (db) => {
      await adoptEntry(db, (await findEntry(db, ITEM, 'c-1'))!)
      return { value: true, commit: commit(`wl accept: ${ITEM}`) }
    })
    expect(await onMain()).toHaveLength(1)
    expect((await log()).filter(({ message }) => message === `wl accept: ${ITEM}`)).toHaveLength(1)
  })
})

describe('a ledger that is away', () => {
  it('for its lock is Unavailable after a wait while the holder is at work, and works when it is free', async () => {
    const holder = await connect()
    await holder.query('SELECT GET_LOCK(?, 0)', [`wasteland-bridge/writer_${databases}`])
    const atWork = holder.query('SELECT SLEEP(600)').catch(() => {})
    let ran = false
    const waiting = ledger.transact(async () => {
      ran = true
      return { value: 0 }
    })
    await expect(waiting).rejects.toBeInstanceOf(Unavailable)
    expect(ran).toBe(false)
    holder.destroy()
    await atWork
    expect(await write('free')).toMatchObject({ value: 'free' })
  })

  it('for a holder that is silent is ours: it is cut off, and what it had not committed is not there', async () => {
    const stopped = await connect()
    await stopped.query('SELECT GET_LOCK(?, 0)', [`wasteland-bridge/writer_${databases}`])
    await stopped.query('START TRANSACTION')
    await stopped.query("INSERT INTO _meta VALUES ('half', 'done')")
    expect(await write('ours')).toMatchObject({ value: 'ours' })
    await expect(stopped.query("CALL DOLT_COMMIT('-Am', 'too late')")).rejects.toThrow(/closed|lost/i)
    expect([await storedMeta('half'), await storedMeta('ours')]).toEqual([undefined, 'x'])
  })

  it('killed under a turn is Unavailable, keeps nothing of it, and the next turn after its return works', async () => {
    const killed = ledger.transact(async (db) => {
      await setMeta(db, 'killed', 'x')
      process.kill(dolt.pid()!, 'SIGKILL')
      await setMeta(db, 'killed', 'y')
      return { value: 0, commit: commit('killed') }
    })
    await expect(killed).rejects.toBeInstanceOf(Unavailable)
    await expect
      .poll(() => write('back').catch((error: unknown) => error), { timeout: 20_000 })
      .toMatchObject({
        value: 'back',
      })
    expect([await storedMeta('killed'), await storedMeta('back')]).toEqual([undefined, 'x'])
  })

  it('for a read is Unavailable, and every later error is that too until it is back', async () => {
    await ledger.head()
    process.kill(dolt.pid()!, 'SIGKILL')
    const asked: unknown[] = []
    await expect
      .poll(
        async () => {
          asked.push(await ledger.head().catch((error: unknown) => error))
          return asked.at(-1)
        },
        { timeout: 20_000 },
      )
      .toMatch(/^[0-9a-v]{32}$/)
    for (const error of asked.slice(0, -1)) expect(error).toBeInstanceOf(Unavailable)
  })
})
