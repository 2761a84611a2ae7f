import { runCli } from './cli/run.ts'
import type { CliContext } from './cli/subcommand.ts'
import { type Config, readConfig } from './config.ts'
import { createLog } from './ops/log.ts'
import { loadPart } from './ops/load-part.ts'

let said = false

/** Says once what .env gave: whoever stands in a folder of somebody else's may not know that it has one. */
function readConfigAloud(env?: NodeJS.ProcessEnv): Config {
  const config = readConfig(env)
  if (!said && config.fromDotenv.length > 0)
    process.stderr.write(`Read from .env in this folder: ${config.fromDotenv.join(', ')}.\n`)
  said = true
  return config
}

/** The bridge is loaded for who runs it: a command beside it needs little of it. */
const startBridge: CliContext['startBridge'] = async (...given) => {
  const bridge = await loadPart('The bridge', () => import('./bridge.ts'))
  return bridge.startBridge(...given)
}

process.exitCode = await runCli(process.argv.slice(2), { readConfig: readConfigAloud, createLog, startBridge })
