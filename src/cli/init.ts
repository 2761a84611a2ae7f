import { parseArgs } from 'node:util'
import { connectAnonymously } from '../github/github.ts'
import { UserError } from '../domain/errors.ts'
import { BRIDGE_AUTHOR, commitAuthor, type Account } from '../domain/rig.ts'
import { oneLine } from '../domain/text.ts'
import { readMeta, writeMeta } from '../ledger/tables/commons.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findRigOf, registerRig } from '../ledger/tables/rigs.ts'
import { setTrustAsOperator } from '../services/trust.ts'
import { notUnderstood } from './arguments.ts'
import { type FromLabel, postFromLabel } from './from-label.ts'
import { upgradeSchema } from './upgrade-schema.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

const MAINTAINER = 3

export const init: Subcommand = {
  name: 'init',
  usage:
    'wasteland-bridge init [--name <name>] [--maintainer <login>] [--upgrade [--yes]] [--from-label <label> --repo <owner/repo> [--by <login>] [--yes]]',
  summary:
    'names the wasteland, grants its first trust level 3, adds what a commons made elsewhere lacks, posts the issues of a label',
  async run(args, context) {
    const { name, maintainer, upgrade, fromLabel } = readArguments(args)
    if (upgrade !== undefined) {
      const code = await upgradeSchema(context, upgrade.yes)
      if (code !== 0) return code
    }
    if (name !== undefined || maintainer !== undefined) await begin(context, name, maintainer)
    return fromLabel === undefined ? 0 : postFromLabel(context, fromLabel)
  },
}

async function begin({ readConfig, createLog }: CliContext, name: string | undefined, maintainer: string | undefined) {
  const config = readConfig()
  const github = connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL })
  const account = maintainer === undefined ? undefined : await github.getAccount(maintainer)
  if (maintainer !== undefined && account?.type !== 'User') {
    throw new UserError(`GitHub knows no person with the login ${maintainer.slice(0, 40)}. Check its spelling.`)
  }
  const { ledger, host, close } = await openLedgerForCommand(config, createLog('warn'))
  try {
    if (name !== undefined) await nameWasteland(ledger, name)
    if (account !== undefined) await grant(ledger, host, account)
  } finally {
    await close()
  }
}

function readArguments(args: readonly string[]): {
  name: string | undefined
  maintainer: string | undefined
  upgrade: { yes: boolean } | undefined
  fromLabel: FromLabel | undefined
} {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: 'string' },
        maintainer: { type: 'string' },
        'from-label': { type: 'string' },
        repo: { type: 'string' },
        by: { type: 'string' },
        upgrade: { type: 'boolean' },
        yes: { type: 'boolean' },
      },
    })
    const fromLabel = readFromLabel(values)
    const name = values.name === undefined ? undefined : oneLine(values.name, 100)
    const upgrade = values.upgrade === true ? { yes: values.yes === true } : undefined
    if (name === undefined && values.maintainer === undefined && upgrade === undefined && fromLabel === undefined)
      throw new Error('nothing to do')
    if (name === '') throw new Error('an empty name')
    return { name, maintainer: values.maintainer?.replace(/^@/, ''), upgrade, fromLabel }
  } catch (error) {
    throw notUnderstood(init.usage, (error as Error).message)
  }
}

function readFromLabel(values: {
  'from-label'?: string
  repo?: string
  by?: string
  maintainer?: string
  upgrade?: boolean
  yes?: boolean
}): FromLabel | undefined {
  const { 'from-label': label, repo, yes = false, by = values.maintainer } = values
  if (label === undefined) {
    if (repo ?? values.by) throw new Error('--repo and --by go with --from-label')
    if (values.yes && values.upgrade !== true) throw new Error('--yes goes with --from-label or --upgrade')
    return undefined
  }
  if (label.trim() === '') throw new Error('an empty label')
  if (repo === undefined) throw new Error('--from-label takes --repo owner/repo')
  if (by === undefined) throw new Error('say by --by <login> whose items they will be')
  return { label, repo, by, yes }
}

async function nameWasteland(ledger: Ledger, name: string) {
  const { value: was } = await ledger.transact(async (db) => {
    const before = await readMeta(db.sql, 'wasteland_name')
    if (before === name) return { value: before }
    await writeMeta(db.sql, 'wasteland_name', name)
    return { value: before, commit: { author: BRIDGE_AUTHOR, subject: `Name the wasteland: ${name}`, trailers: {} } }
  })
  process.stdout.write(was === name ? `The wasteland is named ${name} already.\n` : `The wasteland is named ${name}.\n`)
}

/** Registers the person where needed and raises them, each in a Dolt commit of its own. */
async function grant(ledger: Ledger, host: string, account: Account) {
  await ledger.transact(async (db) => {
    if ((await findRigOf(db, host, account)) !== undefined) return { value: undefined }
    const rig = await registerRig(db, host, account, new Date().toISOString())
    return {
      value: undefined,
      commit: { author: commitAuthor(account), subject: `Register rig: ${rig.handle}`, trailers: {} },
    }
  })
  const rig = (await ledger.read((db) => findRigOf(db, host, account)))!
  // A foreign ledger may know higher levels.
  if (rig.trustLevel < MAINTAINER) await setTrustAsOperator({ ledger, host }, account, { level: MAINTAINER })
  process.stdout.write(
    `${account.login} is the rig ${rig.handle}, trust level ${MAINTAINER}, and may stamp in every admitted repository.\n`,
  )
}
