import { readFileSync } from 'node:fs'
import { runCli } from '../../src/cli/run.ts'
import { readConfig } from '../../src/config.ts'
import { startBridge } from '../../src/bridge.ts'
import { createLog } from '../../src/ops/log.ts'

const aheadFile = process.argv[2]!
const clock = { now: () => new Date(Date.now() + Number(readFileSync(aheadFile, 'utf8'))), pollIntervalMs: 200 }
process.exitCode = await runCli(['serve'], {
  readConfig,
  createLog,
  startBridge: (config, log, signal) => startBridge(config, log, signal, clock),
})
