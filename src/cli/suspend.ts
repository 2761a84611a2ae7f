import { SUSPENDED } from '../authorization/trust.ts'
import { readTrustArguments, setTrust } from './trust.ts'
import type { Subcommand } from './subcommand.ts'

export const suspend: Subcommand = {
  name: 'suspend',
  usage: 'wasteland-bridge suspend <login> --reason <text>',
  summary: 'ends somebody’s stamps and new work; earlier ones stay',
  async run(args, context) {
    const given = readTrustArguments(args, suspend.usage, false)
    const handle = await setTrust(context, given, SUSPENDED)
    process.stdout.write(`${given.login} is the rig ${handle}, suspended. promote lets it in again.\n`)
    return 0
  },
}
