import {
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mysql from 'mysql2/promise'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { embeddedDoltUrl, startEmbeddedDolt, type EmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { isAlive, silent, until } from '../ops/fake-server.ts'
import { canRead, NOBODY } from '../ops/nobody.ts'
import { runFixture } from '../ops/run-fixture.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // real servers, on machines that may be busy

const FIXTURE = fileURLToPath(new URL('embedded-dolt.fixture.ts', import.meta.url))

let bin: string
let home: string
let dir: string
let dolt: EmbeddedDolt | undefined

beforeAll(async () => void ({ bin } = await installedDolt()), FETCHING_MS)

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'embedded-dolt-'))
  dir = join(home, 'dolt')
})

afterEach(async () => {
  await dolt?.stop()
  dolt = undefined
  rmSync(home, { recursive: true, force: true })
})

const start = async () => (dolt = await startEmbeddedDolt({ dir, bin, log: silent }))
const mode = (path: string) => statSync(path).mode & 0o777

async function rowsOf(url: string, sql: string): Promise<unknown[]> {
  const connection = await mysql.createConnection(url)
  const [rows] = await connection.query(sql).finally(() => connection.end())
  return rows as unknown[]
}

describe('the embedded Dolt', () => {
  it('has two empty databases on main, and its port and password lie in its folder', async () => {
    const { port, url } = await start()
    for (const database of ['commons', 'pile']) {
      expect(await rowsOf(url(database), 'SELECT active_branch() AS branch')).toEqual([{ branch: 'main' }])
      expect(await rowsOf(url(database), 'SHOW TABLES')).toEqual([])
    }
    expect(readFileSync(join(dir, 'port'), 'utf8')).toBe(`${port}\n`)
    expect([mode(join(dir, 'password')), mode(join(dir, 'config.yaml')), mode(dir)]).toEqual([0o600, 0o600, 0o700])
    expect(await embeddedDoltUrl(dir, 'pile')).toBe(url('pile'))
  })

  it('lives in a folder with blanks, quotes and $ in its name', async () => {
    dir = join(home, `my odd $x "y" 'z`, 'dolt')
    const { url } = await start()
    await rowsOf(url('commons'), 'CREATE TABLE t (id INT PRIMARY KEY)')
    await rowsOf(url('commons'), `CALL DOLT_COMMIT('-Am', 'A table')`)
    expect(existsSync(join(dir, 'data', 'commons', '.dolt'))).toBe(true)
  })

  it('lets nobody in without the password, takes no several statements and opens no unix socket', async () => {
    const { url, port, pid } = await start()
    await expect(rowsOf(`mysql://root@127.0.0.1:${port}/commons`, 'SELECT 1')).rejects.toThrow('Access denied')
    await expect(rowsOf(`${url('commons')}?multipleStatements=true`, 'SELECT 1; SELECT 2')).rejects.toThrow()
    const sockets = readFileSync('/proc/net/unix', 'utf8')
    expect(sockets).not.toContain(dir)
    expect(existsSync(`/proc/${pid()}`)).toBe(true)
  })

  it('keeps its settings apart from those of the user', async () => {
    const { url } = await start()
    await rowsOf(url('commons'), 'SET PERSIST max_connections = 77')
    expect(readFileSync(join(dir, 'root', '.dolt', 'config_global.json'), 'utf8')).toContain('77')
  })

  it('keeps port, password and data over a restart', async () => {
    const first = await start()
    await rowsOf(first.url('commons'), 'CREATE TABLE t (id INT PRIMARY KEY)')
    await first.stop()
    await expect(embeddedDoltUrl(dir, 'commons')).rejects.toThrow(`No Dolt runs for ${dir}`)
    const second = await start()
    expect(second.url('commons')).toBe(first.url('commons'))
    expect(await rowsOf(second.url('commons'), 'SHOW TABLES')).toHaveLength(1)
  })

  it('comes back by itself when it is killed, and a pool of connections works again', async () => {
    const { url, pid, healthy } = await start()
    const pool = mysql.createPool({ uri: url('commons') })
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

  it('leaves no process behind', async () => {
    const { pid, stop } = await start()
    const first = pid()
    await stop()
    expect(isAlive(first)).toBe(false)
  })

  it('is taken over from a crashed run', async () => {
    const us = runFixture(FIXTURE, [dir, bin])
    await us.nextLine()
    const { pid, url } = (await us.nextLine()) as { pid: number; url: string }
    us.child.kill('SIGKILL')
    await us.ended
    expect(isAlive(pid)).toBe(true)
    const next = await start()
    expect(isAlive(pid)).toBe(false)
    expect(next.url('commons')).toBe(url)
  })

  it.each([10, 60, 100, 140, 180, 220, 260])('starts after its first start was killed after %i ms', async (afterMs) => {
    const us = runFixture(FIXTURE, [dir, bin])
    await us.nextLine()
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    us.child.kill('SIGKILL')
    await us.ended
    const { url } = await start()
    expect(await rowsOf(url('pile'), 'SELECT active_branch() AS branch')).toEqual([{ branch: 'main' }])
    expect(readdirSync(join(dir, 'data')).filter((name) => !name.startsWith('.'))).toEqual(['commons', 'pile'])
    expect(await rowsOf(url('pile'), 'SHOW DATABASES')).toHaveLength(4)
  })

  it('is refused when the storage was written by a newer major version', async () => {
    mkdirSync(dir)
    writeFileSync(join(dir, 'version'), '3.1.0\n')
    await expect(start()).rejects.toThrow(UserError)
    await expect(start()).rejects.toThrow('was written by Dolt 3.1.0')
  })

  it('says what to do when the password file is not the right one', async () => {
    await (await start()).stop()
    writeFileSync(join(dir, 'password'), 'another\n')
    await expect(start()).rejects.toThrow(`The password in ${join(dir, 'password')} is not that of the embedded Dolt`)
  })

  it('says why it did not start', async () => {
    await (await start()).stop()
    writeFileSync(join(dir, 'access', 'privileges.db'), 'garbage')
    await expect(start()).rejects.toThrow(
      /^The embedded Dolt did not start\. Dolt ended with exit code 1; its log is .* It last said: .+/,
    )
  })

  it.runIf(NOBODY && canRead(FIXTURE))('works for a plain user', async () => {
    const ours = join(home, 'bin')
    try {
      linkSync(bin, ours) // 166 MB; a second name of the file is enough where the file system allows it
    } catch {
      copyFileSync(bin, ours)
    }
    chownSync(home, NOBODY!.uid, NOBODY!.gid)
    const us = runFixture(FIXTURE, [dir, ours], NOBODY)
    await us.nextLine()
    const { pid, url } = (await us.nextLine()) as { pid: number; url: string }
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY!.uid)
    expect(await rowsOf(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    us.child.kill('SIGTERM')
    expect(await us.ended).toBe(0)
  })
})
