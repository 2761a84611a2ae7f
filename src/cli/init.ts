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
import { type FromLabel, postFromLabel, type PostedFromLabel } from './from-label.ts'
import { JSON_OPTION, logToStderr, printerFor, sayJson } from './output.ts'
import { type SchemaUpgrade, upgradeSchema } from './upgrade-schema.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

const MAINTAINER = 3

export const init: Subcommand = {
  name: 'init',
  usage:
    'wasteland-bridge init [--name <name>] [--maintainer <login>] [--upgrade [--yes]] [--from-label <label> --repo <owner/repo> [--by <login>] [--yes]] [--json]',
  summary:
    'names the wasteland, grants its first trust level 3, adds what a commons made elsewhere lacks, posts the issues of a label',
  async run(args, given) {
    const { name, maintainer, upgrade, fromLabel, json } = readArguments(args)
    const context = json ? logToStderr(given) : given
    const done: InitDocument = {}
    try {
      if (upgrade) done.upgrade = await upgradeSchema(context, { ...upgrade, json })
      if ((name ?? maintainer) !== undefined) await begin(context, { name, maintainer, json }, done)
      if (fromLabel) await postFromLabel(context, fromLabel, (posted) => void (done.fromLabel = posted))
    } finally {
      // A step that fails does not hide those before it.
      if (json && Object.keys(done).length > 0) sayJson(done)
    }
    return 0
  },
}

/** The document of `--json`: the steps that were asked for, as far as they were carried out. */
interface InitDocument {
  upgrade?: SchemaUpgrade
  name?: string
  nameBefore?: string | null
  maintainer?: { login: string; rig: string; trustLevel: number }
  fromLabel?: PostedFromLabel
}

interface BeginWish {
  name: string | undefined
  maintainer: string | undefined
  json: boolean
}

/** Names the wasteland and grants the first trust level 3; adds each to `done` once it is done. */
async function begin(
  { readConfig, createLog }: CliContext,
  { name, maintainer, json }: BeginWish,
  done: InitDocument,
): Promise<void> {
  const print = printerFor({ json })
  const config = readConfig()
  const github = connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL })
  const account = maintainer === undefined ? undefined : await github.getAccount(maintainer)
  if (maintainer !== undefined && account?.type !== 'User') {
    throw new UserError(`GitHub knows no person with the login ${maintainer.slice(0, 40)}. Check its spelling.`)
  }
  const { ledger, host, close } = await openLedgerForCommand(config, createLog('warn'))
  try {
    if (name !== undefined) Object.assign(done, await nameWasteland(ledger, name, print))
    if (account !== undefined) await grant(ledger, host, account, print, done)
  } finally {
    await close()
  }
}

function readArguments(args: readonly string[]): {
  name: string | undefined
  maintainer: string | undefined
  upgrade: { yes: boolean } | undefined
  fromLabel: FromLabel | undefined
  json: boolean
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
        ...JSON_OPTION,
      },
    })
    const fromLabel = readFromLabel(values)
    const name = values.name === undefined ? undefined : oneLine(values.name, 100)
    const upgrade = values.upgrade === true ? { yes: values.yes === true } : undefined
    if (name === undefined && values.maintainer === undefined && upgrade === undefined && fromLabel === undefined)
      throw new Error('nothing to do')
    if (name === '') throw new Error('an empty name')
    return { name, maintainer: values.maintainer?.replace(/^@/, ''), upgrade, fromLabel, json: values.json }
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
  json: boolean
}): FromLabel | undefined {
  const { 'from-label': label, repo, yes = false, by = values.maintainer, json } = values
  if (label === undefined) {
    if (repo ?? values.by) throw new Error('--repo and --by go with --from-label')
    if (values.yes && values.upgrade !== true) throw new Error('--yes goes with --from-label or --upgrade')
    return undefined
  }
  if (label.trim() === '') throw new Error('an empty label')
  if (repo === undefined) throw new Error('--from-label takes --repo owner/repo')
  if (!/^[\w.-]+\/[\w.-]+$/.test(repo))
    throw new Error(`${repo.slice(0, 100)} is not a repository: expected owner/repo`)
  if (by === undefined) throw new Error('say by --by <login> whose items they will be')
  return { label, repo, by, yes, json }
}

type Print = (line: string) => void

async function nameWasteland(ledger: Ledger, name: string, print: Print) {
  const { value: was } = await ledger.transact(async (db) => {
    const before = await readMeta(db.sql, 'wasteland_name')
    if (before === name) return { value: before }
    await writeMeta(db.sql, 'wasteland_name', name)
    return { value: before, commit: { author: BRIDGE_AUTHOR, subject: `Name the wasteland: ${name}`, trailers: {} } }
  })
  print(was === name ? `The wasteland is named ${name} already.` : `The wasteland is named ${name}.`)
  return { name, nameBefore: was ?? null }
}

/** Registers a person where needed and raises their trust, each in a Dolt commit of its own. */
async function grant(ledger: Ledger, host: string, account: Account, print: Print, done: InitDocument): Promise<void> {
  const { value: isNew } = await ledger.transact(async (db) => {
    if ((await findRigOf(db, host, account)) !== undefined) return { value: false }
    const rig = await registerRig(db, host, account, new Date().toISOString())
    return {
      value: true,
      commit: { author: commitAuthor(account), subject: `Register rig: ${rig.handle}`, trailers: {} },
    }
  })
  const rig = (await ledger.read((db) => findRigOf(db, host, account)))!
  const granted = { login: account.login, rig: rig.handle, trustLevel: rig.trustLevel }
  if (isNew) done.maintainer = granted
  // A ledger from elsewhere may have higher levels.
  if (rig.trustLevel < MAINTAINER) await setTrustAsOperator({ ledger, host }, account, { level: MAINTAINER })
  granted.trustLevel = Math.max(rig.trustLevel, MAINTAINER)
  done.maintainer = granted
  const { login, trustLevel } = granted
  print(`${login} is the rig ${rig.handle}, trust level ${trustLevel}, and may stamp in every admitted repository.`)
}
