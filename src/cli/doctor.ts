import { type Config, credentialsOf } from '../config.ts'
import { count } from '../domain/text.ts'
import { connectGitHub } from '../github/github.ts'
import { readPolicy } from '../reputation/policy.ts'
import { checkGitHub } from './doctor-github.ts'
import { checkMachine } from './doctor-machine.ts'
import { checkProxy } from './doctor-proxy.ts'
import { checkStores } from './doctor-stores.ts'
import { failed, type DoctorFinding, ok, warning } from './finding.ts'
import { readArguments } from './arguments.ts'
import { JSON_OPTION, say, sayJson } from './output.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

export const doctor: Subcommand = {
  name: 'doctor',
  usage: 'wasteland-bridge doctor [--json]',
  summary: 'looks at credentials, permissions, hook, proxy, settings, stores, clock and files, and says what to do',
  async run(args, context) {
    const { values } = readArguments(args, doctor.usage, JSON_OPTION)
    const { config, finding } = readEnvironment(context)
    const findings = [finding]
    if (config !== undefined) {
      findings.push(...checkProxy(config))
      findings.push(...(await checkApp(config, context)))
      findings.push(...(await checkStores(config)))
      findings.push(...(await checkMachine(config.dataDir)))
    }
    if (values.json) sayJson(findings)
    else say(`${findings.map(line).join('\n')}\n\n${summary(findings)}`)
    return has('wrong', findings) === 0 ? 0 : 1
  },
}

function has(state: DoctorFinding['state'], findings: readonly DoctorFinding[]): number {
  return findings.filter((finding) => finding.state === state).length
}

function summary(findings: readonly DoctorFinding[]): string {
  const [bad, doubtful] = [has('wrong', findings), has('warning', findings)]
  if (bad + doubtful === 0) return 'Nothing is wrong.'
  const warnings = doubtful === 0 ? [] : [count(doubtful, 'warning')]
  return `${[...(bad === 0 ? [] : [`${bad} wrong`]), ...warnings].join(', ')}.`
}

const PART_WIDTH = 14

function line({ state, part, says }: DoctorFinding): string {
  return `${state.padEnd(7)}  ${part.padEnd(PART_WIDTH)}  ${says}`
}

function readEnvironment({ readConfig }: CliContext): { config?: Config; finding: DoctorFinding } {
  try {
    const config = readConfig()
    readPolicy(config.policy)
    const { dataDir, fromDotenv, overridden } = config
    const beside = fromDotenv.length === 0 ? '' : ` From .env here: ${fromDotenv.join(', ')}.`
    if (overridden.length > 0)
      return {
        config,
        finding: warning(
          'environment',
          `${overridden.join(', ')} of the environment${fromDotenv.length === 0 ? '' : ' or .env'} goes before what set-up wrote into ${dataDir}/app.env, and is another. Unset what is not meant.${beside}`,
        ),
      }
    return { config, finding: ok('environment', `readable, with DATA_DIR ${dataDir}.${beside}`) }
  } catch (error) {
    return { finding: failed('environment', error) }
  }
}

async function checkApp(config: Config, { createLog }: CliContext): Promise<DoctorFinding[]> {
  try {
    const credentials = credentialsOf(config)
    if (credentials === undefined)
      return [warning('credentials', 'there is no APP_ID yet. npm start, then open /setup: it registers the App.')]
    const { GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol } = config
    return await checkGitHub(config, connectGitHub({ ...credentials, gheHost, gheProtocol, log: createLog('silent') }))
  } catch (error) {
    return [failed('credentials', error)]
  }
}
