import { type Kysely, sql } from 'kysely'
import { IMPORTER } from '../../domain/character-sheet.ts'
import { UserError } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import { addressFault, type LedgerAddress, openCommons } from '../connect.ts'
import { CREATOR, isUncommitted, readFoundSchema, SCHEMA_VERSION } from '../tables/commons.ts'
import { takeLock, type WriterLock } from '../engine/writer-lock.ts'
import { parseSchema, readSchema } from '../tables/schema.ts'
import { nameChanges, planUpgrade, type SchemaChange, type WantedSchema } from '../tables/upgrade-plan.ts'
import type { Commons } from '../engine/types.ts'

const NO_DATABASE = 1049
const NOT_ALLOWED = new Set([1044, 1142, 1227])

/**
 * Creates the database and tables of the profile store where they are missing, upgrades the schema of one of our own,
 * and commits what an interrupted erasure left uncommitted. Throws UserError when the database user lacks the rights.
 */
export async function prepareProfileStore(address: LedgerAddress, lock: WriterLock): Promise<void> {
  await makeDatabase(address).catch((error: unknown) => {
    throw isNotAllowed(error) ? notAllowed(address) : (addressFault(address, error) ?? error)
  })
  await fill(address, lock)
}

async function makeDatabase(address: LedgerAddress) {
  const isThere = await connected(address, (profiles) => sql`SELECT 1`.execute(profiles)).then(
    () => true,
    (error: unknown) => {
      if (errno(error) === NO_DATABASE) return false
      throw error
    },
  )
  if (isThere) return
  await connected(onServer(address), (server) =>
    sql`CREATE DATABASE IF NOT EXISTS ${sql.id(address.database)}`.execute(server),
  )
}

function notAllowed({ database, options }: LedgerAddress): UserError {
  return new UserError(
    `Imported profiles need a database "${database}" on the Dolt server ${options.host}:${options.port}, and the user ` +
      `"${options.user}" of LEDGER_URL may not use or create it. Create it there (CREATE DATABASE ${database}) and ` +
      'give the user all rights on it.',
  )
}

async function fill(address: LedgerAddress, lock: WriterLock) {
  await connected(address, async (profiles) => {
    const isNew = await isUncommitted(profiles)
    for (const statement of STATEMENTS) await sql.raw(statement).execute(profiles)
    if (isNew)
      await sql`INSERT IGNORE INTO _meta (\`key\`, value) VALUES ('schema_version', ${WANTED.version}), ('created_by', ${CREATOR})`.execute(
        profiles,
      )
    const changes = await upgrade(profiles, lock)
    await sql`INSERT IGNORE INTO rigs (handle, display_name, owner_email, trust_level, rig_type)
      VALUES (${IMPORTER}, 'GitHub importer', '', 0, 'agent')`.execute(profiles)
    const subject = changes.length === 0 ? 'Create the pile' : `Upgrade schema: ${nameChanges(changes)}`
    await sql`CALL DOLT_COMMIT('-Am', ${subject}, '--author', ${BRIDGE_AUTHOR}, '--skip-empty')`.execute(profiles)
  })
}

const STATEMENTS = readSchema('pile.sql')
const WANTED: WantedSchema = { tables: parseSchema(STATEMENTS), version: SCHEMA_VERSION }

/**
 * Adds what the schema of our own database lacks; the caller commits it. In place, because a branch would keep the data
 * of a person who is erased meanwhile. Changes that a kill leaves uncommitted are committed by the next start.
 */
async function upgrade(profiles: Kysely<Commons>, lock: WriterLock): Promise<SchemaChange[]> {
  const plan = async () => {
    const found = await readFoundSchema(profiles)
    return found.createdHere ? planUpgrade(found, WANTED) : []
  }
  if ((await plan()).length === 0) return []
  await takeLock(profiles, lock)
  const changes = await plan()
  for (const { statements } of changes) for (const statement of statements) await sql.raw(statement).execute(profiles)
  return changes
}

/** The same server, without a database selected. */
export function onServer({ database, options }: LedgerAddress): LedgerAddress {
  const { database: _, ...elsewhere } = options
  return { database, options: elsewhere }
}

/** Runs work on a connection of its own, which is ended after it: none carries an old snapshot into the next. */
export async function connected<T>(
  address: LedgerAddress,
  work: (profiles: Kysely<Commons>) => Promise<T>,
): Promise<T> {
  const { sql: pool, sever } = openCommons(address, 1)
  try {
    return await pool.connection().execute(work)
  } finally {
    sever()
    await pool.destroy()
  }
}

/** Dolt answers 1105, its generic error number, where MySQL has one for a missing right. */
function isNotAllowed(error: unknown): boolean {
  const number = errno(error) ?? 0
  return NOT_ALLOWED.has(number) || (number === 1105 && /denied|privilege|not authorized/i.test(String(error)))
}

function errno(error: unknown): number | undefined {
  const value = (error as { errno?: unknown } | null)?.errno
  return typeof value === 'number' ? value : undefined
}
