import { SUSPENDED } from '../authorization/trust.ts'
import { say, sayJson } from './output.ts'
import { readTrustArguments, setTrust } from './trust.ts'
import type { Subcommand } from './subcommand.ts'

export const suspend: Subcommand = {
  name: 'suspend',
  usage: 'wasteland-bridge suspend <login> --reason <text> [--json]',
  summary: 'ends somebody’s stamps and new work; earlier ones stay',
  async run(args, context) {
    const given = readTrustArguments(args, suspend.usage, false)
    const { login, rig } = await setTrust(context, given, SUSPENDED)
    if (given.json) sayJson({ login, rig, trustLevel: SUSPENDED })
    else say(`${login} is the rig ${rig}, suspended. promote lets it in again.`)
    return 0
  },
}
