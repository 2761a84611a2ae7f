import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql, { type Connection, type ResultSetHeader } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { storedFiles } from '../../src/ledger/profiles/chunk-files.ts'
import { startEmbeddedDolt, type EmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { randomBytes } from 'node:crypto'
import { FETCHING_MS, installedDolt } from '../ledger/installed-dolt.ts'
import { silent } from '../ops/fake-server.ts'
import { startRawDolt, type RawDolt } from './raw-dolt.ts'
import { prepareServer } from '../prepared-stores.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // real servers, on machines that may be busy

// What the ledger builds on and guards against, measured on the Dolt that is installed here. When one of
// these fails after an upgrade, the guard named with it may go, or a new one is needed.

let home: string
let bin: string
let dolt: EmbeddedDolt
let opened: Connection[] = []

beforeAll(async () => {
  ;({ bin } = await installedDolt())
  home = mkdtempSync(join(tmpdir(), 'dolt-contract-'))
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
}, FETCHING_MS)

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

afterEach(closeAll)

async function closeAll(): Promise<void> {
  await Promise.all(opened.map((connection) => connection.end().catch(() => {})))
  opened = []
}

async function connect(database: string, options: mysql.ConnectionOptions = {}): Promise<Connection> {
  const connection = await mysql.createConnection({ uri: dolt.url(database), ...options })
  opened.push(connection)
  return connection
}

let counter = 0

/** A new database with a table `t (id, a, b)` that has the row (1, 0, 0), committed; a connection to it. */
async function freshDatabase(): Promise<{ name: string; main: Connection }> {
  const name = `contract_${++counter}`
  const admin = await connect('commons')
  await admin.query(`CREATE DATABASE ${name}`)
  const main = await connect(name)
  await main.query('CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)')
  await main.query('INSERT INTO t VALUES (1, 0, 0)')
  await main.query("CALL DOLT_COMMIT('-Am', 'start')")
  return { name, main }
}

async function rows(connection: Connection, sql: string, values?: unknown[]): Promise<unknown[]> {
  const [found] = await connection.query(sql, values)
  return found as unknown[]
}

const errnoOf = (work: Promise<unknown>): Promise<number | undefined> =>
  work.then(
    () => undefined,
    (error: { errno?: number }) => error.errno,
  )

/** Two connections, each in a transaction that has read the table, so that both began before either wrote. */
async function twoTransactions(name: string): Promise<[Connection, Connection]> {
  const pair: [Connection, Connection] = [await connect(name), await connect(name)]
  for (const each of pair) {
    await each.query('START TRANSACTION')
    await each.query('SELECT * FROM t')
  }
  return pair
}

describe('one commit', () => {
  it('after DOLT_COMMIT the connection is already in a new transaction, so COMMIT is always sent', async () => {
    const { name, main } = await freshDatabase()
    const other = await connect(name)
    await main.query('START TRANSACTION')
    await main.query('UPDATE t SET a = 1')
    const [made] = await rows(
      main,
      "CALL DOLT_COMMIT('-Am', 'one', '--author', 'Ada <ada@example.org>', '--skip-empty')",
    )
    expect(made).toEqual({ hash: expect.stringMatching(/^[0-9a-v]{32}$/) })

    // The new transaction has its snapshot: what others commit now is not seen before COMMIT …
    await rows(main, 'SELECT * FROM t')
    await other.query('UPDATE t SET b = 2')
    expect(await rows(main, 'SELECT b FROM t')).toEqual([{ b: 0 }])
    // … and a write is no autocommit: it is lost without COMMIT.
    await main.query('UPDATE t SET a = 99')
    await main.query('ROLLBACK')
    expect(await rows(main, 'SELECT a, b FROM t')).toEqual([{ a: 1, b: 2 }])
  })

  it('is empty without an error with --skip-empty, and is made without rows with --allow-empty', async () => {
    const { main } = await freshDatabase()
    expect(await rows(main, "CALL DOLT_COMMIT('-Am', 'none', '--skip-empty')")).toEqual([])
    expect(await rows(main, "CALL DOLT_COMMIT('-Am', 'a note', '--allow-empty')")).toHaveLength(1)
  })

  it('over two databases: COMMIT fails with 1105, but DOLT_COMMIT succeeds and the other one’s rows are lost', async () => {
    const [one, two] = [await freshDatabase(), await freshDatabase()]
    const writer = await connect(one.name)
    const writeBoth = async () => {
      await writer.query('START TRANSACTION')
      await writer.query('UPDATE t SET a = a + 1')
      await writer.query(`INSERT INTO ${two.name}.t VALUES (2, 0, 0)`)
    }
    await writeBoth()
    expect(await errnoOf(writer.query('COMMIT'))).toBe(1105)
    await writer.query('ROLLBACK')
    await writeBoth()
    expect(await rows(writer, "CALL DOLT_COMMIT('-Am', 'both')")).toHaveLength(1)
    await writer.query('COMMIT')
    expect(await rows(await connect(one.name), 'SELECT a FROM t')).toEqual([{ a: 1 }])
    expect(await rows(await connect(two.name), 'SELECT id FROM t')).toEqual([{ id: 1 }])
  })
})

describe('parallel writers (so there is one, under GET_LOCK, that reads again after COMMIT)', () => {
  it('same row, different values: the loser gets 1213 at COMMIT, never at UPDATE', async () => {
    const { name } = await freshDatabase()
    const [first, second] = await twoTransactions(name)
    await first.query('UPDATE t SET a = 1')
    await second.query('UPDATE t SET a = 2')
    await first.query('COMMIT')
    expect(await errnoOf(second.query('COMMIT'))).toBe(1213)
  })

  it('same row, same value: two winners and no error', async () => {
    const { name } = await freshDatabase()
    const claims = await twoTransactions(name)
    for (const claim of claims) {
      const [done] = await claim.query<ResultSetHeader>('UPDATE t SET a = 7 WHERE id = 1 AND a = 0')
      expect(done.affectedRows).toBe(1)
    }
    for (const claim of claims) expect(await errnoOf(claim.query('COMMIT'))).toBeUndefined()
  })

  it('different columns of one row are merged silently', async () => {
    const { name, main } = await freshDatabase()
    const [first, second] = await twoTransactions(name)
    await first.query('UPDATE t SET a = 1')
    await second.query('UPDATE t SET b = 2')
    await first.query('COMMIT')
    await second.query('COMMIT')
    expect(await rows(main, 'SELECT a, b FROM t')).toEqual([{ a: 1, b: 2 }])
  })

  it('n = n + 1 loses an update', async () => {
    const { name, main } = await freshDatabase()
    const both = await twoTransactions(name)
    for (const each of both) await each.query('UPDATE t SET a = a + 1')
    for (const each of both) await each.query('COMMIT')
    expect(await rows(main, 'SELECT a FROM t')).toEqual([{ a: 1 }])
  })

  it('INSERT IGNORE of an identical row: two winners', async () => {
    const { name } = await freshDatabase()
    const both = await twoTransactions(name)
    for (const each of both) {
      const [done] = await each.query<ResultSetHeader>('INSERT IGNORE INTO t VALUES (2, 5, 5)')
      expect(done.affectedRows).toBe(1)
    }
    for (const each of both) expect(await errnoOf(each.query('COMMIT'))).toBeUndefined()
  })

  it('SELECT … FOR UPDATE locks nothing, GET_LOCK does, and frees with its connection', async () => {
    const { name } = await freshDatabase()
    const [first, second] = await twoTransactions(name)
    await first.query('SELECT * FROM t FOR UPDATE')
    expect(await rows(second, 'SELECT id FROM t FOR UPDATE')).toEqual([{ id: 1 }])
    expect(await rows(first, "SELECT GET_LOCK('w', 0) AS got")).toEqual([{ got: 1 }])
    expect(await rows(second, "SELECT GET_LOCK('w', 0) AS got")).toEqual([{ got: 0 }])
    first.destroy()
    expect(await rows(second, "SELECT GET_LOCK('w', 5) AS got")).toEqual([{ got: 1 }])
  })
})

describe('connections', () => {
  it('a pooled connection keeps its branch after release, so connections name it: database/branch', async () => {
    const { name, main } = await freshDatabase()
    await main.query("CALL DOLT_BRANCH('side')")
    const pool = mysql.createPool({ uri: dolt.url(name), connectionLimit: 1 })
    const first = await pool.getConnection()
    await first.query("CALL DOLT_CHECKOUT('side')")
    first.release()
    const [next] = await pool.query('SELECT active_branch() AS branch')
    await pool.end()
    expect(next).toEqual([{ branch: 'side' }])
    expect(await rows(await connect(`${name}/side`), 'SELECT active_branch() AS branch')).toEqual([{ branch: 'side' }])
  })
})

describe('a server with Dolt’s own settings (so ours has a root of its own and takes no several statements)', () => {
  let servers: RawDolt[] = []
  afterEach(async () => {
    await Promise.all(servers.map(({ server }) => server.stop()))
    servers = []
  })

  async function start(name: string, root: string): Promise<string> {
    const raw = await startRawDolt(bin, join(home, name), join(home, root))
    servers.push(raw)
    return raw.url
  }

  async function open(url: string, options: mysql.ConnectionOptions = {}): Promise<Connection> {
    const connection = await mysql.createConnection({ uri: url, ...options })
    opened.push(connection)
    return connection
  }

  it('goes on after a failing statement of a packet and commits the rest', async () => {
    const url = await start('several', 'root-of-several')
    const writer = await open(url, { multipleStatements: true })
    await writer.query('CREATE DATABASE m; USE m; CREATE TABLE t (id INT PRIMARY KEY)')
    const packet = writer.query('INSERT INTO t VALUES (1); INSERT INTO nowhere VALUES (1); INSERT INTO t VALUES (2)')
    expect(await errnoOf(packet)).toBe(1146)
    await expect.poll(async () => rows(await open(`${url}/m`), 'SELECT id FROM t')).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('has what SET PERSIST wrote through another server of the same root, and not with another root', async () => {
    await (await open(await start('one', 'shared'))).query('SET PERSIST max_connections = 77')
    const read = async (url: string) => rows(await open(url), 'SELECT @@max_connections AS n')
    expect(await read(await start('two', 'shared'))).toEqual([{ n: 77 }])
    expect(await read(await start('three', 'alone'))).not.toEqual([{ n: 77 }])
  })
})

describe('history', () => {
  it('may be reset by whoever was granted EXECUTE on the database, not by a grant on one procedure', async () => {
    const { name, main } = await freshDatabase()
    await main.query("CALL DOLT_COMMIT('-Am', 'second', '--allow-empty')")
    const reset = "CALL DOLT_RESET('--hard', 'HEAD~2')"
    const as = async (user: string, grant: string) => {
      await main.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'p'`)
      await main.query(`GRANT SELECT, INSERT ON ${name}.* TO ${user}@'%'`)
      await main.query(`GRANT EXECUTE ON ${grant} TO ${user}@'%'`)
      const connection = await mysql.createConnection(`mysql://${user}:p@127.0.0.1:${dolt.port}/${name}`)
      opened.push(connection)
      return connection
    }
    const careful = await as('careful', `PROCEDURE ${name}.dolt_commit`)
    expect(await errnoOf(careful.query("CALL DOLT_COMMIT('-Am', 'third', '--allow-empty')"))).toBeUndefined()
    expect(await errnoOf(careful.query(reset))).toBe(1105)
    const wide = await as('wide', `${name}.*`)
    expect(await errnoOf(wide.query(reset))).toBeUndefined()
    expect(await rows(main, "SELECT message FROM dolt_log WHERE message = 'second'")).toEqual([])
  })
})

describe('forgetting (so every connection is closed first, and the files are read as proof)', () => {
  const secret = randomBytes(60).toString('base64')

  // Statistics are read in the background by a session that no list shows, and that may keep alive what it has read: a
  // forgetting tries again, and here nothing is to be left to chance.
  beforeAll(async () => {
    await (await connect('commons')).query('CALL DOLT_STATS_STOP()')
    await closeAll()
  })

  /** A database that once held the secret; its history is squashed, no gc has run. */
  async function squashed(readers: (name: string) => Promise<unknown>): Promise<{ name: string; main: Connection }> {
    const { name, main } = await freshDatabase()
    await main.query('CREATE TABLE sheet (id INT PRIMARY KEY, body TEXT)')
    await main.query('INSERT INTO sheet VALUES (1, ?)', [secret])
    await main.query("CALL DOLT_COMMIT('-Am', 'a sheet')")
    await readers(name)
    await main.query('DELETE FROM sheet')
    await main.query("CALL DOLT_COMMIT('-Am', 'forgotten')")
    const [root] = (await rows(main, 'SELECT commit_hash AS hash FROM dolt_log ORDER BY commit_order')) as {
      hash: string
    }[]
    await main.query("CALL DOLT_RESET('--soft', ?)", [root!.hash])
    await main.query("CALL DOLT_COMMIT('-Am', 'squashed')")
    return { name, main }
  }

  /**
   * gc ends every connection of the database, so each call has its own. What our side has ended, the server may still
   * be ending, and keep alive what that connection had read: it waits until all are gone, as a forgetting does.
   */
  async function collect(name: string): Promise<void> {
    const connection = await connect(name)
    const here = opened.map(({ threadId }) => threadId)
    const ending = async () =>
      ((await rows(connection, 'SHOW PROCESSLIST')) as { Id: number }[]).filter(({ Id }) => !here.includes(Id))
    await expect.poll(ending, { interval: 5, timeout: 5_000 }).toEqual([])
    await connection.query("CALL DOLT_GC('--full')")
  }

  const isOnDisk = (name: string) =>
    readdirSync(join(home, 'dolt', 'data', name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(secret))

  it('squash and full gc remove the text from the files when nobody else was connected', async () => {
    const { name } = await squashed(async () => {})
    expect(isOnDisk(name)).toBe(true)
    await closeAll()
    await collect(name)
    expect(isOnDisk(name)).toBe(false)
  })

  it('with another connection that had read it the text stays, also after a second gc, until another commit', async () => {
    const { name } = await squashed(async (database) => rows(await connect(database), 'SELECT * FROM sheet'))
    await collect(name)
    expect(isOnDisk(name)).toBe(true)
    await closeAll()
    await collect(name)
    expect(isOnDisk(name)).toBe(true)
    await (await connect(name)).query("CALL DOLT_COMMIT('-Am', 'another', '--allow-empty')")
    await closeAll()
    await collect(name)
    expect(isOnDisk(name)).toBe(false)
  })
})

describe('the pile (so JSON is read by key or as text, and a forgetting ends every connection before it collects)', () => {
  it('a long JSON value is sent as an empty string when a query yields several rows', async () => {
    const { name } = await freshDatabase()
    const reader = await connect(name, { typeCast: (field) => field.string('utf8') })
    await reader.query('CREATE TABLE j (id VARCHAR(9) PRIMARY KEY, doc JSON)')
    const long = JSON.stringify({ text: 'x'.repeat(6000) })
    await reader.query('INSERT INTO j VALUES ?', [
      [
        ['a', long],
        ['b', long],
      ],
    ])
    expect(await rows(reader, 'SELECT doc FROM j')).toEqual([{ doc: '' }, { doc: '' }])
    const [byKey] = await rows(reader, "SELECT doc FROM j WHERE id = 'a'")
    expect((byKey as { doc: string }).doc).toContain('xxx')
    for (const row of await rows(reader, 'SELECT CAST(doc AS CHAR) AS doc FROM j'))
      expect((row as { doc: string }).doc).toContain('xxx')
  })

  it.each([
    ['keeps', false],
    ['that made a statement since does not keep', true],
  ])('an idle connection in no database %s squashed history in the files through a collection', async (_, again) => {
    const { name, main } = await freshDatabase()
    const text = `secret${randomBytes(8).toString('hex')}`
    await main.query('CREATE TABLE s (word VARCHAR(40) PRIMARY KEY)')
    await main.query(`INSERT INTO s VALUES ('${text}')`)
    await main.query("CALL DOLT_COMMIT('-Am', 'secret')")
    const idle = await mysql.createConnection(dolt.url(''))
    opened.push(idle)
    await idle.query('SELECT 1')
    await main.query('DELETE FROM s')
    const [first] = await rows(main, 'SELECT commit_hash AS hash FROM dolt_log ORDER BY commit_order LIMIT 1')
    await main.query("CALL DOLT_RESET('--soft', ?)", [(first as { hash: string }).hash])
    await main.query("CALL DOLT_COMMIT('-Am', 'squashed', '--amend')")
    if (again) await idle.query('SELECT 1')
    await main.query("CALL DOLT_GC('--full', '--archive-level', '0')")
    const files = [...storedFiles(join(home, 'dolt', 'data', name), () => true)]
    const isThere = files.some((file) => 'parts' in file && [...file.parts()].some((part) => part.includes(text)))
    expect(isThere).toBe(!again)
  })
})
