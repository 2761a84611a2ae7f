import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const EVERY_MS = 3_000
/** The share of time in which the event loop works, below which the process is idle, and above which it works. */
const IDLE = 0.03
const BUSY = 0.1

/**
 * Collects garbage once the process is idle after work, and gives the memory back to the system. By itself V8 keeps what
 * a start or a burst took, for as long as little is allocated. Its own `--optimize-for-size` would do it, too, but
 * doubles the CPU time of all work (2026-11-30).
 */
export function collectWhenIdle(everyMs = EVERY_MS): { stop(): void } {
  const collect = garbageCollector()
  let before = performance.eventLoopUtilization()
  let hasWorked = true
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization > BUSY) hasWorked = true
    if (!hasWorked || utilization > IDLE) return
    hasWorked = false
    collect()
    // The collection itself is no work.
    before = performance.eventLoopUtilization()
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** V8's own collector, which Node shows only with a flag. It drops no compiled code: the next job needs it. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as NodeJS.GCFunction
  setFlagsFromString('--no-expose-gc')
  return () => {
    setFlagsFromString('--no-flush-bytecode')
    gc({ type: 'major', flavor: 'last-resort' })
    setFlagsFromString('--flush-bytecode')
  }
}
