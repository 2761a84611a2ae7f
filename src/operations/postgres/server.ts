import { readFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { Unavailable, UserError } from '../../domain/errors.ts'
import type { Operations } from '../schema.ts'

/*
 * Requirements on Postgres. Behind a pooler each statement and transaction may run on another connection: we use no
 * LISTEN, no session-level lock or setting and no named statement. Other servers with Postgres' protocol (CockroachDB,
 * YugabyteDB) are untried; SET STATISTICS and advisory locks in the migrations, ctid in retention, and COPY in backups
 * are Postgres' alone.
 */

/** The oldest major version that has gen_random_uuid() without an extension. */
const OLDEST = 13
/** The oldest major that our tests run on. */
export const TRIED = 15

/** The version and its major number, "15.19" and 15. */
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

/** Throws UserError for a database whose encoding lacks characters: GitHub's texts have all of Unicode. */
export async function refuseOtherEncoding(db: Kysely<Operations>): Promise<void> {
  const { rows } = await sql<{ encoding: string; name: string }>`
    SELECT current_setting('server_encoding') AS encoding, current_database() AS name`.execute(db)
  const [{ encoding, name } = { encoding: '', name: '' }] = rows
  if (encoding === 'UTF8') return
  throw new UserError(
    `The database "${name}" of DATABASE_URL keeps its texts in ${encoding}, and UTF8 is needed: what people write holds any character. ` +
      `Make another (CREATE DATABASE <name> ENCODING 'UTF8' TEMPLATE template0) and name it in DATABASE_URL.`,
  )
}

/** Relations of these names in our schema: views and others keep a table from being created, too. */
export async function relationsOf(
  db: Kysely<Operations>,
  names: readonly string[],
): Promise<{ name: string; schema: string }[]> {
  const { rows } = await sql<{ name: string; schema: string }>`
    SELECT relname AS name, current_schema() AS schema FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(${names}) ORDER BY 1`.execute(db)
  return rows
}

/**
 * Throws UserError for a schema that has tables of our names and none of our migrations: they are another program's.
 */
export async function refuseStrangers(db: Kysely<Operations>, ours: readonly string[]): Promise<void> {
  const rows = await relationsOf(db, ours)
  const [first] = rows
  if (first === undefined) return
  throw new UserError(
    `The database of DATABASE_URL belongs to another program: its schema "${first.schema}" has a table "${first.name}" that is not ours` +
      `${rows.length > 1 ? `, and ${rows.length - 1} more such` : ''}. Make a database for the bridge alone (CREATE DATABASE) and name it in DATABASE_URL.`,
  )
}

/** Throws UserError for a role that may not create our tables. */
export async function refuseWithoutRights(db: Kysely<Operations>): Promise<void> {
  const { rows } = await sql<{ role: string; schema: string | null; may: boolean }>`
    SELECT current_user AS role, current_schema() AS schema,
      COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false) AS may`.execute(db)
  const { role, schema, may } = rows[0]!
  if (may) return
  throw withoutRights(
    `the user "${role}"`,
    `GRANT USAGE, CREATE ON SCHEMA ${quoted(schema ?? 'public')} TO ${quoted(role)}`,
  )
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function withoutRights(who: string, grant: string): UserError {
  return new UserError(
    `Postgres does not let ${who} of DATABASE_URL make our tables. Let the owner of the database run: ${grant}. ` +
      'Or make the user its owner.',
  )
}

/** Throws UserError behind a pooler in statement mode: it has no transactions. */
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

/** The UserError for a refusal of Postgres' that DATABASE_URL causes; undefined for any other error. */
export function serverFault(error: unknown): UserError | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  // PgBouncer of Debian 12 (1.18) has one error code for everything.
  const pooler = code === PROTOCOL_VIOLATION ? String(message) : ''
  if (code === '28000' && /no encryption|SSL off/.test(String(message)))
    return new UserError(
      'Postgres lets nobody in without TLS. Add ?sslmode=verify-full to DATABASE_URL (and sslrootcert=<file> for an authority of your own).',
    )
  if (code === '28P01' || code === '28000' || /authentication failed|no such user/.test(pooler))
    return new UserError('Postgres does not let the user of DATABASE_URL in. Correct the user or the password.')
  if (code === '3D000' || /^(no such database|database .* does not exist)/.test(pooler))
    return new UserError(
      'There is no database of the name in DATABASE_URL. Create it (CREATE DATABASE), or correct DATABASE_URL.',
    )
  if (code === '42501' || code === '3F000')
    return withoutRights('the user', 'GRANT USAGE, CREATE ON SCHEMA public TO <user>')
  return tlsFault(String(code), String(message))
}

function tlsFault(code: string, message: string): UserError | undefined {
  if (/does not support SSL connections/.test(message))
    return new UserError(
      'The Postgres of DATABASE_URL speaks no TLS, and the address asks for it. Give the server a certificate, or write sslmode=disable.',
    )
  if (!/CERT|ALTNAME|SIGNATURE|^ERR_(TLS|SSL)/.test(code)) return undefined
  return new UserError(
    `The certificate of the Postgres of DATABASE_URL is not accepted (${code}). Name the authority that signed it with ` +
      'sslrootcert=<file>, and the server by the name in its certificate; sslmode=no-verify believes any.',
  )
}

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']
const SSL = ['true', 'false', '1', '0']
const FILES = ['sslcert', 'sslkey', 'sslrootcert']

/**
 * Throws UserError for a malformed DATABASE_URL, or one that asks for TLS in words that pg would ignore silently. Of
 * these modes pg checks the certificate in all but `disable` and `no-verify`.
 */
export function checkAddress(url: string): void {
  if (!URL.canParse(url) || !['postgres:', 'postgresql:'].includes(new URL(url).protocol))
    throw new UserError(
      'DATABASE_URL is not an address of a Postgres database. Expected postgres://user:password@host:5432/name.',
    )
  for (const [key, value] of new URL(url).searchParams) {
    const among = key === 'sslmode' ? SSL_MODES : key === 'ssl' ? SSL : undefined
    if (among?.includes(value) === false)
      throw new UserError(`DATABASE_URL has a ${key} that is not known. Expected one of ${among.join(', ')}.`)
    if (/^(tls|ssl-mode|ssl_mode|sslMode)$/.test(key))
      throw new UserError(`DATABASE_URL has "${key}", which Postgres does not know. Expected sslmode=verify-full.`)
    if (FILES.includes(key)) readable(key, value)
  }
}

function readable(key: string, path: string) {
  try {
    readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new UserError(`The file that ${key} in DATABASE_URL names cannot be read (${code}). Expected PEM.`)
  }
}

/** Awaits an answer of the store; the error of one that is away names its address. */
export async function reach<T>(url: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    const { code } = (error.cause ?? {}) as { code?: unknown }
    const why = typeof code === 'string' ? ` (${code})` : ''
    throw new Unavailable(`the Postgres server ${serverOf(url)} cannot be reached${why}`, { cause: error.cause })
  }
}

function serverOf(url: string): string {
  const { hostname, port, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? decodeURIComponent(hostname)}:${searchParams.get('port') ?? (port || 5432)}`
}
