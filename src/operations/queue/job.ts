/** A job as it is put. */
export interface QueuedJob<T> {
  id: string
  key: string
  /** Whose work it is, where one is not to keep out another: `installation/repository/person`, or the beginning of it. */
  group?: string | undefined
  /** True of somebody's who is known to validate there: it is taken before others'. */
  first?: boolean
  /** True of what need not be done twice: while the same waits and has not begun, it is not stored. */
  joins?: boolean
  data: T
}

/** A job of the table `jobs` that this process has in hand. */
export interface ActiveJob<T> {
  id: string
  key: string
  group: string | null
  priority: number
  /** How often it failed. */
  retryCount: number
  /** As this process's clock says it, whatever the database's says. */
  createdAt: Date
  data: T
}

/** Who has jobs of a queue in hand. */
export interface JobHolder {
  queue: string
  /** Undefined where no process names itself. */
  process: string | undefined
}

/**
 * A job as its handler gets it. `lastTry`: should it fail now, it is a dead letter. `deadly`: it is one whatever comes
 * of it, for processes died of it: all there is to do is to say so.
 */
export type Taken<T> = Pick<ActiveJob<T>, 'id' | 'key' | 'data'> & { lastTry: boolean; deadly: boolean }

export type Handler<T> = (job: Taken<T>) => Promise<void>

/** How a job ended that is not done. */
export type NotDone = 'deferred' | 'retried' | 'dead'

export interface QueueLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** After so many failures the next is the last. */
export const RETRY_LIMIT = 12
/** So long a job waits for a store or for GitHub. They redeliver for three days, an Enterprise Server for seven. */
export const WEEK_MS = 7 * 24 * 3_600_000
