import { PgBoss } from 'pg-boss'
import { serverFault } from './server.ts'
import { settle } from './store.ts'

interface PgBossLog {
  warn(fields: object, message: string): void
}

/** Opens pg-boss in its own schema. Throws Unavailable when the store is away, UserError where the role may not make one. */
export async function openPgBoss(url: string, log: PgBossLog): Promise<PgBoss> {
  for (let tries = 1; ; tries++) {
    try {
      return await startBoss(url, log)
    } catch (error) {
      // Replicas that begin at once on an empty store: one makes the schema, the others find it the next time.
      if (tries === RACES || (error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error
    }
  }
}

const RACES = 5
const UNIQUE_VIOLATION = '23505'

async function startBoss(url: string, log: PgBossLog): Promise<PgBoss> {
  const pgBoss = new PgBoss({
    connectionString: url,
    max: 6,
    schedule: false,
    application_name: 'wasteland-bridge',
  })
  pgBoss.on('error', (error) => log.warn({ err: error }, 'queue: the store answered with an error'))
  await settle(pgBoss.start()).catch(async (error: unknown) => {
    await pgBoss.stop({ graceful: false }).catch(() => {})
    throw serverFault(error) ?? error
  })
  return pgBoss
}
