import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type pg from 'pg'
import { UserError } from '../domain/errors.ts'
import { ServerFailed, startChildServer, type ServerLog, type ServerState } from '../ops/child-server.ts'
import { endOrphan } from '../ops/orphan.ts'
import { answers, keptPort, notedPort } from '../ops/port.ts'
import { keptSecret, readIfThere } from '../ops/private-file.ts'
import { findPostgres } from './postgres/postgres-binaries.ts'
import { createCluster, forgetStrangersPid, placeCluster, refuseOtherMajor } from './postgres/postgres-cluster.ts'
import { chooseUser } from './postgres/postgres-user.ts'

export type EmbeddedPostgres = {
  /** postgres://postgres:…@127.0.0.1:<port>/operations */
  url: string
  port: number
  state: () => ServerState
  healthy: () => boolean
  /** The server's process, while there is one. */
  pid: () => number | undefined
  stop: () => Promise<void>
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '40',
  shared_buffers: '16MB',
  max_wal_size: '256MB',
  io_method: 'sync', // no extra processes for reading ahead
  max_parallel_workers: '0',
  jit: 'off',
  fsync: 'on',
  timezone: 'UTC',
}

const files = (dir: string) => ({
  cluster: join(dir, 'cluster'), // the cluster, or a symlink to it: see placeCluster
  port: join(dir, 'port'),
  password: join(dir, 'password'),
  log: join(dir, 'server.log'),
  record: join(dir, 'server.json'),
})

/**
 * Starts the Postgres that npm installed on 127.0.0.1 and keeps it running. The caller must hold the lock of DATA_DIR.
 * Each step of the set-up is whole or undone, so that it may be killed at any moment.
 *
 * @param options.dir DATA_DIR/postgres; made when missing
 * @throws {UserError} when Postgres cannot run here, the cluster is of another major version, or it does not get ready
 */
export async function startEmbeddedPostgres(options: { dir: string; log: ServerLog }): Promise<EmbeddedPostgres> {
  const { log } = options
  const dir = resolve(options.dir)
  const at = files(dir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  await endOrphan({ name: 'Postgres', recordFile: at.record, stopSignal: 'SIGINT', log })
  const runAs = chooseUser(at.cluster)
  const { initdb, postgres, version } = findPostgres(runAs)
  const place = placeCluster(dir, runAs, log)
  const cluster = join(place, 'cluster')
  refuseOtherMajor(cluster, version)
  refuseLostPassword(cluster, at.password)
  const password = keptSecret(at.password)
  await createCluster({ place, initdb, password, runAs })
  forgetStrangersPid(cluster)

  const port = await keptPort(at.port)
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = await startChildServer({
    name: 'Postgres',
    command: postgres,
    args: ['-D', cluster, ...settings],
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    cwd: '/',
    ...(runAs && { user: runAs }),
    logFile: at.log,
    recordFile: at.record,
    stopSignal: 'SIGINT', // ends sessions; SIGTERM would wait for them
    isReady: () => accepts(addressOf(port, password, 'postgres'), at.password, cluster),
    log,
  }).catch((error: unknown) => {
    throw error instanceof ServerFailed ? explain(error) : error
  })
  await createDatabase(addressOf(port, password, 'postgres')).catch(async (error: unknown) => {
    await server.stop()
    throw error
  })
  const { state, healthy, pid, stop } = server
  return { url: addressOf(port, password, DATABASE), port, state, healthy, pid, stop }
}

/**
 * The address for another process (the command line), from the files that the running server left.
 *
 * @throws {UserError} when no server runs there
 */
export async function embeddedPostgresUrl(dir: string): Promise<string> {
  const at = files(resolve(dir))
  const port = notedPort(at.port)
  const password = readIfThere(at.password)
  if (port && password && (await answers(port))) return addressOf(port, password, DATABASE)
  throw new UserError(`No Postgres runs for ${dir}. Start the bridge with "npm start", or set DATABASE_URL.`)
}

/** Removes a stopped store, also the part outside DATA_DIR. Must be called before a temporary DATA_DIR is deleted. */
export function removeEmbeddedPostgres(dir: string): void {
  const { cluster } = files(resolve(dir))
  if (lstatSync(cluster, { throwIfNoEntry: false })?.isSymbolicLink()) {
    rmSync(dirname(readlinkSync(cluster)), { recursive: true, force: true })
  }
  rmSync(dir, { recursive: true, force: true })
}

const DATABASE = 'operations'

function addressOf(port: number, password: string, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
}

function refuseLostPassword(cluster: string, passwordFile: string): void {
  if (existsSync(passwordFile) || !existsSync(join(cluster, 'PG_VERSION'))) return
  throw wrongPassword(`${passwordFile} is missing`, cluster)
}

function wrongPassword(what: string, cluster: string, cause?: unknown): UserError {
  return new UserError(
    `${what}, so the operations store cannot be opened. Put the right file back; ` +
      `or move ${cluster} away: the bridge then rebuilds the store from the ledger.`,
    { cause },
  )
}

/**
 * Timeout of an answer: a server that has answered before is only slow, on a busy machine; but a start that was told to
 * stop ends within ten seconds.
 */
const TIMEOUT_MS = 8_000

async function withClient<T>(url: string, waitsMs: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
  // Loaded while Postgres starts.
  const { Client } = await import('pg')
  const client = new Client({ connectionString: url, connectionTimeoutMillis: waitsMs })
  client.on('error', () => {}) // a server that dies just then is noticed by the query
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Whether the server answers us; false while it does not yet. */
async function accepts(url: string, passwordFile: string, cluster: string): Promise<boolean> {
  try {
    await withClient(url, 2_000, (client) => client.query('SELECT 1'))
    return true
  } catch (error) {
    if (!hasCode(error, WRONG_PASSWORD)) return false
    throw wrongPassword(`The password in ${passwordFile} is not that of the embedded Postgres`, cluster, error)
  }
}

const WRONG_PASSWORD = '28P01'

function createDatabase(url: string): Promise<void> {
  return withClient(url, TIMEOUT_MS, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`)
  })
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function explain(failure: ServerFailed): UserError {
  const lastError = failure.output.split('\n').findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? failure.output
  return new UserError(
    `The embedded Postgres did not start. ${failure.message} It last said: ${lastError || 'nothing'}`,
    {
      cause: failure,
    },
  )
}
