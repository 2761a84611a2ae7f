import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { Unavailable, UserError } from '../domain/errors.ts'
import { GitHubRefused } from '../github/errors.ts'
import type { createLog } from '../ops/log.ts'
import { SUBCOMMANDS } from './registry.ts'

/** What a subcommand may use; `main.ts` hands it in. */
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

/** Runs a subcommand; what its user can mend is said in one line on standard error. Resolves to the exit code. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === 'help' || name === '--help' || name === '-h') return usage(0)
  const subcommand = SUBCOMMANDS.find((known) => known.name === name)
  if (subcommand === undefined) {
    process.stderr.write(`There is no subcommand ${name.slice(0, 40)}.\n`)
    return usage(2)
  }
  if (rest.includes('--help')) {
    process.stdout.write(`${subcommand.usage}\n  ${subcommand.summary}\n`)
    return 0
  }
  try {
    return await subcommand.run(rest, context)
  } catch (error) {
    const said = inWords(error)
    if (said === undefined) throw error
    process.stderr.write(`${said}\n`)
    return 1
  }
}

/** What the person at the terminal can do something about; undefined for a fault of ours. */
function inWords(error: unknown): string | undefined {
  if (error instanceof UserError) return error.message
  if (error instanceof Unavailable) return `Not done: ${error.message}. Check the address and try again.`
  if (error instanceof GitHubRefused)
    return `Not done: ${error.message}, which is a refusal. Check the App’s permissions and the name given.`
  return undefined
}

function usage(code: number): number {
  const width = Math.max(...SUBCOMMANDS.map((one) => one.usage.length))
  const lines = SUBCOMMANDS.map((one) => `  ${one.usage.padEnd(width)}  ${one.summary}`)
  ;(code === 0 ? process.stdout : process.stderr).write(`Usage:\n${lines.join('\n')}\n`)
  return code
}
