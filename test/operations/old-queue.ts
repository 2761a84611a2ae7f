import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { query } from './servers.ts'

/*
 * The queue of versions before the table `jobs`: pg-boss 12.35 with the statements that those versions put beside it.
 */

/** What pg-boss 12.35 says (`getConstructionPlans`) for its schema. */
export const OLD_QUEUE_SQL = readFileSync(new URL('pg-boss-43.sql', import.meta.url), 'utf8')

/** A job as it lies there; what is not given is as the older version stores it. */
export interface OldJob {
  id?: string
  queue?: string
  key: string
  group?: string
  priority?: number
  data?: object
}

export async function makeOldQueue(url: string): Promise<void> {
  await query(url, OLD_QUEUE_SQL)
  const options = { policy: 'key_strict_fifo', deadLetter: 'dead-letters', retryLimit: 12, retryBackoff: true }
  await query(url, `SELECT pgboss.create_queue('dead-letters', '{"policy": "standard"}')`)
  for (const name of ['deliveries', 'imports'])
    await query(url, 'SELECT pgboss.create_queue($1, $2)', [name, JSON.stringify(options)])
}

/** Resolves to its id. */
export async function putOld(url: string, job: OldJob): Promise<string> {
  const { id = randomUUID(), queue = 'deliveries', key, group = null, priority = 0, data = { n: 0 } } = job
  await query(
    url,
    `INSERT INTO pgboss.job (id, name, singleton_key, group_id, priority, data, policy, retry_limit, retry_delay,
       retry_backoff, dead_letter)
     VALUES ($1, $2, $3, $4, $5, $6, 'key_strict_fifo', 12, 1, true, 'dead-letters') ON CONFLICT DO NOTHING`,
    [id, queue, key, group, priority, JSON.stringify(data)],
  )
  return id
}

/** As an older replica takes it, which is of this id; `seconds` ago. */
export async function takeOld(url: string, id: string, process: string, seconds = 0): Promise<boolean> {
  const rows = await query(
    url,
    `UPDATE pgboss.job SET state = 'active', started_on = now() - $3 * interval '1 second',
       heartbeat_on = now() - $3 * interval '1 second', output = jsonb_build_object('process', $2::text),
       retry_count = CASE WHEN started_on IS NULL THEN retry_count ELSE retry_count + 1 END
     WHERE id = $1 AND state < 'active' RETURNING id`,
    [id, process, seconds],
  )
  return rows.length > 0
}

export async function touchOld(url: string, id: string): Promise<void> {
  await query(url, `UPDATE pgboss.job SET heartbeat_on = now() WHERE id = $1 AND state = 'active'`, [id])
}

export async function completeOld(url: string, id: string): Promise<void> {
  await query(
    url,
    `UPDATE pgboss.job SET state = 'completed', completed_on = now(), data = NULL WHERE id = $1 AND state = 'active'`,
    [id],
  )
}

/** It failed, and is tried again in a minute. */
export async function retryOld(url: string, id: string): Promise<void> {
  await query(
    url,
    `UPDATE pgboss.job SET state = 'retry', start_after = now() + interval '1 minute', heartbeat_on = NULL,
       output = '{"message": "a fault"}' WHERE id = $1 AND state = 'active'`,
    [id],
  )
}

/** It failed for good, with this reason. */
export async function buryOld(url: string, id: string, message: string): Promise<void> {
  await query(
    url,
    `WITH failed AS (DELETE FROM pgboss.job WHERE id = $1 AND name <> 'dead-letters' RETURNING *)
     INSERT INTO pgboss.job (name, singleton_key, data, retry_limit, keep_until, source_name, source_id, source_created_on,
       source_retry_count, source_output)
     SELECT dead_letter, singleton_key, data, 2, now() + interval '1 year', name, id, created_on, retry_count,
       jsonb_build_object('message', $2::text) FROM failed`,
    [id, message],
  )
}
