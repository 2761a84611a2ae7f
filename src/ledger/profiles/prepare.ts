import { type Kysely, sql } from 'kysely'
import { IMPORTER } from '../../domain/character-sheet.ts'
import { UserError } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import { addressFault, type LedgerAddress, openCommons } from '../engine/connect.ts'
import { readSchema } from '../tables/schema.ts'
import type { Commons } from '../engine/types.ts'

const NO_DATABASE = 1049
const NOT_ALLOWED = new Set([1044, 1142, 1227])

/**
 * Makes the database of the profile store and its tables where they are missing, and commits what an interrupted forgetting
 * left uncommitted. Throws UserError when the user may not.
 */
export async function prepareProfileStore(address: LedgerAddress): Promise<void> {
  await makeDatabase(address).catch((error: unknown) => {
    throw isNotAllowed(error) ? notAllowed(address) : (addressFault(address, error) ?? error)
  })
  await fill(address)
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

async function fill(address: LedgerAddress) {
  await connected(address, async (profiles) => {
    for (const statement of readSchema('pile.sql')) await sql.raw(statement).execute(profiles)
    await sql`INSERT IGNORE INTO _meta (\`key\`, value) VALUES ('schema_version', '1.2'), ('created_by', 'wasteland-bridge')`.execute(
      profiles,
    )
    await sql`INSERT IGNORE INTO rigs (handle, display_name, owner_email, trust_level, rig_type)
      VALUES (${IMPORTER}, 'GitHub importer', '', 0, 'agent')`.execute(profiles)
    await sql`CALL DOLT_COMMIT('-Am', 'Create the pile', '--author', ${BRIDGE_AUTHOR}, '--skip-empty')`.execute(
      profiles,
    )
  })
}

/** The same server, in no database. */
export function onServer({ database, options }: LedgerAddress): LedgerAddress {
  const { database: _, ...elsewhere } = options
  return { database, options: elsewhere }
}

/** Runs work on one connection, which is ended after it: nothing carries what it saw into the next. */
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

/** Dolt answers 1105, its number for everything, where MySQL has one of its own. */
function isNotAllowed(error: unknown): boolean {
  const number = errno(error) ?? 0
  return NOT_ALLOWED.has(number) || (number === 1105 && /denied|privilege|not authorized/i.test(String(error)))
}

function errno(error: unknown): number | undefined {
  const value = (error as { errno?: unknown } | null)?.errno
  return typeof value === 'number' ? value : undefined
}
