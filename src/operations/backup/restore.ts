import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copy from 'pg-copy-streams'
import { UserError } from '../../domain/errors.ts'
import { connected, type Dump, OLD_JOBS, QUEUE_SQL } from './dump.ts'
import { migrateWithin, readMigrations } from '../postgres/migrations.ts'
import { operationsOn, settle } from '../postgres/store.ts'

/**
 * Restores a dump into an empty database: the schema that the store had, its rows, and nothing newer; the next start
 * migrates it, on any major version of Postgres. Throws UserError when the database is not empty, or the dump is of a
 * newer version.
 */
export async function restoreOperations(url: string, folder: string, dump: Dump): Promise<void> {
  refuseNewer(dump)
  const isOld = dump.tables.some(({ name }) => name === OLD_JOBS)
  const queue = isOld ? await readFile(join(folder, QUEUE_SQL), 'utf8') : undefined
  await settle(
    connected(url, async (client) => {
      await refuseFilled(client)
      // The SQL of an older version's queue has a transaction of its own.
      if (queue !== undefined) await client.query(queue)
      await operationsOn(client)
        .transaction()
        .execute(async (tx) => {
          await migrateWithin(tx, dump.migrations.at(-1))
          for (const { name } of dump.tables.toReversed()) await client.query(`DELETE FROM ${name}`)
          for (const { name, rows } of dump.tables) await restoreTable(client, join(folder, `${name}.csv`), name, rows)
          await continueSequences(client)
        })
    }),
  )
}

function refuseNewer({ migrations }: Dump) {
  const known = [...readMigrations().keys()]
  const unknown = migrations.filter((name, place) => known[place] !== name)
  if (unknown.length === 0) return
  throw new UserError(
    `The backup was made by a newer wasteland-bridge (its store has ${unknown.join(', ')}). Restore it with that version.`,
  )
}

async function refuseFilled(client: pg.Client) {
  const { rows } = await client.query(
    `SELECT FROM pg_class WHERE relnamespace IN (current_schema::regnamespace, to_regnamespace('pgboss')) LIMIT 1`,
  )
  if (rows.length === 0) return
  throw new UserError(
    'The database for the operations store is not empty. A backup is restored into an empty one: name another ' +
      'DATABASE_URL, or drop and create that database.',
  )
}

async function restoreTable(client: pg.Client, file: string, name: string, rows: number) {
  const columns = (await firstLine(file)).split(',').map((column) => pg.escapeIdentifier(column))
  const stream = client.query(copy.from(`COPY ${name} (${columns.join(', ')}) FROM STDIN (FORMAT csv, HEADER)`))
  await pipeline(createReadStream(file), stream)
  if (stream.rowCount !== rows)
    throw new UserError(`The backup is damaged: ${file} has ${stream.rowCount} rows, and ${rows} were expected.`)
}

/** Sets the sequences so that new rows come after the restored ones. */
async function continueSequences(client: pg.Client) {
  const { rows } = await client.query<{ name: string; column: string }>(
    `SELECT table_name::text AS name, column_name::text AS column FROM information_schema.columns
     WHERE table_schema = current_schema AND is_identity = 'YES'`,
  )
  for (const { name, column } of rows)
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), (SELECT coalesce(max(${pg.escapeIdentifier(column)}), 0) + 1
       FROM ${pg.escapeIdentifier(name)}), false)`,
      [name, column],
    )
}

async function firstLine(file: string): Promise<string> {
  for await (const line of createInterface({ input: createReadStream(file) })) return line
  return ''
}
