import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { getConstructionPlans } from 'pg-boss'
import copy from 'pg-copy-streams'
import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import { appliedMigrations, pendingMigrations } from './migrations.ts'
import { RETENTION } from './retention.ts'
import { serverVersion } from './server.ts'
import { openOperations, settle } from './store.ts'

/*
 * The operations store as files that every major of Postgres reads: a CSV of each table as it was at one moment, and
 * pg-boss's own statements for its schema. The embedded Postgres comes without pg_dump.
 */

/** What a dump says of itself. */
export const Dump = z.object({
  /** Of the server that it was made on, "15.19". */
  postgres: z.string(),
  /** The names of the migrations that the store had, in order. */
  migrations: z.array(z.string()).min(1),
  /** The rows of each table, which lies in `<name>.csv`, in the order in which they are brought back. */
  tables: z.array(z.object({ name: z.string().regex(/^([a-z_]+\.)?[a-z_]+$/), rows: z.int() })),
})
export type Dump = z.output<typeof Dump>

/** The statements that make pg-boss's schema. */
export const QUEUE_SQL = 'pgboss.sql'

/** Whom they name was imported, and goes with the profile store. */
const OF_THE_PILE = new Set(['imports', 'seeding', 'forgetting'])
const JOBS_OF_THE_PILE = `name = 'imports' OR source_name = 'imports'`

/** Writes the store of `url` into a new folder. Throws UserError where there is none of ours; Unavailable when it is lost. */
export async function dumpOperations(url: string, folder: string, { profiles }: { profiles: boolean }): Promise<Dump> {
  const db = openOperations(url)
  const about = await settle(
    (async () => {
      await pendingMigrations(db)
      const migrations = [...(await appliedMigrations(db)).keys()]
      if (migrations.length === 0)
        throw new UserError('There is no operations store to back up yet. The first start of the bridge makes it.')
      return { postgres: (await serverVersion(db)).version, migrations }
    })(),
  ).finally(() => db.destroy())
  await mkdir(folder, { mode: 0o700 })
  await writeFile(join(folder, QUEUE_SQL), getConstructionPlans('pgboss'), { mode: 0o600 })
  return settle(
    connected(url, async (client) => {
      const all = await tablesOf(client)
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      // Before the snapshot, which the first query takes: to one that is older, a table that is rewritten is empty.
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
}

/** Ours and pg-boss's; what others reference comes first. */
async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT CASE WHEN nspname = 'pgboss' THEN 'pgboss.' ELSE '' END || relname AS name,
            array_agg(attname::text ORDER BY attnum) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
      WHERE relkind IN ('r', 'p') AND NOT relispartition
        AND (nspname = 'pgboss' OR c.oid = ANY (SELECT to_regclass(name) FROM unnest($1::text[]) AS name))
      GROUP BY nspname, relname
      ORDER BY nspname = 'pgboss' AND relname = 'queue' DESC, 1`,
    [[...Object.keys(RETENTION), 'kysely_migration']],
  )
  return rows
}

async function dumpTable(
  client: pg.Client,
  folder: string,
  { name, columns, profiles }: Table & { profiles: boolean },
): Promise<number> {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
  const rows =
    profiles || !isOfProfiles(name) ? '' : ` WHERE (${name === 'pgboss.job' ? JOBS_OF_THE_PILE : 'true'}) IS NOT TRUE`
  const stream = client.query(copy.to(`COPY (SELECT ${names} FROM ${name}${rows}) TO STDOUT (FORMAT csv, HEADER)`))
  await pipeline(stream, createWriteStream(join(folder, `${name}.csv`), { mode: 0o600, flags: 'wx', flush: true }))
  return stream.rowCount
}

const isOfProfiles = (name: string) => OF_THE_PILE.has(name) || name === 'pgboss.job'
