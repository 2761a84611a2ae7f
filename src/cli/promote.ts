import { readTrustArguments, setTrust } from './trust.ts'
import type { Subcommand } from './subcommand.ts'

export const promote: Subcommand = {
  name: 'promote',
  usage: 'wasteland-bridge promote <login> --level 1|2|3 --reason <text>',
  summary: 'sets a trust level; lets a suspended rig in again',
  async run(args, context) {
    const given = readTrustArguments(args, promote.usage, true)
    const level = Number(given.level)
    const handle = await setTrust(context, given, level)
    process.stdout.write(`${given.login} is the rig ${handle}, trust level ${level}.\n`)
    return 0
  },
}
