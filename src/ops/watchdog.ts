import { Worker } from 'node:worker_threads'

/** A thread that stands still for so long does not come back by itself; no honest work of ours takes a tenth of it. */
const BLOCKED_MS = 30_000

/**
 * Kills this process when its main thread stands still: nothing else would, for a blocked thread neither answers
 * `/healthz` nor fails. Whatever supervises the process starts it again, and the deaths of what it had in hand are
 * counted (operations/queue/job-deaths.ts). A machine that sleeps, or a process that was stopped, stops both threads: the
 * other counts what it was awake for.
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

// Source, as a worker has none of our loader's flags. It must not ask the main thread for anything: that one is stuck.
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
