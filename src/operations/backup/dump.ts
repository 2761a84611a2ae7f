import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copy from 'pg-copy-streams'
import { z } from 'zod'
import { UserError } from '../../domain/errors.ts'
import { appliedMigrations, pendingMigrations } from '../postgres/migrations.ts'
import { RETENTION } from '../tables/retention.ts'
import { hasOldQueue } from '../queue/old-queue.ts'
import { serverVersion } from '../postgres/server.ts'
import { openOperations, settle } from '../postgres/store.ts'

/*
 * Dumps the operations store into files that every major version of Postgres reads: a CSV of each table, all of one
 * snapshot. Own code, because the embedded Postgres comes without pg_dump.
 */

/** The part of a backup's manifest about a dump. */
export const Dump = z.object({
  /** Version of the server that it was made on, "15.19". */
  postgres: z.string(),
  /** The names of the migrations that the store had, in order. */
  migrations: z.array(z.string()).min(1),
  /** The tables, each in `<name>.csv`, with their row counts, in the order in which they are restored. */
  tables: z.array(z.object({ name: z.string().regex(/^([a-z_]+\.)?[a-z_]+$/), rows: z.int() })),
})
export type Dump = z.output<typeof Dump>

/** The table of jobs of versions before the table `jobs` (queue/carry-over.ts). */
export const OLD_JOBS = 'pgboss.job'
/** The statements that create that table, and in the dump of such a version all of its schema. */
export const QUEUE_SQL = 'pgboss.sql'

/** Limits that table to our queues: another program's may be there too. */
const OLD_JOBS_OF_OURS = `coalesce(source_name, name) IN ('deliveries', 'imports')`

/** Tables that are left out without the profile store: the people in them were imported. */
const OF_THE_PILE = new Set(['imports', 'seeding', 'forgetting'])
/** Tables of which some rows are left out without the profile store. */
const ROWS_OF_THE_PILE = new Map([
  ['jobs', `queue = 'imports'`],
  ['dead_letters', `queue = 'imports'`],
  [OLD_JOBS, `name = 'imports' OR source_name = 'imports'`],
])

/**
 * Dumps the store of `url` into a new folder. Throws UserError where there is none of ours; Unavailable when the
 * connection is lost.
 */
export async function dumpOperations(url: string, folder: string, { profiles }: { profiles: boolean }): Promise<Dump> {
  const db = openOperations(url)
  const { isOld, ...about } = await settle(
    (async () => {
      await pendingMigrations(db)
      const migrations = [...(await appliedMigrations(db)).keys()]
      if (migrations.length === 0)
        throw new UserError('There is no operations store to back up yet. The first start of the bridge makes it.')
      return { postgres: (await serverVersion(db)).version, migrations, isOld: await hasOldQueue(db) }
    })(),
  ).finally(() => db.destroy())
  await mkdir(folder, { mode: 0o700 })
  return settle(
    connected(url, async (client) => {
      const all = await tablesOf(client, isOld)
      const old = all.find(({ name }) => name === OLD_JOBS)
      if (old !== undefined) await writeFile(join(folder, QUEUE_SQL), statementsFor(old), { mode: 0o600 })
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      // Locked before the snapshot, which the first query takes: in an older snapshot a rewritten table is empty.
      await client.query(`LOCK TABLE ${all.map(({ name }) => name).join(', ')} IN ACCESS SHARE MODE`)
      const tables: Dump['tables'] = []
      for (const { name, columns } of all)
        tables.push({ name, rows: await dumpTable(client, folder, { name, columns, profiles }) })
      await client.query('COMMIT')
      return { ...about, tables }
    }),
  )
}

/** Runs work on one connection, which is ended after it. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

interface Table {
  name: string
  columns: string[]
  types: string[]
}

/** Our tables, and the older version's jobs where they are not carried over yet. */
async function tablesOf(client: pg.Client, isOld: boolean): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT CASE WHEN nspname = 'pgboss' THEN 'pgboss.' ELSE '' END || relname AS name,
            array_agg(attname::text ORDER BY attnum) AS columns,
            array_agg(CASE typtype WHEN 'e' THEN 'text' ELSE format_type(atttypid, atttypmod) END ORDER BY attnum) AS types
       FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
       JOIN pg_type t ON t.oid = atttypid
      WHERE c.oid = ANY (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)
      GROUP BY nspname, relname ORDER BY 1`,
    [[...Object.keys(RETENTION), 'kysely_migration', ...(isOld ? [OLD_JOBS] : [])]],
  )
  return rows
}

async function dumpTable(
  client: pg.Client,
  folder: string,
  { name, columns, profiles }: Pick<Table, 'name' | 'columns'> & { profiles: boolean },
): Promise<number> {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
  const left = OF_THE_PILE.has(name) ? 'true' : ROWS_OF_THE_PILE.get(name)
  const conditions = [
    ...(name === OLD_JOBS ? [OLD_JOBS_OF_OURS] : []),
    ...(profiles || left === undefined ? [] : [`(${left}) IS NOT TRUE`]),
  ]
  const rows = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const stream = client.query(copy.to(`COPY (SELECT ${names} FROM ${name}${rows}) TO STDOUT (FORMAT csv, HEADER)`))
  await pipeline(stream, createWriteStream(join(folder, `${name}.csv`), { mode: 0o600, flags: 'wx', flush: true }))
  return stream.rowCount
}

/** DDL for the columns of the older version's table that the carry-over reads. */
function statementsFor({ name, columns, types }: Table): string {
  const lines = columns.map((column, n) => `  ${pg.escapeIdentifier(column)} ${types[n]}`)
  return `CREATE SCHEMA pgboss;\nCREATE TABLE ${name} (\n${lines.join(',\n')}\n);\n`
}
