import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/operations/embedded-postgres.ts'
import { installedDolt } from '../ledger/installed-dolt.ts'
import { prepareServer } from '../prepared-stores.ts'

/** A Dolt and a Postgres of the test's own, in which each run gets fresh databases. */
export interface Stores {
  dolt: EmbeddedDolt
  postgres: EmbeddedPostgres
  /** Makes an empty database on each and returns their addresses. */
  fresh(name: string): Promise<{ ledger: string; database: string }>
  close(): Promise<void>
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }

export async function startStores(): Promise<Stores> {
  const dir = await mkdtemp(join(tmpdir(), 'wasteland-crash-'))
  await Promise.all([prepareServer('dolt', join(dir, 'dolt')), prepareServer('postgres', join(dir, 'postgres'))])
  const dolt = await startEmbeddedDolt({ dir: join(dir, 'dolt'), bin: (await installedDolt()).bin, log: silent })
  const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), log: silent })
  return {
    dolt,
    postgres,
    async fresh(name) {
      // The run before may have killed one of them.
      while (!dolt.healthy() || !postgres.healthy()) await sleep(20)
      const database = new URL(postgres.url)
      await Promise.all([
        askDolt(dolt.url('commons'), `CREATE DATABASE \`${name}\``),
        askPostgres(database.href, `CREATE DATABASE "${name}"`),
      ])
      database.pathname = `/${name}`
      return { ledger: dolt.url(name), database: database.href }
    },
    async close() {
      await Promise.all([dolt.stop(), postgres.stop()])
      removeEmbeddedPostgres(join(dir, 'postgres'))
      await rm(dir, { recursive: true, force: true })
    },
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- rows of any table
export type Row = Record<string, any>

export async function askDolt(url: string, query: string, values: unknown[] = []): Promise<Row[]> {
  const connection = await mysql.createConnection({ uri: url, dateStrings: true })
  try {
    return (await connection.query(query, values))[0] as Row[]
  } finally {
    await connection.end()
  }
}

export async function askPostgres(url: string, query: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(query, values)).rows as Row[]
  } finally {
    await client.end()
  }
}
