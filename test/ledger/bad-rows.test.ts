import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBounty } from '../../src/domain/bounty.ts'
import { completionsOf, findCompletion } from '../../src/ledger/tables/completions.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { owners } from '../../src/ledger/tables/owners.ts'
import { findRig } from '../../src/ledger/tables/rigs.ts'
import { stampsOf, workOf } from '../../src/ledger/tables/sheet.ts'
import { hasStamp, lastStampOf, stampsBy, stampsOn } from '../../src/ledger/tables/stamps.ts'
import { FETCHING_MS } from './installed-dolt.ts'
import { type StartedLedger, startLedger } from './started-ledger.ts'
import { fill, item, stamp, subject, work } from './stamping.ts'
import { claimedItems, describeWanted, heldItems, openItems } from '../../src/ledger/tables/wanted-details.ts'

let started: StartedLedger
let ledger: Ledger
const warned: object[] = []

beforeAll(async () => {
  started = await startLedger('bad-rows', { log: { warn: (fields) => void warned.push(fields) } })
  ledger = started.ledger
  await fill(ledger, 2)
  await stamp(ledger, 0, 'mia')
}, FETCHING_MS)

afterAll(async () => {
  await started?.stop()
})

/** As a peer writes, in the same transaction with its commit. */
const write = (...statements: string[]) =>
  ledger.transact(async (db) => {
    for (const statement of statements) await sql.raw(statement).execute(db.sql)
    return { value: 0, commit: { author: 'eve <eve@example.org>', subject: 'wl note: rows', trailers: {} } }
  })

const GOOD = {
  valence: `'{"quality": 4}'`,
  skill_tags: `'["go"]'`,
  created_at: `'2026-11-21 10:00:00'`,
  stamp_index: '3',
}
const peerStamp = (id: string, change: Partial<typeof GOOD>) => {
  const row = { ...GOOD, ...change }
  return `INSERT INTO stamps (id, author, subject, context_id, ${Object.keys(row).join(', ')})
    VALUES ('${id}', 'eve', '${subject(0)}', '${work(0)}', ${Object.values(row).join(', ')})`
}

describe('a row of another shape than the protocol’s', () => {
  it('is left out of every list of stamps, and is said once', async () => {
    const bad: [string, Partial<typeof GOOD>][] = [
      ['s-object', { skill_tags: `'{"go": 1}'` }],
      ['s-text', { skill_tags: `'"go"'` }],
      ['s-numbers', { skill_tags: `'[1, null]'` }],
      ['s-nested', { skill_tags: `'[["go"]]'` }],
      ['s-no-time', { created_at: 'NULL' }],
      ['s-list', { valence: `'[5]'` }],
      ['s-scalar', { valence: `'5'` }],
      ['s-json-null', { valence: `'null'` }],
    ]
    await write(...bad.map(([id, change]) => peerStamp(id, change)), peerStamp('s-good', {}))
    for (let n = 0; n < 2; n++) {
      const ids = async (read: (db: Parameters<Parameters<Ledger['read']>[0]>[0]) => Promise<{ id: string }[]>) =>
        (await ledger.read(read)).map(({ id }) => id).toSorted()
      expect(await ids((db) => stampsBy(db, undefined, [work(0)]))).toEqual(['s-good', 's-mia-0'])
      expect(await ids((db) => stampsOn(db, work(0)))).toEqual(['s-good', 's-mia-0'])
      expect(await ids((db) => stampsOf(db, subject(0)))).toEqual(['s-good', 's-mia-0'])
    }
    expect(await ledger.read((db) => hasStamp(db, 's-object'))).toBe(true)
    expect(warned.map((fields) => (fields as { row: string }).row).toSorted()).toEqual(bad.map(([id]) => id).toSorted())
    expect(JSON.stringify(warned)).not.toContain('go')
  })

  it('is none that is long: every list reads JSON above 2 KB, as one with few words', async () => {
    const words = Array.from({ length: 400 }, (_, n) => `word-${n}`)
    const long = `'${JSON.stringify(['open-bounty', ...words])}'`
    const valence = `'${JSON.stringify({ quality: 4, note: 'x'.repeat(4000) })}'`
    await write(
      peerStamp('s-long-1', { skill_tags: long, valence }),
      peerStamp('s-long-2', { skill_tags: long, valence }),
      `INSERT INTO wanted (id, title, tags, status, claimed_by) VALUES
        ('w-long-1', 'x', ${long}, 'open', 'eve'), ('w-long-2', 'x', ${long}, 'claimed', 'eve'), ('w-long-3', 'x', ${long}, 'claimed', 'eve')`,
    )
    const read = ledger.read
    const isLong = (one: { tags: readonly string[] } | undefined) => one?.tags.length === 401 && isBounty(one)
    expect((await read((db) => openItems(db, 'open-bounty', 5))).items.map(isLong)).toEqual([true])
    expect((await read((db) => claimedItems(db))).map(isLong)).toEqual([true, true])
    expect((await read((db) => heldItems(db, 'eve'))).map(isLong)).toEqual([true, true, true])
    const both = await Promise.all(['w-long-1', 'w-long-2'].map((id) => read((db) => describeWanted(db, id))))
    expect(both.map(isLong)).toEqual([true, true])
    const ours = <T extends { id: string }>(stamps: readonly T[]) => stamps.filter(({ id }) => id.startsWith('s-long'))
    const stamps = ours(await read((db) => stampsBy(db, 'eve', [work(0)])))
    expect(stamps.map(({ skillTags, valence: { quality } }) => [skillTags.length, quality])).toEqual([
      [401, 4],
      [401, 4],
    ])
    const sheet = ours(await read((db) => stampsOf(db, subject(0))))
    expect(sheet.map(({ skills, valence: { quality } }) => [skills.length, quality])).toEqual([
      [401, 4],
      [401, 4],
    ])
    await write(`DELETE FROM stamps WHERE id LIKE 's-long-%'`, `DELETE FROM wanted WHERE id LIKE 'w-long-%'`)
  })

  it('ends no passbook where no place is behind it', async () => {
    await write(peerStamp('s-last', { stamp_index: '2147483647' }), peerStamp('s-first', { stamp_index: '-5' }))
    expect(await ledger.read((db) => lastStampOf(db, subject(0)))).toMatchObject({ stampIndex: 3 })
    expect(await stamp(ledger, 1, 'mia')).toMatchObject({ value: 's-mia-1' })
  })

  it('is read as far as it goes where it is asked whether it is there', async () => {
    await write(
      `UPDATE completions SET completed_at = NULL, evidence = NULL, hop_uri = NULL WHERE id = '${work(0)}'`,
      `INSERT INTO wanted (id, title, tags, priority, status) VALUES
        ('w-object', '', '{"a": 1}', NULL, NULL), ('w-scalar', 'x', '5', -2147483648, 'open'), ('w-null', 'x', 'null', 9, 'odd')`,
      `INSERT INTO rigs (handle, trust_level, rig_type, hop_uri) VALUES ('bare', NULL, NULL, NULL), ('high', 99, 'king', 'entity://github/x/1')`,
      `INSERT INTO rig_links (id, rig_a, rig_b, link_type, status) VALUES ('l-bare', 'bare', 'high', NULL, NULL)`,
    )
    expect(await ledger.read((db) => findCompletion(db, work(0)))).toMatchObject({
      evidence: '',
      completedAt: '1970-01-01 00:00:00',
    })
    expect(await ledger.read((db) => completionsOf(db, item(0)))).toHaveLength(1)
    expect(await ledger.read((db) => workOf(db, subject(0)))).toMatchObject([{ at: '1970-01-01 00:00:00' }])
    expect(await ledger.read((db) => describeWanted(db, 'w-object'))).toMatchObject({
      tags: [],
      priority: 2,
      title: '',
    })
    expect((await ledger.read((db) => openItems(db, 'go', 5))).items).toEqual([])
    expect((await ledger.read((db) => openItems(db, undefined, 5))).items).toMatchObject([{ id: 'w-scalar', tags: [] }])
    expect(await ledger.read((db) => findRig(db, 'bare'))).toMatchObject({ displayName: 'bare', trustLevel: 0 })
    expect(await ledger.read((db) => findRig(db, 'high'))).toMatchObject({
      trustLevel: 0,
      hopUri: null,
      rigType: 'human',
    })
    expect(await ledger.read((db) => owners(db))).toEqual([])
  })
})
