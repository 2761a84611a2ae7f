import { describe } from 'vitest'
import { runOn } from './servers.ts'

/* The tests of the operations store and its queue, on an older Postgres of an operator's. */
const lacking = runOn('older')
describe.skipIf(lacking !== undefined)('on an older Postgres', () => {
  describe('the migrations', async () => void (await import('./migrations.test.ts')))
  describe('the store', async () => void (await import('./store.test.ts')))
  describe('the queue', async () => void (await import('./queue.test.ts')))
  describe('those who take jobs at once', async () => void (await import('./takers.test.ts')))
  describe('the carry-over', async () => void (await import('./carry-over.test.ts')))
})
