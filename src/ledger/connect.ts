import { isIP } from 'node:net'
import { Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolConnection, type PoolOptions } from 'mysql2'
import { Unavailable, UserError } from '../domain/errors.ts'
import { tlsOf } from './engine/address-query.ts'
import type { Commons } from './engine/types.ts'

export interface LedgerAddress {
  options: PoolOptions
  database: string
}

/**
 * Parses LEDGER_URL, `mysql://user:password@host:port/database`, with `?sslmode=verify-full` for TLS
 * (`address-query.ts`). Throws UserError.
 */
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
  const ssl = tlsOf(parsed.searchParams)
  if (ssl?.verifyIdentity === true && isIP(host) !== 0) throw namedByNumber(host)
  return { database, options: { host, port, user, password, database, ...(ssl && { ssl }) } }
}

/** The error for TLS to a server by IP address: mysql2 compares its certificate with the name "localhost". */
function namedByNumber(host: string): UserError {
  return new UserError(
    `LEDGER_URL asks to check whose certificate it is, and names the server by its address ${host}. Name it by the name in ` +
      'its certificate; or write sslmode=verify-ca, which checks who signed the certificate and not whose it is.',
  )
}

/** `host:port`, as sentences about the server name it. */
function serverOf({ options }: LedgerAddress): string {
  return `${options.host}:${options.port}`
}

function decode(part: string | undefined): string | undefined {
  try {
    return part && decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The UserError for a server's refusal that LEDGER_URL causes (user, database, TLS); undefined for any other error. */
export function addressFault(address: LedgerAddress, error: unknown): UserError | undefined {
  const { database, options } = address
  const server = serverOf(address)
  switch (deepest(error).errno) {
    case 1044:
    case 1045:
      return new UserError(
        `The Dolt server ${server} does not let the user "${options.user}" of LEDGER_URL in. Correct the user or the password.`,
      )
    case 1049:
      return new UserError(
        `The Dolt server ${server} has no database "${database}". Create it there (CREATE DATABASE), or correct LEDGER_URL.`,
      )
    // A function that the server does not have, or a statement that it cannot parse.
    case 1305:
    case 1064:
      return new UserError(
        `The server ${server} of LEDGER_URL does not speak Dolt's SQL; MySQL and MariaDB do not. Name a Dolt server.`,
      )
    default:
      return tlsFault(server, error)
  }
}

const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT'
const TLS_FAILED = 'HANDSHAKE_SSL_ERROR'

/** mysql2 gives every TLS error one code; the reason is only in Node's message. */
function tlsFault(server: string, error: unknown): UserError | undefined {
  const { code, message } = deepest(error)
  if (code === NO_TLS)
    return new UserError(
      `The Dolt server ${server} speaks no TLS, and LEDGER_URL asks for it. Give the server a certificate (tls_cert, tls_key), or write sslmode=disable.`,
    )
  if (/does not allow insecure connections|require_secure_transport/i.test(message))
    return new UserError(
      `The Dolt server ${server} lets nobody in without TLS. Add ?sslmode=verify-full to LEDGER_URL (and sslrootcert=<file> for an authority of your own).`,
    )
  if (code !== TLS_FAILED && !/certificate|altnames/i.test(message)) return undefined
  return new UserError(
    `The certificate of the Dolt server ${server} is not accepted (${message.slice(0, 160)}). Name the authority that signed it with ` +
      'sslrootcert=<file> in LEDGER_URL, and the server by the name in its certificate; sslmode=no-verify believes any.',
  )
}

/** The innermost cause: Kysely and our own `settle` wrap the driver's error. */
function deepest(error: unknown): { errno?: unknown; code?: unknown; message: string } {
  let one = (error ?? {}) as { errno?: unknown; code?: unknown; message?: unknown; cause?: unknown }
  while (one.errno === undefined && one.code === undefined && typeof one.cause === 'object' && one.cause !== null)
    one = one.cause
  return { errno: one.errno, code: one.code, message: typeof one.message === 'string' ? one.message : '' }
}

/** The error for a server that does not answer; it names the server. */
export function notReached(address: LedgerAddress, cause: unknown): Unavailable {
  const { code } = deepest(cause)
  const why = typeof code === 'string' ? ` (${code})` : ''
  return new Unavailable(`the Dolt server ${serverOf(address)} cannot be reached${why}`, { cause })
}

export interface Connections {
  sql: Kysely<Commons>
  /**
   * Destroys every connection at once, even in the middle of a statement: the server rolls back and frees its locks.
   */
  sever(): void
}

/**
 * Opens a connection pool as the ledger needs it: true counts of changed rows, UTC, times as text (a JS Date drops what
 * Dolt keeps), one statement a packet.
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

/** True when the connection was lost, false when the server refused. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, fatal, cause } = (error ?? {}) as { code?: string; fatal?: boolean; cause?: unknown }
  if (error instanceof Unavailable) return false
  return (code !== undefined && LOST.has(code)) || fatal === true || (cause !== undefined && isConnectionLoss(cause))
}

const LOST = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ER_CON_COUNT_ERROR',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
])
