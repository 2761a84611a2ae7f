import { setTimeout as sleep } from 'node:timers/promises'
import {
  endChild,
  isRunning,
  launch,
  READY,
  untilReady,
  type Launched,
  type ServerSpec,
  type WholeSpec,
} from './child-process.ts'
import { tailOf } from './log-file.ts'
import { removeProcessRecord } from './orphan.ts'

export type { ServerSpec } from './child-process.ts'
export type { ServerLog } from './log.ts'

/**
 * starting ─▶ ready ─▶ restarting ─▶ ready …      died: started again after 50 ms, 100 ms … 10 s
 *                          └▶ failing ─▶ ready    five deaths within a minute: still tried, at most 10 s apart
 * any ─▶ stopped                                  by stop()
 */
export type ServerState = 'starting' | 'ready' | 'restarting' | 'failing' | 'stopped'

export type ChildServer = {
  state: () => ServerState
  healthy: () => boolean
  /** The running process, if there is one. */
  pid: () => number | undefined
  /** Ends the server: the stop signal, then SIGKILL after the timeout. Safe to call twice. */
  stop: () => Promise<void>
}

/** The first start failed. `output` is the end of the server's output. */
export class ServerFailed extends Error {
  override name = 'ServerFailed'
  readonly output: string
  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

const FIRST_TRIES = 3
const MINUTE = 60_000

/**
 * Starts a server, resolves once it is ready and keeps it running until `stop()`.
 * Call `endOrphan` before: it may hold the port and the files.
 *
 * @throws {ServerFailed} when the server does not get ready in three tries
 */
export async function startChildServer(given: ServerSpec): Promise<ChildServer> {
  const spec: WholeSpec = {
    readyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    ...given,
  }
  const { log, name } = spec

  let state: ServerState = 'starting'
  let running: Launched | undefined
  const stopping = new AbortController()
  const deaths: number[] = []

  // A last resort for process.exit() and uncaught errors. Where nothing runs at all (SIGKILL), the record helps.
  const onExit = () => void running?.child.kill(spec.stopSignal)
  process.on('exit', onExit)

  const bringUp = () => launchUntilReady(spec, (launched) => void (running = launched))

  const relaunch = async () => {
    while (!stopping.signal.aborted) {
      const recent = deaths.filter((time) => time > Date.now() - MINUTE).length
      state = recent >= 5 ? 'failing' : 'restarting'
      const waitMs = Math.min(50 * 2 ** (recent - 1), 10_000)
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      try {
        await bringUp()
        return
      } catch (error) {
        deaths.push(Date.now())
        log.error({ err: error, server: name }, 'server did not come back, trying again')
      }
    }
  }

  const watch = async () => {
    while (!stopping.signal.aborted && running) {
      state = 'ready'
      const how = await running.died
      if (stopping.signal.aborted) return
      deaths.push(Date.now())
      log.warn({ server: name, how }, 'server died, starting it again')
      await relaunch()
    }
  }

  const stop = async () => {
    stopping.abort()
    state = 'stopped'
    if (running) await endChild(spec, running)
    process.off('exit', onExit)
    removeProcessRecord(spec.recordFile)
  }

  try {
    await retryBringUp(bringUp)
  } catch (error) {
    await stop()
    throw error
  }
  const watching = watch()
  log.info({ server: name, pid: running?.child.pid }, 'server is ready')
  return {
    state: () => state,
    healthy: () => state === 'ready',
    pid: () => (running && isRunning(running.child) ? running.child.pid : undefined),
    async stop() {
      await stop()
      await watching
      if (running) await endChild(spec, running) // a relaunch may have been under way
      removeProcessRecord(spec.recordFile)
    },
  }
}

/**
 * One launch; a process that does not get ready is killed. `onLaunch` is called with the process at once, so that it
 * can be ended.
 */
async function launchUntilReady(spec: WholeSpec, onLaunch: (launched: Launched) => void): Promise<void> {
  const launched = launch(spec)
  onLaunch(launched)
  const { child, died, logFrom } = launched
  const outcome = await untilReady(spec, launched).catch((error: unknown) => asError(error))
  if (outcome === READY) return
  child.kill('SIGKILL')
  await died
  if (outcome instanceof Error) throw outcome
  throw new ServerFailed(`${spec.name} ${outcome}; its log is ${spec.logFile}.`, tailOf(spec.logFile, logFrom))
}

/**
 * Retries a start: the reason for a failure may be temporary, such as a port taken a moment ago, or an old child that
 * still frees memory.
 */
async function retryBringUp(bringUp: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await bringUp()
    } catch (error) {
      if (tries === FIRST_TRIES || !(error instanceof ServerFailed)) throw error
      await sleep(200 * tries)
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
