import { parseArgs } from 'node:util'
import { UserError } from '../domain/errors.ts'
import { oneLine } from '../domain/text.ts'
import { connectAnonymously } from '../github/github.ts'
import { setTrustAsOperator } from '../services/trust.ts'
import { notUnderstood } from './arguments.ts'
import { openLedgerForCommand } from '../stores.ts'
import type { CliContext } from './subcommand.ts'

export interface TrustArguments {
  login: string
  level: string | undefined
  reason: string
}

/** `<login> --reason "…"`, and `--level n` where the command has levels. Throws UserError that names the usage. */
export function readTrustArguments(args: readonly string[], usage: string, hasLevel: boolean): TrustArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { reason: { type: 'string' }, ...(hasLevel ? { level: { type: 'string' } as const } : {}) },
    })
    const [login, ...more] = positionals
    if (login === undefined || more.length > 0) throw new Error('name one login')
    const reason = oneLine(values.reason ?? '', 300)
    if (reason === '') throw new Error('a reason is missing')
    const { level } = values as { level?: string }
    if (hasLevel && !/^[123]$/.test(level ?? '')) throw new Error('--level is 1, 2 or 3')
    return { login: login.replace(/^@/, ''), level, reason }
  } catch (error) {
    throw notUnderstood(usage, (error as Error).message)
  }
}

/** Sets a rig's trust on the operator's authority, in a Dolt commit of its own. Resolves to the rig's handle. */
export async function setTrust(
  { readConfig, createLog }: CliContext,
  { login, reason }: TrustArguments,
  level: number,
): Promise<string> {
  const config = readConfig()
  const name = login.slice(0, 100)
  const github = connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL })
  const account = await github.getAccount(login)
  if (account === undefined) throw new UserError(`GitHub knows no account with the login ${name}. Check its spelling.`)
  if (account.type === 'Organization')
    throw new UserError(`${name} is an organization; only people and agents have a rig.`)
  const { ledger, host, close } = await openLedgerForCommand(config, createLog('warn'))
  try {
    const handle = await setTrustAsOperator({ ledger, host }, account, { level, reason })
    if (handle !== undefined) return handle
  } finally {
    await close()
  }
  throw new UserError(
    `${name} has no rig in this wasteland yet: one is made at the first contact, a pull request that names a wanted item or a command.`,
  )
}
