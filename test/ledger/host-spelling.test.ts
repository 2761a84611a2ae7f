import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commitAuthor } from '../../src/domain/rig.ts'
import { startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { hostAsStored } from '../../src/ledger/tables/host-spelling.ts'
import { backUpLedger, restoreLedger } from '../../src/ledger/dolt/ledger-backup.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { findRigOf, registerRig } from '../../src/ledger/tables/rigs.ts'
import { silent } from '../ops/fake-server.ts'
import { FETCHING_MS } from './installed-dolt.ts'
import { type StartedLedger, startLedger } from './started-ledger.ts'
import { KEY } from './key.ts'

let started: StartedLedger
let ledger: Ledger

beforeAll(async () => {
  started = await startLedger('host spelling $x')
  ledger = started.ledger
}, FETCHING_MS)

afterAll(async () => {
  await started?.stop()
})

const bob = { id: 7, login: 'bob', type: 'User' } as const
const register = (host: string, account: { id: number; login: string; type: 'User' }, at: string) =>
  ledger.transact(async (db) => {
    const rig = await registerRig(db, host, account, at)
    return {
      value: rig.handle,
      commit: { author: commitAuthor(account), subject: `Register rig: ${rig.handle}`, trailers: {} },
    }
  })
const stored = (host: string) => hostAsStored(ledger, host, 'https')

it('a ledger without anybody takes the canonical name', async () => {
  expect(await stored('ghe.example.com')).toBe('ghe.example.com')
})

it('a peer’s row chooses no name for us', async () => {
  await ledger.transact(async ({ sql: db }) => {
    await sql`INSERT INTO rigs (handle, display_name, hop_uri, trust_level, registered_at, rig_type)
      VALUES ('eve', 'eve', 'entity://GHE.EXAMPLE.COM/eve/666', 1, '2001-01-01 00:00:00', 'human')`.execute(db)
    return { value: 0, commit: { author: 'eve <eve@example.org>', subject: 'wl note: rows', trailers: {} } }
  })
  expect(await stored('ghe.example.com')).toBe('ghe.example.com')
})

it('who was registered under another spelling goes on under it, and is the same person', async () => {
  await register('GHE.Example.com', bob, '2026-01-02T10:00:00Z')
  const host = await stored('ghe.example.com')
  expect(host).toBe('GHE.Example.com')
  expect((await ledger.read((db) => findRigOf(db, host, bob)))?.handle).toBe('bob')
  expect(await ledger.read((db) => findRigOf(db, 'ghe.example.com', bob))).toBeUndefined()
})

it('of two spellings the older counts, whose people have the stamps', async () => {
  await register('ghe.example.com', { id: 8, login: 'carol', type: 'User' }, '2026-03-02T10:00:00Z')
  expect(await stored('ghe.example.com')).toBe('GHE.Example.com')
})

it('the port that the protocol has anyway is another spelling; other hosts are other hosts', async () => {
  await register('git.example.org:443', { id: 9, login: 'dan', type: 'User' }, '2026-03-02T10:00:00Z')
  expect(await stored('git.example.org')).toBe('git.example.org:443')
  expect(await stored('hub.example.com')).toBe('hub.example.com')
  expect(await stored('ghe_example.com')).toBe('ghe_example.com')
})

it('a backup goes into a folder with blanks, % and \\ in its name, and comes back whole; nothing lands beside it', async () => {
  const { home, bin, dolt } = started
  const folder = join(home, 'backup %41\\b')
  const backup = await backUpLedger(dolt.url('commons'), folder, ['commons'])
  expect(readdirSync(home).toSorted()).toEqual(['backup %41\\b', 'dolt'])
  await restoreLedger({ dir: join(home, 'restored'), bin }, folder, backup)
  const restored = await startEmbeddedDolt({ dir: join(home, 'restored'), bin, log: silent })
  const again = await openLedger(restored.url('commons'), { key: KEY })
  const [before, after] = [await ledger.head(), await again.head()]
  await again.close()
  await restored.stop()
  expect(after).toBe(before)
})

it.each(['a%41', 'a\\b'])('the ledger itself is not put where Dolt would write elsewhere: %j', async (name) => {
  const { home, bin } = started
  const dir = join(home, name)
  await expect(startEmbeddedDolt({ dir, bin, log: silent })).rejects.toThrow(
    /cannot lie in .* Name another with DATA_DIR/,
  )
  const empty = { dolt: '2.2.0', databases: [] }
  await expect(restoreLedger({ dir, bin }, home, empty)).rejects.toThrow(/cannot lie in/)
  expect(existsSync(dir)).toBe(false)
})
