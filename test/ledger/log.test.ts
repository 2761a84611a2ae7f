import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitsSince } from '../../src/ledger/engine/log.ts'
import { createCommitSigner } from '../../src/ledger/engine/signature.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { FETCHING_MS } from './installed-dolt.ts'
import { type StartedLedger, startLedger } from './started-ledger.ts'
import { KEY } from './key.ts'

let started: StartedLedger
let ledger: Ledger
const signer = createCommitSigner(KEY)

beforeAll(async () => {
  started = await startLedger('log')
  ledger = started.ledger
}, FETCHING_MS)

afterAll(async () => {
  await started?.stop()
})

/** Refuses some queries, as a server that has no memory left. */
const refusing = (which: RegExp): KyselyPlugin => ({
  transformQuery({ node }) {
    if (which.test(JSON.stringify(node))) throw new Error('no memory left')
    return node
  },
  transformResult: async ({ result }) => result,
})
const LOG = /[0-9a-v]{32}\.\.HEAD/

describe('the log since a commit', () => {
  it('is what came after it, or all where main has no such commit', async () => {
    const before = await ledger.head()
    const commit = {
      author: 'mia <1+mia@users.noreply.github.com>',
      subject: 'wl note: w-1',
      trailers: {},
      empty: true,
    }
    const { hash } = await ledger.transact(async () => ({ value: undefined, commit }))
    expect(await ledger.commitsSince(before)).toMatchObject({ whole: false, commits: [{ hash }], head: hash })
    expect(await ledger.commitsSince(hash)).toMatchObject({ whole: false, commits: [], head: undefined })
    expect(await ledger.commitsSince('0'.repeat(32))).toMatchObject({ whole: true, head: hash })
  })

  it('that the server refuses of a commit that it has is an error, and no new beginning', async () => {
    const head = await ledger.head()
    const since = (hash: string | undefined, which: RegExp) =>
      ledger.read(({ sql }) => commitsSince(sql.withPlugin(refusing(which)), signer, hash))
    await expect(since(head, LOG)).rejects.toThrow('no memory left')
    expect(await since('0'.repeat(32), LOG)).toMatchObject({ whole: true })
    for (const which of [/DOLT_MERGE_BASE/, new RegExp(`DOLT_MERGE_BASE|${LOG.source}`)])
      await expect(since(head, which)).rejects.toThrow('no memory left')
  })
})
