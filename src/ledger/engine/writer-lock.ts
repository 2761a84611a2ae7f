import { type Kysely, sql } from 'kysely'
import { Unavailable } from '../../domain/errors.ts'
import type { Commons } from './types.ts'

/*
 * The writer's lock. GET_LOCK belongs to the connection that writes, so losing one means losing both. A writer that is
 * killed frees it at once. A writer that is suspended (SIGSTOP, a laptop's lid) keeps its connection: once it has made
 * no statement for a while it is ended by KILL, and Dolt rolls back what it had not committed. A writer that was only
 * slow starts its transaction again.
 */

/** Timeout of one wait for the lock; after it the holder is checked. */
const WAIT_SECONDS = 2
/**
 * A holder that is silent for this long is stale. A batch makes its next statement within milliseconds; waiting for
 * Postgres or collecting garbage is seldom so long.
 */
const STALE_SECONDS = 5
/** Timeout of all waits: another writer that works through its batches releases the lock between two of them. */
const TIMEOUT_MS = 10_000

/** `cutsOff`: a stale holder is ended, which is right where no holder is silent while at work. */
export interface WriterLock {
  name: string
  cutsOff: boolean
}

/** Takes the lock. Throws Unavailable when another writer that is at work keeps it. */
export async function takeLock(connection: Kysely<Commons>, { name, cutsOff }: WriterLock): Promise<void> {
  for (const until = Date.now() + TIMEOUT_MS; Date.now() < until;) {
    const { rows } = await sql<{ taken: number }>`SELECT GET_LOCK(${name}, ${WAIT_SECONDS}) AS taken`.execute(
      connection,
    )
    if (Number(rows[0]?.taken) === 1) return
    if (cutsOff) await cutOff(connection, name)
  }
  throw new Unavailable('another process is writing to the ledger')
}

export async function releaseLock(connection: Kysely<Commons>, { name }: WriterLock): Promise<void> {
  await sql`SELECT RELEASE_LOCK(${name})`.execute(connection)
}

/**
 * Ends the holder's connection when it is stale. Whether it still held the lock by then does not matter: it reconnects.
 */
async function cutOff(connection: Kysely<Commons>, name: string) {
  const { rows } = await sql<{ holder: number | null }>`SELECT IS_USED_LOCK(${name}) AS holder`.execute(connection)
  const holder = rows[0]?.holder ?? 0
  if (holder === 0) return
  const { rows: processes } = await sql<{ Id: number; Command: string; Time: number }>`SHOW PROCESSLIST`.execute(
    connection,
  )
  const process = processes.find(({ Id }) => Id === holder)
  if (process?.Command !== 'Sleep' || process.Time < STALE_SECONDS) return
  await sql`KILL ${sql.lit(holder)}`.execute(connection).catch(() => {})
}
