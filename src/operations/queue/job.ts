/** A job to enqueue. */
export interface QueuedJob<T> {
  id: string
  key: string
  /**
   * Fairness group, so that one party does not keep out another: `installation/repository/person`, or a prefix of it.
   */
  group?: string | undefined
  /** True for a job of somebody who is known to validate there: it is taken before others. */
  first?: boolean
  /** True for a job that is deduplicated: while an equal one waits and has not started, it is not stored. */
  joins?: boolean
  /**
   * Delay in milliseconds, by the database's clock. Until then the jobs of its key that are due go before it. Where it
   * joins, the earlier start of both counts.
   */
  delayMs?: number
  data: T
}

/** An active job of the table `jobs` that this process has taken. */
export interface ActiveJob<T> {
  id: string
  key: string
  group: string | null
  priority: number
  /** The number of failures so far. */
  retryCount: number
  /** True for a job that was in hand before: it failed, waited, was handed back, or its process died. */
  begun: boolean
  /** By this process's clock, whatever the database's says. */
  createdAt: Date
  data: T
}

/** The process that has taken jobs of a queue. */
export interface JobHolder {
  queue: string
  /** Undefined where processes have no id. */
  process: string | undefined
}

/**
 * A job as its handler gets it. `lastTry`: a failure now makes it a dead letter. `deadly`: it becomes a dead letter
 * whatever the outcome, because processes died of it; the handler has only to report that.
 */
export type Taken<T> = Pick<ActiveJob<T>, 'id' | 'key' | 'data'> & { lastTry: boolean; deadly: boolean }

export type Handler<T> = (job: Taken<T>) => Promise<void>

/** The outcomes of a job that is not done. */
export type NotDone = 'deferred' | 'retried' | 'dead'

export interface QueueLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** After this many failures the next is the last. */
export const RETRY_LIMIT = 12
/**
 * The longest time, in milliseconds, that a job waits for a store or for GitHub. GitHub redelivers for three days, an
 * Enterprise Server for seven.
 */
export const WEEK_MS = 7 * 24 * 3_600_000
