import { Worker } from 'node:worker_threads'

/**
 * Timeout in milliseconds: a thread that is blocked for this long does not recover; no honest work of ours takes a
 * tenth of it.
 */
const BLOCKED_MS = 30_000

/**
 * Kills this process when its main thread is blocked: nothing else would, for a blocked thread neither answers
 * `/healthz` nor fails. The process's supervisor starts it again, and the death is counted for its active jobs
 * (operations/queue/job-deaths.ts). A machine that sleeps, or a suspended process, stops both threads: the watchdog
 * counts only time in which it was awake.
 */
export function startWatchdog(blockedMs: number = BLOCKED_MS): { stop(): Promise<void> } {
  const beat = new Int32Array(new SharedArrayBuffer(4))
  const everyMs = Math.max(20, Math.floor(blockedMs / 30))
  const beats = setInterval(() => Atomics.add(beat, 0, 1), everyMs)
  beats.unref()
  const worker = new Worker(WATCH, { eval: true, workerData: { beat, everyMs, most: Math.ceil(blockedMs / everyMs) } })
  worker.unref()
  return {
    async stop() {
      clearInterval(beats)
      await worker.terminate()
    },
  }
}

// Source text, because a worker has none of our loader's flags. It must not ask the main thread for anything, which may
// be blocked.
const WATCH = `
const { workerData: { beat, everyMs, most } } = require('node:worker_threads')
const { writeSync } = require('node:fs')
let last = -1
let missed = 0
setInterval(() => {
  const now = Atomics.load(beat, 0)
  missed = now === last ? missed + 1 : 0
  last = now
  if (missed < most || require('node:inspector').url() !== undefined) return
  const seconds = Math.round(most * everyMs / 1000)
  try {
    writeSync(2, JSON.stringify({ level: 60, msg: 'the main thread stood still, so this process is killed', seconds }) + '\\n')
  } catch {}
  process.kill(process.pid, 'SIGKILL')
}, everyMs)
`
