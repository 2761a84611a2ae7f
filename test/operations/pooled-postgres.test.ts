import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { runOn, startPooled } from './servers.ts'

/* The same tests behind a pooler that lends connections by the transaction. */
const lacking = runOn('pooled')
describe.skipIf(lacking !== undefined)('behind a pooler', () => {
  describe('the migrations', async () => void (await import('./migrations.test.ts')))
  describe('the store', async () => void (await import('./store.test.ts')))
  describe('the queue', async () => void (await import('./queue.test.ts')))
  describe('those who take jobs at once', async () => void (await import('./takers.test.ts')))
  describe('the carry-over', async () => void (await import('./carry-over.test.ts')))

  it('that lends connections by the statement the start is refused with a sentence', async () => {
    const server = await startPooled('statement')
    const db = openOperations(server.url)
    const refused = await migrateOperations(db).catch((error: unknown) => error)
    await db.destroy()
    await server.stop()
    expect(refused).toBeInstanceOf(UserError)
    expect((refused as Error).message).toContain('Set its pool_mode to transaction or session (PgBouncer)')
  })
})
