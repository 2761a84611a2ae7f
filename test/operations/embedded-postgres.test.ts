import { execFileSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  embeddedPostgresUrl,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/operations/embedded-postgres.ts'
import { isAlive, silent, until } from '../ops/fake-server.ts'
import { canRead, NOBODY } from '../ops/nobody.ts'
import { runFixture } from '../ops/run-fixture.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // real servers, on machines that may be busy

const FIXTURE = fileURLToPath(new URL('embedded-postgres.fixture.ts', import.meta.url))
const isRoot = process.getuid?.() === 0

let template: string // a folder after its first start: initdb takes most of a second, a copy little

let home: string
let dir: string
let running: EmbeddedPostgres[] = []
let dirs: string[] = []

beforeAll(async () => {
  template = join(mkdtempSync(join(tmpdir(), 'embedded-postgres-')), 'postgres')
  await (await startEmbeddedPostgres({ dir: template, log: silent })).stop()
})

afterAll(() => {
  removeEmbeddedPostgres(template)
  rmSync(dirname(template), { recursive: true })
})

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'embedded-postgres-'))
  dir = join(home, 'postgres')
  dirs = [dir]
})

afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()))
  running = []
  for (const each of dirs) removeEmbeddedPostgres(each)
  rmSync(home, { recursive: true, force: true })
})

async function start(where = dir): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dir: where, log: silent })
  running.push(postgres)
  return postgres
}

/** Starts in a folder that has been started before. */
async function startAgain(): Promise<EmbeddedPostgres> {
  copyTemplate()
  return start()
}

function copyTemplate(): void {
  execFileSync('cp', ['-a', template, dir]) // fs.cp keeps no owners
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(sql).finally(() => client.end())
  return rows
}

const mode = (path: string) => statSync(path).mode & 0o777

describe('the embedded Postgres', () => {
  it('is Postgres 18 in UTF-8 with the C locale, durable, and on loopback alone', async () => {
    const { url, port, pid } = await start()
    const [about] = await query(
      url,
      `SELECT current_database() AS name, datcollate AS collate, pg_encoding_to_char(encoding) AS encoding,
         current_setting('server_version') AS version, current_setting('fsync') AS fsync,
         current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets
       FROM pg_database WHERE datname = current_database()`,
    )
    expect(about).toEqual({
      name: 'operations',
      collate: 'C',
      encoding: 'UTF8',
      version: expect.stringMatching(/^18\./),
      fsync: 'on',
      listens: '127.0.0.1',
      sockets: '',
    })
    expect(readFileSync(join(dir, 'port'), 'utf8')).toBe(`${port}\n`)
    expect(await embeddedPostgresUrl(dir)).toBe(url)
    expect(statSync(`/proc/${pid()}`).uid).not.toBe(0)
  })

  it('lets nobody in without the password and shows nobody its files', async () => {
    const { port } = await startAgain()
    await expect(query(`postgres://postgres:wrong@127.0.0.1:${port}/operations`, 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    )
    expect(mode(join(dir, 'password'))).toBe(0o600)
    expect(mode(join(dir, 'server.log'))).toBe(0o600)
    expect(mode(join(dir, 'cluster'))).toBe(0o700)
    expect(mode(dir) & 0o007).toBe(0)
    expect(readdirSync(dir).toSorted()).toEqual(['cluster', 'password', 'port', 'server.json', 'server.log'])
  })

  it('keeps port, password and data over a restart', async () => {
    const first = await startAgain()
    await query(first.url, 'CREATE TABLE t (id INT PRIMARY KEY)')
    const pid = first.pid()
    await first.stop()
    expect(isAlive(pid)).toBe(false)
    await expect(embeddedPostgresUrl(dir)).rejects.toThrow(`No Postgres runs for ${dir}`)
    mkdirSync(join(dir, 'init-killed'))
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'SELECT count(*) AS count FROM t')).toEqual([{ count: '0' }])
    expect(existsSync(join(dir, 'init-killed'))).toBe(false)
  })

  it('comes back by itself when it is killed, and a pool of connections works again', async () => {
    const { url, pid, healthy } = await startAgain()
    const pool = new pg.Pool({ connectionString: url })
    pool.on('error', () => {})
    await pool.query('SELECT 1')
    const first = pid()!
    process.kill(first, 'SIGKILL')
    await until(() => pid() !== first && healthy())
    await until(() =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    )
    await pool.end()
  })

  it('is checkpointed when it stops: the next start has nothing to recover', async () => {
    const first = await startAgain()
    await query(first.url, 'CREATE TABLE t (id INT PRIMARY KEY)')
    await query(first.url, 'INSERT INTO t SELECT generate_series(1, 10000)')
    const log = () => readFileSync(join(dir, 'server.log'), 'utf8')
    await first.stop()
    expect(log()).toMatch(
      /checkpoint starting: shutdown[\s\S]*checkpoint complete[\s\S]*database system is shut down\n$/,
    )
    const before = log().length
    const second = await start()
    const started = log().slice(before)
    expect(started).toContain('database system was shut down at')
    expect(started).not.toMatch(/interrupted|recovery/)
    expect(await query(second.url, 'SELECT count(*) AS count FROM t')).toEqual([{ count: '10000' }])
  })

  it('stops at once though somebody is connected', async () => {
    const { url, stop } = await startAgain()
    const client = new pg.Client(url)
    client.on('error', () => {})
    await client.connect()
    const began = Date.now()
    await stop()
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  it('is taken over from a crashed run', async () => {
    copyTemplate()
    const us = runFixture(FIXTURE, [dir])
    await us.nextLine()
    const { pid, url } = (await us.nextLine()) as { pid: number; url: string }
    us.child.kill('SIGKILL')
    await us.ended
    expect(isAlive(pid)).toBe(true)
    const next = await start()
    expect(isAlive(pid)).toBe(false)
    expect(next.url).toBe(url)
  })

  it.each([150, 600])('starts after its first start was killed after %i ms', async (afterMs) => {
    const us = runFixture(FIXTURE, [dir])
    await us.nextLine()
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    us.child.kill('SIGKILL')
    await us.ended
    const { url } = await start()
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('starts though the pid it noted is now that of a stranger', async () => {
    const first = await startAgain()
    await first.stop()
    const note = join(dir, 'cluster', 'postmaster.pid')
    writeFileSync(
      note,
      `${process.ppid}\n${realpathSync(join(dir, 'cluster'))}\n1\n${first.port}\n\n127.0.0.1\n\nready\n`,
    )
    expect((await start()).healthy()).toBe(true)
  })

  it.each(['17', '19'])('refuses a cluster of Postgres %s', async (major) => {
    mkdirSync(join(dir, 'cluster'), { recursive: true })
    writeFileSync(join(dir, 'cluster', 'PG_VERSION'), `${major}\n`)
    if (isRoot) chownSync(join(dir, 'cluster'), 1, 1)
    await expect(start()).rejects.toThrow(
      new RegExp(`was written by Postgres ${major}, and this is Postgres 18.*"wasteland-bridge backup --restore `),
    )
  })

  it('says what to do when the password file is lost or wrong', async () => {
    await (await startAgain()).stop()
    writeFileSync(join(dir, 'password'), 'another\n')
    await expect(start()).rejects.toThrow(
      `The password in ${join(dir, 'password')} is not that of the embedded Postgres`,
    )
    rmSync(join(dir, 'password'))
    await expect(start()).rejects.toThrow(`${join(dir, 'password')} is missing`)
  })

  it.runIf(NOBODY && canRead(FIXTURE))('works for a plain user', async () => {
    chownSync(home, NOBODY!.uid, NOBODY!.gid)
    const us = runFixture(FIXTURE, [dir], NOBODY)
    await us.nextLine()
    const { pid, url } = (await us.nextLine()) as { pid: number; url: string }
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY!.uid)
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    us.child.kill('SIGTERM')
    expect(await us.ended).toBe(0)
    expect((await start()).url).toBe(url) // and root goes on with it, as that user
  })
})

describe.runIf(isRoot)('for root, in a folder that others cannot pass through', () => {
  const place = (where = dir) => dirname(readlinkSync(join(where, 'cluster')))

  beforeEach(() => {
    mkdirSync(join(home, 'closed'), { mode: 0o700 })
    mkdirSync(join(home, 'closed', 'data'))
    dir = join(home, 'closed', 'data', 'postgres')
    dirs = [dir]
  })

  it('the cluster lies elsewhere, belongs to another user, is found again and is removed with the store', async () => {
    const first = await start()
    await query(first.url, 'CREATE TABLE t (id INT PRIMARY KEY)')
    const { uid } = statSync(join(place(), 'cluster'))
    expect(uid).toBeGreaterThan(0)
    expect(statSync(`/proc/${first.pid()}`).uid).toBe(uid)
    expect([mode(join(home, 'closed')), mode(dir), mode(join(place(), 'cluster'))]).toEqual([0o700, 0o700, 0o700])
    await first.stop()
    const before = place()
    const second = await start()
    expect(place()).toBe(before)
    expect(await query(second.url, 'SELECT count(*) AS count FROM t')).toEqual([{ count: '0' }])
    await second.stop()
    removeEmbeddedPostgres(dir)
    expect([existsSync(before), existsSync(dir)]).toEqual([false, false])
  })

  it('a moved data folder takes its cluster along, a copied one gets its own', async () => {
    const first = await start()
    await first.stop()
    const original = place()
    const copied = join(home, 'copied', 'postgres')
    cpSync(dirname(dir), dirname(copied), { recursive: true, verbatimSymlinks: true })
    dirs.push(copied)
    await (await start(copied)).stop()
    expect(existsSync(join(original, 'cluster'))).toBe(true)
    expect(realpathSync(join(copied, 'cluster'))).not.toBe(join(original, 'cluster'))

    const moved = join(home, 'closed', 'moved', 'postgres')
    dirs.push(moved)
    renameSync(dirname(dir), dirname(moved))
    await start(moved)
    expect(place(moved)).toBe(original)
  })

  it('a cluster that is gone, as in a new container, is made anew', async () => {
    await (await start()).stop()
    rmSync(place(), { recursive: true })
    const { url } = await start()
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})
