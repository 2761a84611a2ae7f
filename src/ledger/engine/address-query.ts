import { readFileSync } from 'node:fs'
import type { SslOptions } from 'mysql2'
import { z } from 'zod'
import { UserError } from '../../domain/errors.ts'

/*
 * The query part of LEDGER_URL. TLS is configured in the words of the drivers that people know: `ssl` (mysql2), `tls`
 * (Go), `sslmode` (Postgres), `ssl-mode` (MySQL). Options that we set ourselves are accepted without effect; any other
 * is refused, because an option that is dropped silently may have been meant to protect.
 */

/** Options that we set ourselves, whatever the address says: see `openCommons`. */
const SET_BY_US = new Set([
  'charset',
  'collation',
  'timezone',
  'time_zone',
  'loc',
  'parsetime',
  'datestrings',
  'connecttimeout',
  'timeout',
  'readtimeout',
  'writetimeout',
  'connectionlimit',
  'multistatements',
  'supportbignumbers',
  'bignumberstrings',
])
const TLS_KEYS = new Set(['ssl', 'tls', 'sslmode', 'ssl-mode'])
const CA_KEYS = new Set(['sslrootcert', 'ssl-ca'])

const VERIFIED: SslOptions = { rejectUnauthorized: true, verifyIdentity: true }
/** Undefined: no TLS. */
const MODES: Readonly<Record<string, SslOptions | undefined>> = {
  true: VERIFIED,
  '1': VERIFIED,
  require: VERIFIED,
  required: VERIFIED,
  'verify-full': VERIFIED,
  verify_identity: VERIFIED,
  'verify-ca': { rejectUnauthorized: true },
  verify_ca: { rejectUnauthorized: true },
  'no-verify': { rejectUnauthorized: false },
  'skip-verify': { rejectUnauthorized: false },
  false: undefined,
  '0': undefined,
  disable: undefined,
  disabled: undefined,
}

/** `ssl={"rejectUnauthorized":true}`, as mysql2 reads it; a certificate authority in it is PEM. */
const Json = z.strictObject({
  rejectUnauthorized: z.boolean().optional(),
  verifyIdentity: z.boolean().optional(),
  ca: z.string().optional(),
})

/** The TLS options; undefined for no TLS. Throws UserError for an option that is none of these. */
export function tlsOf(query: URLSearchParams): SslOptions | undefined {
  const asked: [key: string, value: string][] = []
  let ca: string | undefined
  for (const [key, value] of query) {
    const name = key.toLowerCase()
    if (TLS_KEYS.has(name)) asked.push([key, value])
    else if (CA_KEYS.has(name)) ca = readAuthority(key, value)
    else if (!SET_BY_US.has(name)) throw unknown(key)
    else if (name === 'charset' && !/^utf8/i.test(value)) throw otherCharset()
  }
  if (asked.length > 1)
    throw new UserError(
      `LEDGER_URL asks for TLS twice (${asked.map(([key]) => key).join(', ')}). Keep one of them, such as sslmode=verify-full.`,
    )
  const [one] = asked
  // An authority that is named is meant to be checked.
  const tls = one === undefined ? ca && VERIFIED : modeOf(...one)
  if (!tls) return undefined
  return ca === undefined ? { ...tls } : { ...tls, ca }
}

function modeOf(key: string, value: string): SslOptions | undefined {
  if (value.trimStart().startsWith('{')) return jsonMode(key, value)
  const mode = value.toLowerCase()
  if (Object.hasOwn(MODES, mode)) return MODES[mode]
  if (/^prefer(red)?$|^allow$/.test(mode))
    throw new UserError(
      `LEDGER_URL has ${key}=${mode}, which goes on without TLS where the server has none. Write sslmode=verify-full, or sslmode=disable.`,
    )
  throw new UserError(
    `LEDGER_URL has a ${key} that is not known. Expected sslmode=verify-full (also require, ssl=true, tls=true), verify-ca, no-verify or disable.`,
  )
}

function jsonMode(key: string, value: string): SslOptions {
  try {
    const { rejectUnauthorized = true, verifyIdentity = rejectUnauthorized, ca } = Json.parse(JSON.parse(value))
    return { rejectUnauthorized, verifyIdentity, ...(ca !== undefined && { ca }) }
  } catch {
    throw new UserError(
      `LEDGER_URL has a ${key} that cannot be read. Expected ${key}=true, or JSON with rejectUnauthorized, verifyIdentity and ca alone, percent-encoded.`,
    )
  }
}

function readAuthority(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new UserError(
      `The file that ${key} in LEDGER_URL names cannot be read (${code}). Expected the certificate of the authority that signed the server’s, PEM.`,
    )
  }
}

/** The error names the key alone: a value may be a password in the wrong place. */
function unknown(key: string): UserError {
  return new UserError(
    `LEDGER_URL has "${key.slice(0, 40)}" behind its ?, which is not known here. Expected sslmode=verify-full for TLS ` +
      '(with sslrootcert=<file> for an authority of your own), or nothing. A ? in a password is written %3F.',
  )
}

function otherCharset(): UserError {
  return new UserError(
    'LEDGER_URL has a charset other than utf8mb4, which loses characters. Write charset=utf8mb4, or leave it out.',
  )
}
