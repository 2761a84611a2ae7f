import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { addressFault, ledgerAddress, notReached } from '../../src/ledger/connect.ts'
import { profileStoreUrl } from '../../src/ledger/profiles/profile-store.ts'

const BASE = 'mysql://u:hunter2@db.example.com:3307/commons'
const sslOf = (query: string) => ledgerAddress(`${BASE}?${query}`).options.ssl
const VERIFIED = { rejectUnauthorized: true, verifyIdentity: true }

let home: string
let authority: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'address-'))
  authority = join(home, 'a %41\\ca.pem')
  writeFileSync(authority, 'PEM')
})
afterAll(() => rmSync(home, { recursive: true }))

describe('TLS to the ledger is what LEDGER_URL says', () => {
  test.each([
    ['', undefined],
    ['ssl=true', VERIFIED],
    ['ssl=1', VERIFIED],
    ['tls=true', VERIFIED],
    ['sslmode=require', VERIFIED],
    ['sslmode=verify-full', VERIFIED],
    ['ssl-mode=VERIFY_IDENTITY', VERIFIED],
    ['ssl-mode=REQUIRED', VERIFIED],
    ['SSLMode=Require', VERIFIED],
    ['sslmode=verify-ca', { rejectUnauthorized: true }],
    ['sslmode=no-verify', { rejectUnauthorized: false }],
    ['tls=skip-verify', { rejectUnauthorized: false }],
    [`ssl=${encodeURIComponent('{"rejectUnauthorized":true}')}`, VERIFIED],
    [`ssl=${encodeURIComponent('{}')}`, VERIFIED],
    [`ssl=${encodeURIComponent('{"rejectUnauthorized":false}')}`, { rejectUnauthorized: false, verifyIdentity: false }],
    [`ssl=${encodeURIComponent('{"ca":"PEM"}')}`, { ...VERIFIED, ca: 'PEM' }],
    ['ssl=false', undefined],
    ['sslmode=disable', undefined],
    ['charset=utf8mb4', undefined],
    ['charset=UTF8&timezone=Z&connectTimeout=10000&parseTime=true&connectionLimit=5', undefined],
    ['charset=utf8mb4_0900_ai_ci&sslmode=require', VERIFIED],
  ])('?%s', (query, ssl) => {
    expect(sslOf(query)).toEqual(ssl)
  })

  test('the authority of a file is named, and asked for by itself too', () => {
    const named = `sslrootcert=${encodeURIComponent(authority)}`
    expect(sslOf(named)).toEqual({ ...VERIFIED, ca: 'PEM' })
    expect(sslOf(`sslmode=verify-ca&${named}`)).toEqual({ rejectUnauthorized: true, ca: 'PEM' })
  })

  test.each([
    ['sslmode=prefer', 'goes on without TLS'],
    ['tls=preferred', 'goes on without TLS'],
    ['sslmode=yes', 'not known'],
    ['ssl=Amazon%20RDS', 'not known'],
    ['tls=custom', 'not known'],
    ['ssl=%7Bbroken', 'cannot be read'],
    [`ssl=${encodeURIComponent('{"key":"x"}')}`, 'cannot be read'],
    ['ssl=true&sslmode=disable', 'twice'],
    ['sslmode=require&sslmode=disable', 'twice'],
    ['sslrootcert=/nowhere/ca.pem', 'cannot be read (ENOENT)'],
    ['charset=latin1', 'charset'],
    ['ssl_mode=REQUIRED', '"ssl_mode"'],
    ['useSSL=true', '"useSSL"'],
    ['hunter2', '"hunter2"'],
    ['allowCleartextPasswords=hunter2', '"allowCleartextPasswords"'],
  ])('?%s is refused', (query, words) => {
    let said = ''
    expect(() => {
      try {
        sslOf(query)
      } catch (error) {
        said = (error as Error).message
        throw error
      }
    }).toThrow(UserError)
    expect(said).toContain(words)
    expect(said).toContain('LEDGER_URL')
    if (!query.startsWith('hunter2')) expect(said).not.toContain('hunter2')
  })

  test.each(['10.1.2.3', '[fd00::1]'])(
    'whose certificate it is cannot be checked of %s, and is not said to be',
    (host) => {
      const url = (mode: string) => `mysql://u:p@${host}/commons?sslmode=${mode}`
      expect(() => ledgerAddress(url('require'))).toThrow(/names the server by its address/)
      expect(ledgerAddress(url('verify-ca')).options.ssl).toEqual({ rejectUnauthorized: true })
      expect(ledgerAddress(url('disable')).options.ssl).toBeUndefined()
    },
  )

  test('the pile is reached the same way', () => {
    const { options, database } = ledgerAddress(profileStoreUrl(`${BASE}?sslmode=require`))
    expect({ ssl: options.ssl, database }).toEqual({ ssl: VERIFIED, database: 'pile' })
  })
})

describe('what a server answers is said in words', () => {
  const address = ledgerAddress(BASE)
  const fault = (code: string, message: string, errno?: number) =>
    addressFault(address, Object.assign(new Error(message), { code, fatal: true, ...(errno && { errno }) }))?.message
  test.each([
    ['HANDSHAKE_NO_SSL_SUPPORT', 'Server does not support secure connection', 'speaks no TLS'],
    ['HANDSHAKE_SSL_ERROR', 'self-signed certificate', 'is not accepted (self-signed certificate)'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames", 'sslrootcert='],
    ['ER_UNKNOWN', 'Code: UNAVAILABLE server does not allow insecure connections', 'lets nobody in without TLS'],
  ])('%s', (code, message, words) => {
    expect(fault(code, message)).toContain(words)
    expect(fault(code, message)).toContain('db.example.com:3307')
  })

  test('MariaDB, which has no DOLT_VERSION, is no Dolt', () => {
    expect(fault('ER_SP_DOES_NOT_EXIST', 'FUNCTION x.DOLT_VERSION does not exist', 1305)).toContain(
      'does not speak Dolt',
    )
  })

  test('of a server that is away nothing is wrong with the address, and it is named', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111, fatal: true })
    expect(addressFault(address, refused)).toBeUndefined()
    const away = notReached(address, new Unavailable('away', { cause: refused }))
    expect(away.message).toBe('the Dolt server db.example.com:3307 cannot be reached (ECONNREFUSED)')
  })
})
