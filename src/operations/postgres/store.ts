import { Kysely, PostgresAdapter, PostgresDialect } from 'kysely'
import pg from 'pg'
import { Unavailable } from '../../domain/errors.ts'
import { checkAddress } from './server.ts'
import type { Operations } from '../schema.ts'

const CONNECTIONS = 6
const TIMEOUT_MS = 30_000

/** pg's type parser, but with a bigint as a number. */
function readNumbers(type: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text') {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format)
}

/**
 * Opens a connection pool on DATABASE_URL. Queries reject with the driver's errors; `settle` turns a lost store into
 * Unavailable. `timeoutMs`: of each query.
 */
export function openOperations(url: string, timeoutMs = TIMEOUT_MS): Kysely<Operations> {
  checkAddress(url)
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    query_timeout: timeoutMs,
    types: { getTypeParser: readNumbers as typeof pg.types.getTypeParser },
  })
  // The server may end an idle connection: the pool opens another, and the error reaches the query.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Operations>({ dialect: new Dialect({ pool }) })
}

/** The same on one connection of the caller's, who ends it. */
export function operationsOn(client: pg.Client): Kysely<Operations> {
  const connection = Object.assign(client, { release() {} })
  return new Kysely<Operations>({
    dialect: new Dialect({ pool: { connect: async () => connection, end: async () => {}, options: {} } }),
  })
}

/**
 * Without Kysely's own migration lock, which is session-level: a pooler in transaction mode would leave it on another
 * client's connection. `migrateOperations` takes a transaction-level lock instead.
 */
class Adapter extends PostgresAdapter {
  override async acquireMigrationLock() {}
  override async releaseMigrationLock() {}
}

class Dialect extends PostgresDialect {
  override createAdapter() {
    return new Adapter()
  }
}

/** Awaits an answer of Postgres; a store that is away becomes Unavailable. */
export async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw isStoreLoss(error) ? new Unavailable('the operations store cannot be reached', { cause: error }) : error
  }
}

const LOST = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08|57P0|53)/

function isStoreLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return LOST.test(code)
  // pg gives these errors no code. A connection that was lost in a transaction shows at the rollback, as not queryable.
  return (
    typeof message === 'string' &&
    /Connection terminated|is not queryable|timeout expired|timeout exceeded when trying to connect|Query read timeout/.test(
      message,
    )
  )
}
