import { afterAll, beforeAll, expect, it } from 'vitest'
import { handleClaim, type ClaimJob } from '../../src/deliveries/due-claims.ts'
import { findClaim, saveClaim } from '../../src/operations/tables/claims.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { newDatabase, startServer, type TestServer } from '../operations/servers.ts'
import type { OperationsStore } from '../../src/operations/schema.ts'
import type { ClaimDeps } from '../../src/deliveries/claim-deadlines.ts'

let postgres: TestServer
let store: OperationsStore
beforeAll(async () => {
  postgres = await startServer()
  store = { db: openOperations(await newDatabase(postgres)), wasteland: 'commons' }
  await migrateOperations(store.db)
})
afterAll(async () => {
  await store?.db.destroy()
  await postgres?.stop()
})

it('a job that waited while another announced the end announces it no second time, and moves no end', async () => {
  const times = {
    claimed_at: '2026-11-01T00:00:00.000Z',
    announce_at: '2026-11-03T00:00:00.000Z',
    ends_at: '2026-11-04T00:00:00.000Z',
  }
  const job: ClaimJob = {
    wanted_id: 'w-0123456789',
    host: 'github.com',
    rig: 'bob',
    person_id: 3,
    login: 'bob',
    announced: false,
    installation_id: 1,
    owner: 'ada',
    repo: 'engine',
    number: 1,
    ...times,
  }
  const item = {
    id: job.wanted_id,
    title: 'Count',
    status: 'claimed',
    claimedBy: 'bob',
    updatedAt: '2026-11-01 00:00:00',
  }
  const said: string[] = []
  let now = new Date(times.announce_at)
  const deps = {
    host: job.host,
    store,
    now: () => now,
    ledger: { read: async () => item },
    installation: async () => ({}),
    reply: async (_: unknown, key: string) => void said.push(key),
  } as unknown as ClaimDeps
  await saveClaim(store, {
    ...job,
    claimed_at: new Date(times.claimed_at),
    announce_at: new Date(times.announce_at),
    ends_at: new Date(times.ends_at),
  })
  await handleClaim(deps, 'first', job)
  const known = await findClaim(store, job.wanted_id)
  expect(known).toMatchObject({ announced: true, ends_at: new Date(times.ends_at) })
  now = new Date('2026-11-04T05:00:00Z')
  await handleClaim(deps, 'second', job)
  expect(await findClaim(store, job.wanted_id)).toEqual(known)
  expect(said).toHaveLength(1)
})
