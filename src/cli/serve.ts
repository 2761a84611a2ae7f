import { collectWhenIdle } from '../ops/idle-collection.ts'
import { startWatchdog } from '../ops/watchdog.ts'
import { refuseArguments } from './arguments.ts'
import type { Subcommand } from './subcommand.ts'

const HARD_STOP_MS = 9_500

export const serve: Subcommand = {
  name: 'serve',
  usage: 'wasteland-bridge serve',
  summary: 'runs the App (npm start)',
  async run(args, { readConfig, createLog, startBridge }) {
    refuseArguments(args, serve.usage)
    const config = readConfig()
    const log = createLog(config.LOG_LEVEL)
    const ending = new AbortController()
    const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()))
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort())
    // A process that hangs must not outlive the ten seconds that an operator's supervisor gives.
    ending.signal.addEventListener('abort', () => setTimeout(() => process.exit(1), HARD_STOP_MS).unref())
    startWatchdog()
    try {
      const bridge = await startBridge(config, log, ending.signal)
      collectWhenIdle()
      await ended
      log.info('ending')
      await bridge.stop()
    } catch (error) {
      // A signal to end before the start was complete is no fault.
      if (!ending.signal.aborted) throw error
    }
    log.info('ended')
    // A request of a job that was handed back may still wait for its answer, and would keep the process alive.
    process.exit(0)
  },
}
