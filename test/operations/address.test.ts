import { describe, expect, test } from 'vitest'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { checkAddress, reach, serverFault } from '../../src/operations/postgres/server.ts'

const BASE = 'postgres://u:hunter2@db.example.com:5433/ops'

describe('TLS to Postgres is what DATABASE_URL says', () => {
  test.each([
    '',
    '?sslmode=verify-full',
    '?sslmode=require&application_name=x',
    '?ssl=true',
    '?options=-c%20search_path%3Dours',
  ])('%s is taken', (query) => expect(() => checkAddress(BASE + query)).not.toThrow())

  test.each([
    ['?sslmode=on', 'sslmode'],
    ['?sslmode=VERIFY_FULL', 'sslmode'],
    ['?sslmode=allow', 'sslmode'],
    ['?ssl=yes', 'ssl'],
    ['?tls=true', 'tls'],
    ['?ssl-mode=require', 'ssl-mode'],
    ['?sslrootcert=/nowhere.pem', 'sslrootcert'],
  ])('%s, which pg would pass over, is refused', (query, key) => {
    expect(() => checkAddress(BASE + query)).toThrow(UserError)
    expect(() => checkAddress(BASE + query)).toThrow(new RegExp(`${key}\\b.*[Ee]xpected`))
  })

  test.each(['mysql://a@b/c', 'hunter2'])('%s is no address', (url) => {
    expect(() => checkAddress(url)).toThrow(/^DATABASE_URL is not an address/)
  })
})

describe('what Postgres answers is said in words', () => {
  test.each([
    ['42501', 'permission denied for schema public', 'GRANT'],
    ['3F000', 'no schema has been selected to create in', 'GRANT'],
    ['28P01', 'password authentication failed', 'user or the password'],
    [
      '28000',
      'no pg_hba.conf entry for host "10.0.0.1", user "u", database "ops", no encryption',
      'sslmode=verify-full',
    ],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', 'sslrootcert='],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'sslrootcert='],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', 'sslrootcert='],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'altnames', 'sslrootcert='],
    ['undefined', 'The server does not support SSL connections', 'speaks no TLS'],
  ])('%s', (code, message, words) => {
    expect(serverFault(Object.assign(new Error(message), { code }))?.message).toContain(words)
    expect(serverFault(Object.assign(new Error(message), { code }))?.message).toMatch(/DATABASE_URL|Postgres/)
  })

  test('a fault of ours stays one', () => {
    expect(serverFault(Object.assign(new Error('syntax error'), { code: '42601' }))).toBeUndefined()
  })

  test('a server that is away is named, without its password', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ENOTFOUND' })
    const away = reach(BASE, Promise.reject(new Unavailable('the operations store cannot be reached', { cause })))
    await expect(away).rejects.toThrow('the Postgres server db.example.com:5433 cannot be reached (ENOTFOUND)')
    const socket = reach('postgres:///ops?host=/run/pg', Promise.reject(new Unavailable('away')))
    await expect(socket).rejects.toThrow('/run/pg:5432')
  })
})
