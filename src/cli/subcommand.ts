import type { Config } from '../config.ts'
import type { createLog } from '../ops/log.ts'
import type { Logger } from 'pino'

/** The functions that a subcommand may use; `main.ts` passes them in. */
export interface CliContext {
  readConfig(env?: NodeJS.ProcessEnv): Config
  createLog: typeof createLog
  startBridge(config: Config, log: Logger, signal?: AbortSignal): Promise<{ url: string; stop(): Promise<void> }>
}

/** One subcommand of `wasteland-bridge`, in a file of its own name. Resolves to the exit code. */
export interface Subcommand {
  name: string
  usage: string
  summary: string
  run(args: readonly string[], context: CliContext): Promise<number>
}
