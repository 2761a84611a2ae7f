import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { readTrailers } from '../../src/domain/commit-message.ts'
import { sha256 } from '../../src/domain/hash.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import type { BatchStats } from '../../src/ledger/engine/writer.ts'
import { silent } from '../ops/fake-server.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { fill, item, stamp, subject, SUBJECTS, work } from './stamping.ts'
import { KEY } from './key.ts'
import { prepareServer } from '../prepared-stores.ts'

const ITEMS = 30
const AUTHORS = ['ada', 'bea', 'cy']

let home: string
let dolt: EmbeddedDolt
let url: string
let ledger: Ledger
let seen: BatchStats[] = []
let databases = 0

const authorName = (n: number) => AUTHORS[n % AUTHORS.length]!

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sets-'))
  const { bin } = await installedDolt()
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
}, FETCHING_MS)

beforeEach(async () => {
  const name = `sets_${++databases}`
  const connection = await mysql.createConnection({ uri: dolt.url('commons') })
  await connection.query(`CREATE DATABASE ${name}`)
  await connection.end()
  url = dolt.url(name)
  seen = []
  ledger = await openLedger(url, { key: KEY, seen: (batch) => seen.push(batch) })
  await fill(ledger, ITEMS)
})

afterEach(async () => ledger?.close())

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const connection = await mysql.createConnection({ uri: url, dateStrings: true })
  const [found] = await connection.query(text, values)
  await connection.end()
  return found as Record<string, unknown>[]
}

const all = (each: (n: number) => Promise<unknown>) => Promise.all(Array.from({ length: ITEMS }, (_, n) => each(n)))

const waitingForLock = async () => {
  const found = await rows('SHOW PROCESSLIST')
  return found.filter(({ Info }) => String(Info).startsWith('SELECT GET_LOCK')).length
}

async function passbooksAreWhole() {
  for (const name of SUBJECTS) {
    const chain = await rows('SELECT * FROM stamps WHERE subject = ? ORDER BY stamp_index', [name])
    expect(chain.map((row) => row['stamp_index'])).toEqual(chain.map((_, n) => n))
    const before = [null, ...chain.map((row) => sha256(String(row['id'])))]
    expect(chain.map((row) => row['prev_stamp_hash'])).toEqual(before.slice(0, chain.length))
  }
}

describe('a long line', () => {
  it('is written as one commit of each author, every row as if alone', async () => {
    const before = (await rows('SELECT 1 FROM dolt_log')).length
    const answers = (await all((n) => stamp(ledger, n, authorName(n)))) as { value: string; hash: string }[]
    expect(answers.map(({ value }) => value)).toEqual(
      Array.from({ length: ITEMS }, (_, n) => `s-${authorName(n)}-${n}`),
    )
    const log = (await rows('SELECT * FROM dolt_log ORDER BY commit_order DESC')).slice(0, -before)
    expect(new Set(log.map((row) => row['author']))).toEqual(new Set(AUTHORS))
    expect(log).toHaveLength(AUTHORS.length)
    for (const { message, author, commit_hash } of log) {
      const told = readTrailers(String(message)).map((trailers) => trailers.get('Command'))
      const own = Array.from({ length: ITEMS }, (_, n) => n).filter((n) => authorName(n) === author)
      expect(told).toEqual(own.map((n) => `stamp/${n}`))
      for (const n of own) {
        expect(String(message)).toContain(`wl accept: ${item(n)}\n`)
        expect(answers[n]!.hash).toBe(commit_hash)
      }
    }
    for (let n = 0; n < ITEMS; n++) {
      const id = `s-${authorName(n)}-${n}`
      expect(await rows('SELECT status, evidence_url FROM wanted WHERE id = ?', [item(n)])).toEqual([
        { status: 'completed', evidence_url: `https://example.org/judged/${n}` },
      ])
      expect((await rows('SELECT * FROM completions WHERE id = ?', [work(n)]))[0]).toMatchObject({
        stamp_id: id,
        validated_by: authorName(n),
        evidence: `https://example.org/judged/${n}`,
      })
      expect((await rows('SELECT * FROM stamps WHERE id = ?', [id]))[0]).toMatchObject({
        author: authorName(n),
        subject: subject(n),
        context_id: work(n),
      })
    }
    await passbooksAreWhole()
    expect(seen.at(-1)).toMatchObject({ transactions: ITEMS / AUTHORS.length, commits: 1 })
    expect(ledger.waiting()).toBe(0)
  })

  it('writes the same block hashes as turns one by one', async () => {
    await all((n) => stamp(ledger, n, authorName(n)))
    const hashes = async () => rows('SELECT id, block_hash FROM completions ORDER BY id')
    const inSets = await hashes()
    const stamps = 'SELECT id, prev_stamp_hash, block_hash FROM stamps WHERE subject = ? ORDER BY stamp_index'
    const first = await rows(`${stamps} LIMIT 1`, [SUBJECTS[0]])
    await ledger.close()
    url = dolt.url('commons')
    await rows(`CREATE DATABASE singly_${databases}`)
    url = dolt.url(`singly_${databases}`)
    ledger = await openLedger(url, { key: KEY })
    await rows(`INSERT INTO wanted SELECT * FROM sets_${databases}.wanted AS OF 'HEAD~${AUTHORS.length}'`)
    await rows(`INSERT INTO completions SELECT * FROM sets_${databases}.completions AS OF 'HEAD~${AUTHORS.length}'`)
    await rows("CALL DOLT_COMMIT('-Am', 'as before')")
    for (let n = 0; n < ITEMS; n++) await stamp(ledger, n, authorName(n))
    expect(await hashes()).toEqual(inSets)
    expect(await rows(`${stamps} LIMIT 1`, [SUBJECTS[0]])).toEqual(first)
  })

  it('lets a refusal harm no other', async () => {
    await stamp(ledger, 3, authorName(3))
    const answers = (await all((n) => stamp(ledger, n, 'ada'))) as { value: string; hash: string | undefined }[]
    expect(answers.filter(({ hash }) => hash === undefined)).toEqual([{ value: 'refused 3', hash: undefined }])
    expect(await rows('SELECT COUNT(*) AS n FROM stamps')).toEqual([{ n: ITEMS }])
    await passbooksAreWhole()
  })

  it('of which one throws is written singly: the one is rejected, the others land', async () => {
    const fault = new Error('a fault of ours')
    const fails = async () => {
      throw fault
    }
    const ended = await Promise.allSettled(
      Array.from({ length: ITEMS }, (_, n) => stamp(ledger, n, 'ada', n === 7 ? fails : undefined)),
    )
    expect(ended.flatMap((one, n) => (one.status === 'rejected' ? [[n, one.reason]] : []))).toEqual([[7, fault]])
    expect(await rows('SELECT COUNT(*) AS n FROM stamps')).toEqual([{ n: ITEMS - 1 }])
    expect(await rows('SELECT COUNT(*) AS n FROM dolt_status')).toEqual([{ n: 0 }])
    await passbooksAreWhole()
  })

  it('whose counts differ from what was read is decided again, against what is there by then', async () => {
    let first = true
    const peerCloses = async () => {
      if (!first) return
      first = false
      const peer = await mysql.createConnection({ uri: url })
      await peer.query('START TRANSACTION')
      await peer.query(`UPDATE wanted SET status = 'withdrawn' WHERE id = ?`, [item(5)])
      await peer.query("CALL DOLT_COMMIT('-Am', 'by a peer')")
      await peer.query('COMMIT')
      await peer.end()
    }
    const answers = (await all((n) => stamp(ledger, n, 'ada', n === 5 ? peerCloses : undefined))) as { value: string }[]
    expect(answers[5]!.value).toBe('refused 5')
    expect(await rows('SELECT COUNT(*) AS n FROM stamps')).toEqual([{ n: ITEMS - 1 }])
    expect(await rows('SELECT status FROM wanted WHERE id = ?', [item(5)])).toEqual([{ status: 'withdrawn' }])
    await passbooksAreWhole()
  })

  it('keeps the order of turns about one item: the second of two stampers is refused', async () => {
    const answers = (await Promise.all(
      Array.from({ length: ITEMS }, (_, n) => [stamp(ledger, n, 'ada'), stamp(ledger, n, 'bea')]).flat(),
    )) as { value: string }[]
    const expected = Array.from({ length: ITEMS }, (_, n) => [`s-ada-${n}`, `refused ${n}`]).flat()
    expect(answers.map(({ value }) => value)).toEqual(expected)
  })

  it('has in its first commit also those who came while another process had the lock', async () => {
    const holder = await mysql.createConnection({ uri: url })
    await holder.query('SELECT GET_LOCK(?, 0)', [`wasteland-bridge/sets_${databases}`])
    const some = Array.from({ length: ITEMS / 2 }, (_, n) => stamp(ledger, n, 'ada'))
    // The writer asks for the lock by then.
    await expect.poll(() => waitingForLock()).toBe(1)
    const others = Array.from({ length: ITEMS / 2 }, (_, n) => stamp(ledger, n + ITEMS / 2, 'ada'))
    await holder.end()
    await Promise.all([...some, ...others])
    expect(seen.at(-1)).toMatchObject({ transactions: ITEMS, commits: 1 })
    expect(await rows('SELECT COUNT(*) AS n FROM stamps')).toEqual([{ n: ITEMS }])
  })

  it('fails as a whole when the ledger cannot be written: nobody waits for one author after another', async () => {
    const holder = await mysql.createConnection({ uri: url })
    await holder.query('SELECT GET_LOCK(?, 0)', [`wasteland-bridge/sets_${databases}`])
    const atWork = holder.query('SELECT SLEEP(600)').catch(() => {})
    const stamps = Array.from({ length: ITEMS }, (_, n) => stamp(ledger, n, authorName(n)))
    const ended = Promise.allSettled(stamps)
    await expect(stamps[0]).rejects.toBeInstanceOf(Unavailable)
    holder.destroy()
    await atWork
    expect((await ended).map((one) => one.status === 'rejected' && one.reason instanceof Unavailable)).toEqual(
      Array.from({ length: ITEMS }, () => true),
    )
    expect(await stamp(ledger, 0, 'ada')).toMatchObject({ value: 's-ada-0' })
  })
})
