import type { Account, Rig } from '../domain/rig.ts'
import { getAccount } from '../github/repositories.ts'
import { findRigOf, findRigsNamed } from '../ledger/tables/rigs.ts'
import { people } from '../replies/people.ts'
import { refusal } from '../replies/refusals.ts'
import { requireParticipant } from './require-participant.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'

/**
 * The account that has a login now, and its rig; else the refusal. The rig is found by GitHub's numeric id, never by
 * the login.
 */
export async function rigOfLogin(
  deps: ServiceDeps,
  { place }: Pick<CommandContext, 'place'>,
  login: string,
): Promise<{ account: Account; rig: Rig } | { refused: string }> {
  const account = await getAccount(deps, place, login)
  if (account === undefined) return { refused: refusal.noAccount(login) }
  if (account.type === 'Organization') return { refused: people.isOrganization(login) }
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, account))
  return rig === undefined ? { refused: people.noRig(account.login) } : { account, rig }
}

/** The rig of the command's author, registered on first contact, and the rig that they name; else the refusal. */
export async function requirePair(
  deps: ServiceDeps,
  context: CommandContext,
  name: string,
): Promise<{ rig: Rig; other: Rig } | { refused: CommandResult }> {
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered
  const other = await rigNamed(deps, name)
  return 'refused' in other ? { refused: { ok: false, text: other.refused } } : { rig: entered.rig, other }
}

/** The rig of a handle as the ledger writes it. Without an exact match, upper and lower case are taken as the same. */
async function rigNamed(deps: ServiceDeps, name: string): Promise<Rig | { refused: string }> {
  const [first, ...more] = await deps.ledger.read((db) => findRigsNamed(db, name))
  if (first === undefined) return { refused: people.noHandle(name) }
  return more.length === 0 ? first : { refused: people.whichHandle([first, ...more].map((rig) => rig.handle)) }
}
