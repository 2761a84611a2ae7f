import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { namedNow } from '../../src/pull-requests/named-items.ts'
import type { OperationsStore } from '../../src/operations/schema.ts'

const ID = 'w-0123456789'
const OTHER = 'w-abcdef0123'
const NAME = { owner: 'ada', repo: 'first' }
const SINCE = '2026-11-01T00:00:00Z'
const refused = { refused: { status: 403, why: 'right' } } as const

/** A store that knows the forms since a time. */
function store(): OperationsStore {
  const query = { select: () => query, executeTakeFirstOrThrow: async () => ({ since: new Date(SINCE) }) }
  return { db: { selectFrom: () => query } } as unknown as OperationsStore
}

async function named(
  body: string,
  { created = '2026-01-01T00:00:00Z', edited = { known: null } }: { created?: string; edited?: object } = {},
) {
  let asked = 0
  const editedAt = async () => {
    asked++
    return edited as never
  }
  const deps = { host: 'https://github.com', ledger: {} as Ledger, store: store() }
  const { items, unread } = await namedNow(deps, NAME, { labels: [], body, createdAt: created, editedAt })
  return { items: items.map(({ wanted }) => wanted), unread, asked }
}

describe('a description of before these forms were read', () => {
  it.each([`Fixes ${ID}`, `Claims ${ID} are wrong`, `Wanted ${ID} is done elsewhere`, `Wanted:\n- ${ID}`])(
    'names nothing that was not read then: %s',
    async (body) => {
      expect(await named(body)).toEqual({ items: [], unread: false, asked: 1 })
      expect(await named(body, { edited: { known: '2026-10-31T23:59:59Z' } })).toMatchObject({ items: [] })
    },
  )

  it('names what was read then, and no more', async () => {
    expect(await named(`Wanted: ${ID} ${OTHER}\n\nFixes ${OTHER}`)).toMatchObject({ items: [ID], asked: 1 })
    expect(await named(`Wanted: ${ID}`)).toEqual({ items: [ID], unread: false, asked: 0 })
  })

  it('is read in all forms where it was edited since', async () => {
    expect(await named(`Fixes ${ID}`, { edited: { known: SINCE } })).toMatchObject({ items: [ID] })
  })

  it('takes up nothing and lets go of nothing where GitHub does not tell of its edits', async () => {
    expect(await named(`Wanted: ${ID}\n\nFixes ${OTHER}`, { edited: refused })).toMatchObject({
      items: [ID],
      unread: true,
    })
  })
})

it('a description that was written since is read in all forms, and nobody is asked', async () => {
  expect(await named(`Fixes ${ID}`, { created: SINCE, edited: refused })).toEqual({
    items: [ID],
    unread: false,
    asked: 0,
  })
})
