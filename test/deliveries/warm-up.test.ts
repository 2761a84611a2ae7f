import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStampDeps, type StampDeps } from '../../bench/stored-stamp.ts'
import { readSamples, warmUp } from '../../src/deliveries/warm-up.ts'
import type { WorkDeps } from '../../src/deliveries/work.ts'
import { createCleanup } from '../../src/ops/cleanup.ts'
import { startSchedule } from '../../src/schedule.ts'
import { startStores, type Stores } from '../crash/stores.ts'

describe('warming up', () => {
  let stores: Stores
  let dir: string
  let deps: StampDeps
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasteland-warm-up-test-'))
    stores = await startStores()
    deps = await openStampDeps(await stores.fresh('warm'), dir)
  })
  afterAll(async () => {
    await deps.close()
    await stores.close()
    await rm(dir, { recursive: true, force: true })
  })

  /** The ledger's head, and how many rows each table of the operations store has. */
  async function written() {
    const { rows } = await sql<{ name: string }>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`.execute(
      deps.store.db,
    )
    const counts = await Promise.all(
      rows.map(async ({ name }) => {
        const counted = await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(name)}`.execute(deps.store.db)
        return [name, counted.rows[0]!.n] as const
      }),
    )
    return { head: await deps.ledger.head(), counts }
  }

  it('reads both stores, writes nothing and asks GitHub nothing', async () => {
    // The index of the ledger follows its head with the first read, whoever reads.
    await warmUp(withQueue())
    const before = await written()
    const reads: string[] = []
    const { read } = deps.ledger
    const ledger: StampDeps['ledger'] = { ...deps.ledger, read: async (query) => (reads.push('read'), read(query)) }
    await warmUp({ ...withQueue(), ledger })
    expect(reads.length).toBeGreaterThan(5)
    expect(before.counts.length).toBeGreaterThan(10)
    expect(await written()).toEqual(before)
  })

  // Without an installation: what GitHub would be asked with is not there.
  const withQueue = () => ({ ...deps, queue: { knows: async () => new Set<string>() } as unknown as WorkDeps['queue'] })

  it('has samples that are read to their end', async () => {
    const { parts, isRead } = await readSamples()
    expect(isRead).toBe(true)
    const { reviews, events, closingIssues, editedAt } = parts
    expect([reviews, events, closingIssues].map((list) => list?.length)).toEqual([1, 1, 1])
    expect(editedAt).toBeDefined()
  })
})

it('what is compared at the start comes after the warm-up, also where that fails', async () => {
  const seen: string[] = []
  const cleanup = createCleanup({ warn: () => {} })
  const ended = Promise.withResolvers<void>()
  const away = () => {
    seen.push('warm-up')
    throw new Error('the store is away')
  }
  const deps = { queue: { knows: away } } as unknown as WorkDeps
  const nothing = {} as never
  startSchedule(
    {
      deps,
      app: nothing,
      queue: { inHand: () => 0 } as never,
      names: nothing,
      validators: nothing,
      importing: undefined,
      log: nothing,
    },
    {
      everyMs: 60_000,
      log: { warn: () => {} },
      cleanup,
      // Each fails, for it has nothing to work with.
      jobEnded(name) {
        seen.push(name)
        if (seen.length === 4) ended.resolve()
      },
    },
  )
  await ended.promise
  await cleanup.run()
  expect(seen[0]).toBe('warm-up')
  expect(seen.slice(1).toSorted()).toEqual(['admitted names', 'deliveries', 'repositories'])
})
