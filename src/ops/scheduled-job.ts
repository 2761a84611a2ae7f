import { setTimeout as sleep } from 'node:timers/promises'
import type { Cleanup } from './cleanup.ts'

/** The interval of the scheduled jobs, and the signal that stops them. */
export interface Schedule {
  everyMs: number
  cleanup: Cleanup
  log: { warn(fields: object, message: string): void }
  /** Called after each run, with the name of the job, and the error where it failed. */
  jobEnded?: ((name: string, error?: unknown) => void) | undefined
}

const ENDS_MS = 1_000

/**
 * Runs a job every `everyMs` milliseconds, for the first time once `first` resolves, where it is given. Runs of one job
 * do not overlap; one that fails is logged, and the job runs again.
 */
export function startScheduledJob(
  { everyMs, cleanup, log, jobEnded }: Schedule,
  name: string,
  job: (stopping: AbortSignal) => Promise<void>,
  { first }: { first?: Promise<void> } = {},
): void {
  const stopping = new AbortController()
  let running: Promise<void> | undefined
  const runOnce = async () => {
    let failure: unknown
    try {
      await job(stopping.signal)
    } catch (error) {
      failure = error
      if (!stopping.signal.aborted) log.warn({ err: error, job: name }, 'scheduled job: failed; it runs again')
    }
    running = undefined
    jobEnded?.(name, failure)
  }
  const run = () => void (running ??= runOnce())
  const timer = setInterval(run, everyMs)
  timer.unref()
  void first?.then(() => stopping.signal.aborted || run())
  cleanup.add(`scheduled job ${name}`, async () => {
    clearInterval(timer)
    stopping.abort()
    // A run that a slow store delays can be left: the next one does its work.
    await Promise.race([running, sleep(ENDS_MS, undefined, { ref: false })])
  })
}
