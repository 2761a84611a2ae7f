import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { UserError } from '../../domain/errors.ts'
import { hasOldQueue, PG_BOSS_SCHEMA } from '../queue/old-queue.ts'
import {
  refuseOldServer,
  refuseOtherEncoding,
  refuseStatementPooling,
  refuseStrangers,
  refuseWithoutRights,
  relationsOf,
  serverFault,
} from './server.ts'
import type { Operations } from '../schema.ts'

/*
 * Our migrations, `schema/operations/`. They go forward only and never change: the sha256 of each is stored when it is
 * applied. They run in one transaction under a transaction-level advisory lock.
 */

const MIGRATIONS = new URL('../../../schema/operations/', import.meta.url)
/** The lock of Kysely's migrator, which earlier versions of ours take. */
const LOCK = BigInt('3853314791062309107')

/**
 * Migrates our tables to this version. Throws UserError for a store that it must not touch, and for a wrong address.
 */
export async function migrateOperations(db: Kysely<Operations>): Promise<void> {
  await pendingMigrations(db)
  await refuseStatementPooling(db)
  await db
    .transaction()
    .execute((tx) => migrateWithin(tx))
    .catch((error: unknown) => {
      throw serverFault(error) ?? error
    })
}

/** The same in a transaction of the caller's; `upTo` names the last one to apply. */
export async function migrateWithin(tx: Transaction<Operations>, upTo?: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
  const known = readMigrations()
  const getMigrations = async () => Object.fromEntries([...known].map(([name, { up }]) => [name, { up }]))
  const migrator = new Migrator({ db: tx, provider: { getMigrations } })
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo))
  if (error !== undefined) throw error
  await keepChecksums(tx, known)
}

/** Migrations of this version that the store does not have yet. Throws as `migrateOperations` does. */
export async function pendingMigrations(db: Kysely<Operations>): Promise<string[]> {
  const known = readMigrations()
  const applied = await inspectServer(db).catch((error: unknown) => {
    throw serverFault(error) ?? error
  })
  const newer = [...applied.keys()].filter((name) => !known.has(name))
  if (newer.length > 0) throw newer.length === applied.size ? anothersMigrations() : writtenByNewer(newer.join(', '))
  const changed = [...applied].filter(([name, sha256]) => sha256 !== null && sha256 !== known.get(name)?.sha256)
  if (changed.length > 0) {
    throw new UserError(
      `The operations store was made by other migrations than this wasteland-bridge has (${changed.map(([name]) => name).join(', ')} was changed). ` +
        'Use a released version unchanged, or name another DATABASE_URL.',
    )
  }
  const pending = [...known.keys()].filter((name) => !applied.has(name))
  if (applied.size > 0 && !(await hasRoomFor(db, pending, applied))) return pendingMigrations(db)
  return pending
}

/** False when another replica has migrated meanwhile. Throws UserError where another program has a table of such a name. */
async function hasRoomFor(
  db: Kysely<Operations>,
  pending: readonly string[],
  applied: ReadonlyMap<string, unknown>,
): Promise<boolean> {
  const known = readMigrations()
  const tablesOf = (names: Iterable<string>) => [...names].flatMap((name) => known.get(name)?.tables ?? [])
  const ours = new Set(tablesOf(applied.keys()))
  const [other] = await relationsOf(
    db,
    tablesOf(pending).filter((table) => !ours.has(table)),
  )
  if (other === undefined) return true
  if ((await appliedMigrations(db)).size > applied.size) return false
  throw new UserError(
    `The operations store cannot be brought to this version: it makes a table "${other.name}", and the schema "${other.schema}" of DATABASE_URL ` +
      'has one of another program. Nothing was changed. Rename or move that one, or move the bridge with the version before: ' +
      '`wasteland-bridge backup`, then restore it into a database for the bridge alone (CREATE DATABASE).',
  )
}

/** The error for another program's migrations: Kysely's table of migrations has one name, whoever uses it. */
function anothersMigrations(): UserError {
  return new UserError(
    'The database of DATABASE_URL belongs to another program: none of its migrations is ours. ' +
      'Make a database for the bridge alone (CREATE DATABASE) and name it in DATABASE_URL.',
  )
}

function writtenByNewer(what: string): UserError {
  return new UserError(
    `The operations store was written by a newer wasteland-bridge (it has ${what}). ` +
      'Use that version, or name another DATABASE_URL.',
  )
}

async function inspectServer(db: Kysely<Operations>): Promise<Map<string, string | null>> {
  await refuseOldServer(db)
  await refuseOtherEncoding(db)
  if ((await hasOldQueue(db)) && (await has(db, 'pgboss.version'))) {
    const { rows } = await sql<{ version: number }>`SELECT version FROM pgboss.version`.execute(db)
    if (rows.some(({ version }) => version > PG_BOSS_SCHEMA)) throw writtenByNewer(`pg-boss ${rows[0]?.version}`)
  }
  const applied = await appliedMigrations(db)
  if (applied.size === 0 && !(await has(db, 'kysely_migration')) && !(await hasNoStrangers(db)))
    return inspectServer(db)
  if (applied.size < readMigrations().size) await refuseWithoutRights(db)
  return applied
}

/** False when another replica has made our tables meanwhile. Throws UserError where they are another program's. */
async function hasNoStrangers(db: Kysely<Operations>): Promise<boolean> {
  const tables = [...readMigrations().values()].flatMap((migration) => migration.tables)
  try {
    await refuseStrangers(db, tables)
    return true
  } catch (error) {
    if ((await appliedMigrations(db)).size > 0) return false
    throw error
  }
}

/** The applied migrations with their checksums; null for those from before checksums were stored. */
export async function appliedMigrations(db: Kysely<Operations>): Promise<Map<string, string | null>> {
  if (!(await has(db, 'kysely_migration'))) return new Map()
  const { rows } = (await has(db, 'migration_checksums'))
    ? await sql<Applied>`SELECT name, sha256 FROM kysely_migration LEFT JOIN migration_checksums USING (name) ORDER BY name`.execute(
        db,
      )
    : await sql<Applied>`SELECT name, NULL AS sha256 FROM kysely_migration ORDER BY name`.execute(db)
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
}

interface Applied {
  name: string
  sha256: string | null
}

async function has(db: Kysely<Operations>, table: string): Promise<boolean> {
  const { rows } = await sql<{ found: string | null }>`SELECT to_regclass(${table}) AS found`.execute(db)
  return rows[0]?.found != null
}

async function keepChecksums(tx: Transaction<Operations>, known: ReturnType<typeof readMigrations>) {
  if (!(await has(tx, 'migration_checksums'))) return
  const applied = await appliedMigrations(tx)
  const missing = [...known].filter(([name]) => applied.get(name) === null)
  if (missing.length === 0) return
  await tx
    .insertInto('migration_checksums')
    .values(missing.map(([name, { sha256 }]) => ({ name, sha256 })))
    .execute()
}

/** Every migration by its name, in order. */
export function readMigrations(): Map<string, Migration & { sha256: string; tables: string[] }> {
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'))
  return new Map(
    files.toSorted().map((name) => {
      // A checkout may have converted the line ends.
      const text = readFileSync(new URL(name, MIGRATIONS), 'utf8').replaceAll('\r\n', '\n')
      const sha256 = createHash('sha256').update(text).digest('hex')
      const up = async (tx: Kysely<unknown>) => void (await sql.raw(text).execute(tx))
      const tables = [...text.matchAll(/^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/gim)].map((match) => match[1]!)
      return [name.slice(0, -'.sql'.length), { up, sha256, tables }]
    }),
  )
}
