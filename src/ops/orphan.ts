import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, type ProcessIdentity } from './process-identity.ts'
import { readIfThere, writePrivately } from './private-file.ts'
import type { ServerLog } from './log.ts'

/** The record of a running child, by which a later run can tell it from another process with the same pid. */
export type ProcessRecord = ProcessIdentity & { pid: number }

export function recordProcess(file: string, record: ProcessRecord): void {
  writePrivately(file, JSON.stringify(record))
}

export function removeProcessRecord(file: string): void {
  rmSync(file, { force: true })
}

type Ending = {
  recordFile: string
  name: string
  stopSignal?: NodeJS.Signals
  stopWithinMs?: number
  log: ServerLog
}

/**
 * Ends the server that a crashed run left behind. The caller must hold the lock of the data folder. A process is ended
 * only when pid, start time and command line all match the record: after a restart of the machine the pid may be any
 * process's.
 */
export async function endOrphan({
  recordFile,
  name,
  stopSignal = 'SIGTERM',
  stopWithinMs = 5_000,
  log,
}: Ending): Promise<void> {
  const record = readRecord(recordFile)
  if (record && isStill(record)) {
    log.warn({ pid: record.pid, server: name }, 'ending the server that a crashed run left behind')
    signal(record.pid, stopSignal)
    if (!(await isGone(record, stopWithinMs))) {
      signal(record.pid, 'SIGKILL')
      await isGone(record, 5_000)
    }
  }
  removeProcessRecord(recordFile)
}

/**
 * Whether the recorded process is there, and not another one with its pid. Of one that is ending, Linux shows no command
 * any more while its port and files are still open.
 */
function isStill(record: ProcessRecord): boolean {
  const now = identify(record.pid)
  return now !== undefined && now.startTime === record.startTime && ['', record.command].includes(now.command)
}

async function isGone(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs
  while (isStill(record)) {
    if (Date.now() > end) return false
    await sleep(10)
  }
  return true
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it ended in the meantime
  }
}

function readRecord(file: string): ProcessRecord | undefined {
  const text = readIfThere(file)
  if (!text) return undefined
  try {
    const { pid, startTime, command } = JSON.parse(text) as Partial<ProcessRecord>
    return pid && startTime && command ? { pid, startTime, command } : undefined
  } catch {
    return undefined // written whole or not at all, so somebody else's work: no ground to end anything
  }
}
