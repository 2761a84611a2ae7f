import type { Account, Rig } from '../domain/rig.ts'
import { getAccount } from '../github/repositories.ts'
import { keepsLinks } from '../ledger/tables/rig-links.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { authoredItems } from '../operations/tables/pull-request-items.ts'
import { agents } from '../replies/agents.ts'
import { refusal } from '../replies/refusals.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * Finds the agent of a login and its rig; else returns the refusal. A GitHub App acts as `name[bot]` and is mentioned
 * as `@name`: a login that is no agent's is looked up again as `name[bot]`.
 */
export async function agentOf(
  deps: ServiceDeps,
  { place }: Pick<CommandContext, 'place'>,
  login: string,
): Promise<{ account: Account; rig: Rig } | { refused: string }> {
  const named = await getAccount(deps, place, login)
  const found = await agentRig(deps, named)
  if (found !== undefined) return found
  const app = login.endsWith('[bot]') ? named : await getAccount(deps, place, `${login}[bot]`)
  const bot = await agentRig(deps, app)
  if (bot !== undefined) return bot
  const known = app ?? named
  if (known === undefined) return { refused: refusal.noAccount(login) }
  return { refused: known.type === 'Bot' ? agents.noRig(known.login) : agents.isNone(known.login) }
}

async function agentRig(deps: ServiceDeps, account: Account | undefined) {
  const rig = account && (await deps.ledger.read((db) => findRigOf(db, deps.host, account)))
  return account !== undefined && rig?.rigType === 'agent' ? { account, rig } : undefined
}

/** Whether the commons can store an agent's owner: one that `wl` or `gt` created may lack the table or the column. */
export function keepsOwners(db: CommonsDb): boolean {
  return keepsLinks(db) && db.columns.get('rigs')?.has('parent_rig') === true
}

/** Refreshes an agent's pull requests: their status comments say whether it has a human. */
export async function revisitPullRequests(deps: ServiceDeps, agent: Account): Promise<void> {
  for (const item of await authoredItems(deps.store, deps.host, agent.id)) await deps.revisit(item)
}
