import { type Config, credentialsOf } from '../config.ts'
import { connectGitHub } from '../github/github.ts'
import { readPolicy } from '../reputation/policy.ts'
import { lookAtGitHub } from './doctor-github.ts'
import { lookAtMachine } from './doctor-machine.ts'
import { lookAtProxy } from './doctor-proxy.ts'
import { lookAtStores } from './doctor-stores.ts'
import { failed, type Finding, ok, warning } from './finding.ts'
import type { CliContext, Subcommand } from './run.ts'

export const doctor: Subcommand = {
  name: 'doctor',
  usage: 'wasteland-bridge doctor',
  summary: 'looks at credentials, permissions, hook, proxy, settings, stores, clock and files, and says what to do',
  async run(_args, context) {
    const { config, finding } = readEnvironment(context)
    const findings = [finding]
    if (config !== undefined) {
      findings.push(...lookAtProxy(config))
      findings.push(...(await lookAtApp(config, context)))
      findings.push(...(await lookAtStores(config)))
      findings.push(...(await lookAtMachine(config.dataDir)))
    }
    process.stdout.write(`${findings.map(line).join('\n')}\n`)
    const bad = findings.filter(({ state }) => state === 'wrong').length
    process.stdout.write(bad === 0 ? '\nNothing is wrong.\n' : `\n${bad} wrong.\n`)
    return bad === 0 ? 0 : 1
  },
}

const PART_WIDTH = 14

function line({ state, part, says }: Finding): string {
  return `${state.padEnd(7)}  ${part.padEnd(PART_WIDTH)}  ${says}`
}

function readEnvironment({ readConfig }: CliContext): { config?: Config; finding: Finding } {
  try {
    const config = readConfig()
    readPolicy(config.policy)
    return { config, finding: ok('environment', `readable, with DATA_DIR ${config.dataDir}.`) }
  } catch (error) {
    return { finding: failed('environment', error) }
  }
}

async function lookAtApp(config: Config, { createLog }: CliContext): Promise<Finding[]> {
  try {
    const credentials = credentialsOf(config)
    if (credentials === undefined)
      return [warning('credentials', 'there is no APP_ID yet. npm start, then open /setup: it registers the App.')]
    const { GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol } = config
    return await lookAtGitHub(config, connectGitHub({ ...credentials, gheHost, gheProtocol, log: createLog('silent') }))
  } catch (error) {
    return [failed('credentials', error)]
  }
}
