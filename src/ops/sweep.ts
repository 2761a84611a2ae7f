import { setTimeout as sleep } from 'node:timers/promises'
import type { Cleanup } from './cleanup.ts'

/** What every sweep needs: how often it looks, and by whom it is ended. */
export interface Sweeps {
  everyMs: number
  cleanup: Cleanup
  log: { warn(fields: object, message: string): void }
  /** Called after each look, by what was looked at. */
  swept?: ((name: string) => void) | undefined
}

const ENDS_MS = 1_000

/** Looks every few minutes at what comes without an event. One look at a time; what fails is looked at again. */
export function startSweep(
  { everyMs, cleanup, log, swept }: Sweeps,
  name: string,
  sweep: (ending: AbortSignal) => Promise<void>,
  { atOnce = false } = {},
): void {
  const ending = new AbortController()
  let looking: Promise<void> | undefined
  const look = () => {
    looking ??= sweep(ending.signal)
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log.warn({ err: error, sweep: name }, 'sweep: could not look; tried again')
      })
      .finally(() => {
        looking = undefined
        swept?.(name)
      })
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  if (atOnce) look()
  cleanup.add(`sweep of ${name}`, async () => {
    clearInterval(timer)
    ending.abort()
    // Nothing of it is lost; one that a store holds up must not hold up the end.
    await Promise.race([looking, sleep(ENDS_MS, undefined, { ref: false })])
  })
}
