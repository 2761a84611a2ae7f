import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLog } from './log-file.ts'
import { recordProcess } from './orphan.ts'
import { commandLine, identify } from './process-identity.ts'
import type { ServerLog } from './log.ts'

export type ServerSpec = {
  /** The program's name in logs and sentences: "Dolt". */
  name: string
  command: string
  args: string[]
  /** The whole environment of the child; nothing is inherited. */
  env: Record<string, string>
  cwd: string
  /** Another user to run it as, when we are root. */
  user?: { uid: number; gid: number }
  logFile: string
  /** The file that records pid, start time and command line for the next run. */
  recordFile: string
  /**
   * Readiness check, called every 20 ms after a start until it resolves to true. When it throws, waiting is pointless:
   * the start fails with its error.
   */
  isReady: () => Promise<boolean>
  readyWithinMs?: number
  stopSignal?: NodeJS.Signals
  stopWithinMs?: number
  log: ServerLog
}

/** The specification with default limits. */
export type WholeSpec = Required<Omit<ServerSpec, 'user'>> & Pick<ServerSpec, 'user'>
export type Launched = { child: ChildProcess; died: Promise<string>; logFrom: number }

// The child waits for a line on its stdin before it becomes the server. So its pid is on record before it opens
// anything, and if we are killed in between, it ends at the end of the pipe.
const WAIT_THEN_EXEC = 'read -r go || exit 1; exec "$@" </dev/null'

/** Starts the program; `died` settles with the way it ended, in words. Throws when its pid could not be recorded. */
export function launch(spec: WholeSpec): Launched {
  const descriptor = openLog(spec.logFile)
  const logFrom = statSync(spec.logFile).size
  const child = spawn('/bin/sh', ['-c', WAIT_THEN_EXEC, 'sh', spec.command, ...spec.args], {
    cwd: spec.cwd,
    env: spec.env,
    stdio: ['pipe', descriptor, descriptor],
    detached: true, // Ctrl-C goes to the whole process group, and we want to drain before the server ends
    ...spec.user,
  })
  closeSync(descriptor)
  const died = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`))
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`))
  })
  child.stdin?.on('error', () => {}) // it may be gone before it reads
  try {
    noteAndRelease(spec, child)
  } catch (error) {
    child.kill('SIGKILL') // it still waits for its line
    throw error
  }
  return { child, died, logFrom }
}

function noteAndRelease(spec: WholeSpec, child: ChildProcess): void {
  const startTime = child.pid === undefined ? undefined : identify(child.pid)?.startTime
  if (child.pid === undefined || !startTime) return void child.stdin?.end() // never ran, `died` tells why
  recordProcess(spec.recordFile, { pid: child.pid, startTime, command: commandLine([spec.command, ...spec.args]) })
  child.stdin?.end('go\n')
}

export const READY = 'ready'

/** Waits until the server is ready; resolves to READY, or to what went wrong in words. */
export async function untilReady(spec: WholeSpec, { child, died }: Launched): Promise<string> {
  const end = Date.now() + spec.readyWithinMs
  while (Date.now() < end && isRunning(child)) {
    if (await spec.isReady()) return READY
    await sleep(20)
  }
  if (!isRunning(child)) return died
  return `was not ready within ${spec.readyWithinMs / 1000} seconds`
}

/** Sends the stop signal, and SIGKILL after the timeout. */
export async function endChild(spec: WholeSpec, { child, died }: Launched): Promise<void> {
  if (!isRunning(child)) return
  child.kill(spec.stopSignal)
  const timer = setTimeout(() => {
    spec.log.warn({ server: spec.name }, 'server did not stop in time, killing it')
    child.kill('SIGKILL')
  }, spec.stopWithinMs)
  await died
  clearTimeout(timer)
}

export function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}
