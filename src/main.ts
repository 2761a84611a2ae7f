import { startBridge } from './bridge.ts'
import { runCli } from './cli/run.ts'
import { readConfig } from './config.ts'
import { createLog } from './ops/log.ts'

process.exitCode = await runCli(process.argv.slice(2), { readConfig, createLog, startBridge })
