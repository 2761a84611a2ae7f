import { type Kysely, sql } from 'kysely'
import { UserError } from '../domain/errors.ts'
import type { Operations } from './store.ts'

/*
 * Which Postgres will do. Behind a pooler every statement and transaction of ours may be on another connection: we use
 * no LISTEN, no lock or setting of a session and no named statement. What else speaks Postgres' protocol (CockroachDB,
 * YugabyteDB) is untried; of Postgres alone are VACUUM (FULL) after an erasure, SET STATISTICS and advisory locks
 * in the migrations, ctid in retention, and COPY in backups.
 */

/** pg-boss needs it. */
const OLDEST = 13
/** The oldest major that our tests run on. */
export const TRIED = 15

/** e.g. "15.19" and 15. */
export async function serverVersion(db: Kysely<Operations>): Promise<{ version: string; major: number }> {
  const { rows } = await sql<{ version: string }>`SELECT current_setting('server_version') AS version`.execute(db)
  const [version = ''] = (rows[0]?.version ?? '').split(' ')
  return { version, major: Number.parseInt(version, 10) }
}

/** Throws UserError for a Postgres that is too old. */
export async function refuseOldServer(db: Kysely<Operations>): Promise<void> {
  const { version, major } = await serverVersion(db)
  if (major >= OLDEST) return
  throw new UserError(
    `DATABASE_URL leads to Postgres ${version}, and ${OLDEST} or newer is needed. Upgrade it, or leave DATABASE_URL unset: ` +
      'the bridge then runs a Postgres of its own.',
  )
}

/** Throws UserError behind a pooler that lends connections by the statement: there are no transactions. */
export async function refuseStatementPooling(db: Kysely<Operations>): Promise<void> {
  const transaction = await db
    .startTransaction()
    .execute()
    .catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== PROTOCOL_VIOLATION) throw error
      throw new UserError(
        'The pooler of DATABASE_URL allows no transactions. Set its pool_mode to transaction or session (PgBouncer), ' +
          'or name the Postgres behind it.',
      )
    })
  await transaction.rollback().execute()
}

const PROTOCOL_VIOLATION = '08P01'

/** What Postgres says of an address that is not right, in words for who wrote DATABASE_URL. Undefined for any other error. */
export function serverFault(error: unknown): UserError | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  // PgBouncer of Debian 12 (1.18) has one code for everything.
  const pooler = code === PROTOCOL_VIOLATION ? String(message) : ''
  if (code === '28P01' || code === '28000' || /authentication failed|no such user/.test(pooler))
    return new UserError('Postgres does not let the user of DATABASE_URL in. Correct the user or the password.')
  if (code === '3D000' || /^(no such database|database .* does not exist)/.test(pooler))
    return new UserError(
      'There is no database of the name in DATABASE_URL. Create it (CREATE DATABASE), or correct DATABASE_URL.',
    )
  return undefined
}
