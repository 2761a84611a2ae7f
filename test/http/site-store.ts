import { randomUUID } from 'node:crypto'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { startServer } from '../operations/servers.ts'
import type { OperationsStore } from '../../src/operations/schema.ts'

export interface SiteStore {
  /** One in which nobody has been counted yet. */
  store(): OperationsStore
  stop(): Promise<void>
}

/** A Postgres, in which the imports of visitors are counted. */
export async function startSiteStore(): Promise<SiteStore> {
  const server = await startServer()
  const db = openOperations(server.url)
  await migrateOperations(db)
  return {
    store: () => ({ db, wasteland: randomUUID() }),
    async stop() {
      await db.destroy()
      await server.stop()
    },
  }
}
