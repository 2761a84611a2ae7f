import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { withTimeout } from './retry.ts'
import type { Readiness } from './readiness.ts'

/** The outcome of a command: it had its effect, was refused, waits for a store or GitHub, or failed by our fault. */
export type CommandOutcome = 'done' | 'refused' | 'deferred' | 'failed'
/** The outcome of a job that is not done: it waits for a store or GitHub, will be retried, or is a dead letter. */
export type JobResult = 'deferred' | 'retried' | 'dead'

/** The rest of one of GitHub's rate limits, for the App itself or for the installation that has least left. */
export interface LimitLeft {
  account: 'app' | 'installation'
  resource: string
  left: number
  of: number
}

/** The state of a queue in the operations store. `oldestSeconds`: the age of the oldest waiting job, 0 without one. */
export interface StoredJobs {
  queue: string
  waiting: number
  oldestSeconds: number
  deadLetters: number
}

/** Values that are read when metrics are collected. Parts that have not started yet are left out. */
export interface MetricSources {
  readiness: Readiness
  stored?: () => Promise<readonly StoredJobs[]>
  inHand?: () => Readonly<Record<string, number>>
  transactionsWaiting?: () => number
  limits?: () => readonly LimitLeft[]
}

/** The metrics of one bridge. Label values are only the words given here. */
export interface Metrics {
  /** Counts a delivery by the status of our answer; an event that is none of GitHub's counts as `other`. */
  delivered(event: string, status: number): void
  /** Counts a command by its name in the registry; any other counts as `unknown`. */
  commanded(command: string, result: CommandOutcome): void
  jobEnded(queue: string, result: JobResult): void
  /** Counts a batch of the writer, with its number of Dolt commits. */
  wrote(batch: { transactions: number; commits: number; seconds: number }): void
  /** The metrics in Prometheus' text format. Those of a store that is away are left out. */
  text(): Promise<string>
  /** The content type of `text`. */
  type: string
}

/** Timeout of a store for its metrics: Prometheus gives up after ten seconds. */
const STORE_MS = 2_000

const NAME = 'wasteland_bridge'
const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500]
const COMMIT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createMetrics(
  known: { events: ReadonlySet<string>; commands: ReadonlySet<string>; queues: readonly string[] },
  sources: () => MetricSources,
): Metrics {
  const registry = new Registry()
  const instruments = { ...createCounters(registry), ...createGauges(registry) }
  const { deliveries, commands, retries, failed, commits, batchTransactions, commitSeconds } = instruments
  // Initialized to 0, or Prometheus would not see the first failure as an increase.
  for (const queue of known.queues) failed.inc({ queue }, 0)
  const readAll = async () => {
    await read(instruments, sources())
    return registry.metrics()
  }
  let reading: Promise<string> | undefined
  return {
    delivered: (event, status) =>
      deliveries.inc({ event: known.events.has(event) ? event : 'other', status: String(status) }),
    commanded: (command, result) =>
      commands.inc({ command: known.commands.has(command) ? command : 'unknown', result }),
    jobEnded: (queue, result) => (result === 'dead' ? failed.inc({ queue }) : retries.inc({ queue, reason: result })),
    wrote(batch) {
      batchTransactions.observe(batch.transactions)
      if (batch.commits === 0) return
      commits.inc(batch.commits)
      commitSeconds.observe(batch.seconds)
    },
    // Concurrent scrapes share one collection.
    text: () => (reading ??= readAll().finally(() => (reading = undefined))),
    type: registry.contentType,
  }
}

type Instruments = ReturnType<typeof createCounters> & ReturnType<typeof createGauges>

function named(name: string): string {
  return `${NAME}_${name}`
}

/** Counters and histograms, updated as things happen. */
function createCounters(registry: Registry) {
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name: named(name), help, labelNames, registers: [registry] })
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: named(name), help, buckets, registers: [registry] })
  return {
    deliveries: counter(
      'deliveries_total',
      'Webhook deliveries that came in, by GitHub event and by our answer; 202 is stored.',
      ['event', 'status'],
    ),
    commands: counter('commands_total', 'Slash commands that ran, by what they came to; a repeat counts again.', [
      'command',
      'result',
    ]),
    retries: counter(
      'job_retries_total',
      'Jobs put back to come again: after a fault (retried), or as a store or GitHub was away (deferred).',
      ['queue', 'reason'],
    ),
    failed: counter('jobs_failed_total', 'Jobs of this process that went to the dead letters.', ['queue']),
    commits: counter('ledger_commits_total', 'Dolt commits that the writer made.'),
    batchTransactions: histogram('ledger_batch_turns', 'Transactions that the writer took at once.', BATCH_SIZES),
    commitSeconds: histogram(
      'ledger_commit_seconds',
      'Seconds that a batch with a Dolt commit took, from its transaction’s start to its end.',
      COMMIT_SECONDS,
    ),
  }
}

/** Gauges, set when metrics are collected. */
function createGauges(registry: Registry) {
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Gauge({ name: named(name), help, labelNames, registers: [registry] })
  return {
    ready: gauge('ready', 'Whether a part is ready, as /readyz says: 1 or 0.', ['part']),
    waiting: gauge('jobs_waiting', 'Jobs that wait in a queue, for all replicas.', ['queue']),
    oldest: gauge('oldest_job_age_seconds', 'Age of the oldest job that waits in a queue; 0 without one.', ['queue']),
    deadLetters: gauge('dead_letters', 'Jobs of a queue that lie in the dead letters, for all replicas.', ['queue']),
    inHand: gauge('jobs_in_hand', 'Jobs that this process is working on.', ['queue']),
    waitingTransactions: gauge('ledger_turns_waiting', 'Transactions in the write queue of the ledger.'),
    left: gauge(
      'github_rate_limit_remaining',
      'What GitHub last said is left of a limit: of the App, and of the installation with least left.',
      ['account', 'resource'],
    ),
    limit: gauge('github_rate_limit', 'The limit that github_rate_limit_remaining counts down from.', [
      'account',
      'resource',
    ]),
  }
}

async function readStored({ waiting, oldest, deadLetters }: Instruments, stored: MetricSources['stored']) {
  const now = stored && (await withTimeout(STORE_MS, stored(), 'late').catch(() => undefined))
  for (const each of [waiting, oldest, deadLetters]) each.reset()
  for (const { queue, ...jobs } of now ?? []) {
    waiting.set({ queue }, jobs.waiting)
    oldest.set({ queue }, jobs.oldestSeconds)
    deadLetters.set({ queue }, jobs.deadLetters)
  }
}

async function read(instruments: Instruments, { readiness, stored, ...here }: MetricSources) {
  const { ready, left, limit, inHand, waitingTransactions } = instruments
  const [parts] = await Promise.all([readiness(), readStored(instruments, stored)])
  for (const each of [ready, left, limit]) each.reset()
  for (const [part, wrong] of parts) ready.set({ part }, wrong === undefined ? 1 : 0)
  for (const [queue, jobs] of Object.entries(here.inHand?.() ?? {})) inHand.set({ queue }, jobs)
  waitingTransactions.set(here.transactionsWaiting?.() ?? 0)
  for (const { account, resource, ...now } of here.limits?.() ?? []) {
    left.set({ account, resource }, now.left)
    limit.set({ account, resource }, now.of)
  }
}
