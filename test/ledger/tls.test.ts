import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { ledgerAddress } from '../../src/ledger/connect.ts'
import { inspectLedger } from '../../src/ledger/dolt/inspect.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { connected, onServer } from '../../src/ledger/profiles/prepare.ts'
import { openProfileStore, profileStoreUrl } from '../../src/ledger/profiles/profile-store.ts'
import { startRawDolt, type RawDolt } from '../contract/raw-dolt.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { KEY } from './key.ts'

/* A Dolt that speaks TLS to everybody, and one that speaks none. */

let home: string
let secure: RawDolt
let plain: RawDolt
let authority: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tls-'))
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')]
  authority = `sslrootcert=${encodeURIComponent(cert)}`
  const how = [
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  ]
  execFileSync('openssl', ['req', ...how, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const { bin } = await installedDolt()
  const tls = `, tls_key: "${key}", tls_cert: "${cert}", require_secure_transport: true`
  secure = await startRawDolt(bin, join(home, 'secure'), join(home, 'root-a'), tls)
  plain = await startRawDolt(bin, join(home, 'plain'), join(home, 'root-b'))
}, FETCHING_MS)

afterAll(async () => {
  await secure?.server.stop()
  await plain?.server.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

const at = ({ url }: RawDolt, query: string, host = 'localhost') => `${url.replace('127.0.0.1', host)}/commons?${query}`
const refusal = async (url: string) => {
  const opened: unknown = await inspectLedger(url).catch((error: unknown) => error)
  expect(opened).toBeInstanceOf(UserError)
  return (opened as Error).message
}

it.each(['sslmode=verify-full', 'ssl=true', 'sslmode=verify-ca'])(
  'the ledger is reached by TLS with ?%s, and the pile beside it',
  async (how) => {
    const address = at(secure, `${how}&${authority}`)
    await connected(onServer(ledgerAddress(address)), (db) => sql`CREATE DATABASE IF NOT EXISTS commons`.execute(db))
    const ledger = await openLedger(address, { key: KEY })
    expect(await ledger.head()).toMatch(/^[0-9a-v]{32}$/)
    await ledger.close()
    const profiles = await openProfileStore(profileStoreUrl(address))
    expect(await profiles.read('nobody')).toBeUndefined()
    await profiles.close()
  },
)

it('without TLS the server lets nobody in, and what to write is said', async () => {
  expect(await refusal(at(secure, 'charset=utf8mb4'))).toMatch(/lets nobody in without TLS\. Add \?sslmode=verify-full/)
})

it('a certificate that nobody vouches for, or of another name, is refused', async () => {
  expect(await refusal(at(secure, 'sslmode=require'))).toMatch(
    /certificate of the Dolt server localhost:\d+ is not accepted/,
  )
  expect(await refusal(at(secure, `sslmode=verify-full&${authority}`, '127.0.0.1'))).toMatch(
    /names the server by its address 127\.0\.0\.1/,
  )
})

it('a server that speaks no TLS is not talked to in clear', async () => {
  expect(await refusal(at(plain, 'sslmode=require'))).toMatch(/speaks no TLS, and LEDGER_URL asks for it/)
})
