import { parseArgs } from 'node:util'
import { UserError } from '../domain/errors.ts'
import { oneLine } from '../domain/text.ts'
import { connectAnonymously } from '../github/github.ts'
import { setTrustAsOperator } from '../services/trust.ts'
import { notUnderstood } from './arguments.ts'
import { JSON_OPTION, logToStderr } from './output.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { CliContext } from './subcommand.ts'

export interface TrustArguments {
  login: string
  level: string | undefined
  reason: string
  /** Whether programs read the answer. */
  json: boolean
}

/**
 * Reads `<login> --reason "…"`, and `--level n` where the command has levels. Throws a UserError that names the usage.
 */
export function readTrustArguments(args: readonly string[], usage: string, hasLevel: boolean): TrustArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        reason: { type: 'string' },
        ...JSON_OPTION,
        ...(hasLevel ? { level: { type: 'string' } as const } : {}),
      },
    })
    const [login, ...more] = positionals
    if (login === undefined || more.length > 0) throw new Error('name one login')
    const reason = oneLine(values.reason ?? '', 300)
    if (reason === '') throw new Error('a reason is missing')
    const { level, json } = values as { level?: string; json: boolean }
    if (hasLevel && !/^[123]$/.test(level ?? '')) throw new Error('--level is 1, 2 or 3')
    return { login: login.replace(/^@/, ''), level, reason, json }
  } catch (error) {
    throw notUnderstood(usage, (error as Error).message)
  }
}

/**
 * Sets a rig's trust on the operator's authority, in a Dolt commit of its own. Resolves to the rig's handle, and to the
 * login as GitHub spells it.
 */
export async function setTrust(
  context: CliContext,
  { login, reason, json }: TrustArguments,
  level: number,
): Promise<{ login: string; rig: string }> {
  const { readConfig, createLog } = json ? logToStderr(context) : context
  const config = readConfig()
  const name = login.slice(0, 100)
  const github = connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL })
  const account = await github.getAccount(login)
  if (account === undefined) throw new UserError(`GitHub knows no account with the login ${name}. Check its spelling.`)
  if (account.type === 'Organization')
    throw new UserError(`${name} is an organization; only people and agents have a rig.`)
  const { ledger, host, close } = await openLedgerForCommand(config, createLog('warn'))
  try {
    const rig = await setTrustAsOperator({ ledger, host }, account, { level, reason })
    if (rig !== undefined) return { login: account.login, rig }
  } finally {
    await close()
  }
  throw new UserError(
    `${name} has no rig in this wasteland yet: one is made at the first contact, a pull request that names a wanted item or a command.`,
  )
}
