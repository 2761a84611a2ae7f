import { Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolConnection, type PoolOptions } from 'mysql2'
import { UserError } from '../domain/errors.ts'
import type { Commons } from './tables.ts'

export interface LedgerAddress {
  options: PoolOptions
  database: string
}

/** Reads LEDGER_URL, `mysql://user:password@host:port/database`. */
export function ledgerAddress(url: string): LedgerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const [user, password, database] = [parsed?.username, parsed?.password, parsed?.pathname.slice(1)].map(decode)
  if (parsed?.protocol !== 'mysql:' || user === undefined || password === undefined || !database) {
    throw new UserError(
      'LEDGER_URL is not an address of a Dolt database. Expected mysql://user:password@host:3306/commons.',
    )
  }
  const port = parsed.port === '' ? 3306 : Number(parsed.port)
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  return { database, options: { host, port, user, password, database } }
}

function decode(part: string | undefined): string | undefined {
  try {
    return part && decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** What a server says of an address that is not right, in words for who wrote LEDGER_URL. Undefined for any other error. */
export function addressFault({ database, options }: LedgerAddress, error: unknown): UserError | undefined {
  const server = `${options.host}:${options.port}`
  switch ((error as { errno?: unknown } | null)?.errno) {
    case 1044:
    case 1045:
      return new UserError(
        `The Dolt server ${server} does not let the user "${options.user}" of LEDGER_URL in. Correct the user or the password.`,
      )
    case 1049:
      return new UserError(
        `The Dolt server ${server} has no database "${database}". Create it there (CREATE DATABASE), or correct LEDGER_URL.`,
      )
    case 1064:
      return new UserError(
        `The server ${server} of LEDGER_URL does not speak Dolt's SQL; MySQL and MariaDB do not. Name a Dolt server.`,
      )
    default:
      return undefined
  }
}

export interface Connections {
  sql: Kysely<Commons>
  /** Cuts every connection at once, whatever it waits for: the server rolls back and frees its locks. */
  sever(): void
}

/**
 * A pool of connections as the ledger needs them: true counts of changed rows, UTC, times as text (a JS
 * Date drops what Dolt keeps), one statement a packet.
 */
export function openCommons(address: LedgerAddress, connections: number): Connections {
  const pool = createPool({
    ...address.options,
    connectionLimit: connections,
    flags: ['-FOUND_ROWS'],
    dateStrings: true,
    charset: 'utf8mb4',
    connectTimeout: 5_000,
    enableKeepAlive: true,
  })
  // Without a callback an error here would end the process.
  const open = new Set<PoolConnection>()
  pool.on('connection', (connection) => {
    open.add(connection)
    connection.once('end', () => open.delete(connection))
  })
  pool.on('connection', (connection) =>
    connection.query("SET time_zone = '+00:00'", (error) => {
      if (error !== null) connection.destroy()
    }),
  )
  return {
    sql: new Kysely<Commons>({ dialect: new MysqlDialect({ pool }) }),
    sever() {
      for (const connection of open) connection.destroy()
    },
  }
}
