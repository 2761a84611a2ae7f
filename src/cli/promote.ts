import { say, sayJson } from './output.ts'
import { readTrustArguments, setTrust } from './trust.ts'
import type { Subcommand } from './subcommand.ts'

export const promote: Subcommand = {
  name: 'promote',
  usage: 'wasteland-bridge promote <login> --level 1|2|3 --reason <text> [--json]',
  summary: 'sets a trust level; lets a suspended rig in again',
  async run(args, context) {
    const given = readTrustArguments(args, promote.usage, true)
    const level = Number(given.level)
    const { login, rig } = await setTrust(context, given, level)
    if (given.json) sayJson({ login, rig, trustLevel: level })
    else say(`${login} is the rig ${rig}, trust level ${level}.`)
    return 0
  },
}
