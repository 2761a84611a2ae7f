/** What tests read of the queue's tables, and what they change in them. `ask` runs SQL on the operations store. */
// oxlint-disable-next-line typescript/no-explicit-any -- rows of any table
type Row = Record<string, any>
type Ask = (query: string, values?: unknown[]) => Promise<Row[]>

const UNFINISHED = `state IN ('created', 'retry', 'active')`
const QUEUES = ['deliveries', 'imports']

/** How many jobs of these queues wait or are in hand. */
export async function countUnfinished(ask: Ask, queues: readonly string[] = QUEUES): Promise<number> {
  const [row] = await ask(`SELECT count(*)::int AS n FROM jobs WHERE queue IN (${list(queues)}) AND ${UNFINISHED}`)
  return Number(row!['n'])
}

/** The same, without what waits for a time to come. */
export async function countDue(ask: Ask, queue: string): Promise<number> {
  const [row] = await ask(
    `SELECT count(*)::int AS n FROM jobs WHERE queue = ${list([queue])} AND ${UNFINISHED} AND start_after <= now()`,
  )
  return Number(row!['n'])
}

/** Those that are out of their line until a time to come. */
export async function countPostponed(ask: Ask, queue: string): Promise<number> {
  const [row] = await ask(
    `SELECT count(*)::int AS n FROM jobs WHERE queue = ${list([queue])} AND state = 'created' AND start_after > now()`,
  )
  return Number(row!['n'])
}

/** A few of the jobs that wait or are in hand, with all that is to be known of them. */
export function unfinishedJobs(ask: Ask, queues: readonly string[] = QUEUES): Promise<Row[]> {
  return ask(
    `SELECT queue, id, key, group_key, state, priority, retry_count, created_at, start_after, heartbeat_at, now(),
       process, error, left(data::text, 300) AS data
     FROM jobs WHERE queue IN (${list(queues)}) AND ${UNFINISHED} ORDER BY sequence LIMIT 20`,
  )
}

/** Every job and dead letter that is known, by its id; a dead letter's state is `failed`. */
export function knownJobs(ask: Ask): Promise<Row[]> {
  return ask(`SELECT id::text, queue, state FROM jobs UNION ALL SELECT job_id::text, queue, 'failed' FROM dead_letters`)
}

export function deadLetters(ask: Ask): Promise<Row[]> {
  return ask('SELECT queue, job_id, key, error, data FROM dead_letters ORDER BY failed_at, id')
}

/** How often the job failed that failed most often. */
export async function mostFailures(ask: Ask, queue?: string): Promise<number> {
  const of = queue === undefined ? '' : `WHERE queue = ${list([queue])}`
  const [row] = await ask(`SELECT coalesce(max(retry_count), 0)::int AS n FROM jobs ${of}`)
  return Number(row!['n'])
}

/** What waits for a time to come is due now. */
export async function makeDue(ask: Ask): Promise<void> {
  await ask(`UPDATE jobs SET start_after = now() WHERE start_after > now() AND state IN ('created', 'retry')`)
}

/** The queue has never heard of this job, or of anything; dead letters stay to be seen. */
export async function forgetJobs(ask: Ask, id?: string): Promise<void> {
  await (id === undefined ? ask('DELETE FROM jobs') : ask('DELETE FROM jobs WHERE id = $1', [id]))
}

/** As if the processes that have jobs in hand had been gone for a minute. */
export async function ageHeartbeats(ask: Ask): Promise<void> {
  await ask(`UPDATE jobs SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE state = 'active'`)
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')
}
