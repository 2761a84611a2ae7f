import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { CompiledQuery, type Kysely } from 'kysely'
import pg from 'pg'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { createCluster } from '../../src/operations/postgres/postgres-cluster.ts'
import { chooseUser } from '../../src/operations/postgres/postgres-user.ts'
import { startChildServer } from '../../src/ops/child-server.ts'
import { keptPort } from '../../src/ops/port.ts'
import { silent } from '../ops/fake-server.ts'
import { prepareServer } from '../prepared-stores.ts'

/*
 * The Postgres servers that an operator may have. Beside the embedded one: the oldest that Debian has installed here,
 * and the embedded one behind a PgBouncer that lends connections by the transaction. Tests of those two are left out
 * where their programs are missing; with POSTGRES_REQUIRED=1 that throws instead.
 */
export type Kind = 'embedded' | 'older' | 'pooled'

export interface TestServer {
  /** Of a database `operations`; others of the server are reached by their name. */
  url: string
  /** A pooler is in front: what comes while Postgres is away waits there. */
  pooled?: true
  /** Of Postgres, though a pooler be in front. */
  pid(): number | undefined
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

const POOL = 4
const OLDEST = 13

/** Starts a server, of the kind that this test file is run on. */
export const startServer = (which = kind) => START[which]()
let kind: Kind = 'embedded'

/** Has the tests of this file run on another kind. Resolves to why that is not to be, else undefined. */
export function runOn(other: Kind): string | undefined {
  kind = other
  return lackingFor(other)
}

/** Why there is no server of this kind here; undefined when there is one. */
export function lackingFor(other: Kind): string | undefined {
  const why = {
    embedded: undefined,
    older: olderPrograms() === undefined ? 'no older Postgres of Debian is installed (postgresql)' : undefined,
    pooled: pgbouncer() === undefined ? 'no PgBouncer is installed (pgbouncer)' : undefined,
  }[other]
  if (why === undefined) return undefined
  if (process.env['POSTGRES_REQUIRED'] === '1') throw new Error(`POSTGRES_REQUIRED is set, but ${why}`)
  console.warn(`left out: ${why}`)
  return why
}

const START: Record<Kind, () => Promise<TestServer>> = {
  embedded: startEmbedded,
  older: startOlder,
  pooled: () => startPooled('transaction'),
}

async function startEmbedded(): Promise<TestServer> {
  const dir = join(mkdtempSync(join(tmpdir(), 'server-')), 'postgres')
  await prepareServer('postgres', dir)
  const { url, pid, stop } = await startEmbeddedPostgres({ dir, log: silent })
  return {
    url,
    pid,
    async stop() {
      await stop()
      removeEmbeddedPostgres(dir)
      rmSync(join(dir, '..'), { recursive: true })
    },
  }
}

async function startOlder(): Promise<TestServer> {
  const bin = olderPrograms()!
  const { place, user, port } = await newPlace()
  await createCluster({ place, initdb: join(bin, 'initdb'), password: PASSWORD, runAs: user })
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=16MB', `port=${port}`]
  const url = (database: string) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`
  const server = await startChildServer({
    name: 'older Postgres',
    command: join(bin, 'postgres'),
    args: ['-D', join(place, 'cluster'), ...settings.flatMap((setting) => ['-c', setting])],
    ...at(place, user),
    stopSignal: 'SIGINT',
    isReady: () => accepts(url('postgres')),
  })
  await query(url('postgres'), 'CREATE DATABASE operations')
  return { url: url('operations'), pid: server.pid, stop: () => server.stop().then(() => remove(place)) }
}

/** The embedded one behind PgBouncer; few connections, so that statements meet those of others. */
export async function startPooled(mode: 'transaction' | 'statement'): Promise<TestServer> {
  const postgres = await startEmbedded()
  const behind = new URL(postgres.url)
  const { place, user, port } = await newPlace()
  const [config, users] = [join(place, 'pgbouncer.ini'), join(place, 'users.txt')]
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${behind.port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${users}`,
    `pool_mode = ${mode}`,
    `default_pool_size = ${POOL}`,
    'server_login_retry = 1',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  writeFileSync(users, `"postgres" "${behind.password}"\n`)
  if (user !== undefined) for (const file of [config, users]) chownSync(file, user.uid, user.gid)
  const url = new URL(postgres.url)
  url.port = String(port)
  const pooler = await startChildServer({
    name: 'PgBouncer',
    command: pgbouncer()!,
    args: [config],
    ...at(place, user),
    isReady: () => accepts(url.href),
  }).catch(async (error: unknown) => {
    await postgres.stop()
    throw error
  })
  return {
    url: url.href,
    pooled: true,
    pid: postgres.pid,
    async stop() {
      await pooler.stop()
      remove(place)
      await postgres.stop()
    },
  }
}

const PASSWORD = 'of-a-test'

async function newPlace() {
  const place = mkdtempSync(join(tmpdir(), 'server-'))
  chmodSync(place, 0o711) // another user than root passes through
  return { place, user: chooseUser(join(place, 'cluster')), port: await keptPort(join(place, 'port')) }
}

const at = (place: string, user: { uid: number; gid: number } | undefined) => ({
  env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
  cwd: '/',
  ...(user && { user }),
  logFile: join(place, 'server.log'),
  recordFile: join(place, 'server.json'),
  log: silent,
})

const remove = (place: string) => rmSync(place, { recursive: true, force: true })

/** Runs SQL on a connection of its own. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  return client
    .query(text, values)
    .then(({ rows }) => rows as Record<string, unknown>[])
    .finally(() => client.end())
}

/** Runs SQL on the connections of a store. */
export async function sqlOn<T>(
  db: Kysely<T>,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const { rows } = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values))
  return rows
}

const accepts = (url: string) =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  )

/** An empty database of the server's; its address. */
export async function newDatabase(server: TestServer): Promise<string> {
  const url = new URL(server.url)
  url.pathname = `/made_${++made}`
  await query(server.url, `CREATE DATABASE made_${made}`)
  return url.href
}
let made = 0

function olderPrograms(): string | undefined {
  const majors = list('/usr/lib/postgresql').map(Number)
  const [oldest] = majors.filter((major) => major >= OLDEST && major < 18).toSorted((a, b) => a - b)
  return oldest === undefined ? undefined : join('/usr/lib/postgresql', String(oldest), 'bin')
}

function pgbouncer(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isRunnable)
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
