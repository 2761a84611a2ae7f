import type { AgentRefusal } from '../authorization/agents.ts'
import type { Account, Rig } from '../domain/rig.ts'
import { getAccount } from '../github/repositories.ts'
import { keepsLinks } from '../ledger/tables/rig-links.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { authoredItems } from '../operations/tables/pull-request-items.ts'
import { quote } from '../replies/markdown.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * The agent of a login and its rig. GitHub's apps act as `name[bot]` and are called `@name`: a name that is not
 * itself an agent's is looked for as such.
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
  if (known === undefined) return { refused: `GitHub knows no ${quote(`@${login}`)}. Check its spelling.` }
  const name = quote(`@${known.login}`)
  if (known.type === 'Bot')
    return {
      refused: `${name} has no rig in this wasteland yet. It gets one with its first pull request that names a wanted item.`,
    }
  return {
    refused:
      `${name} is no agent. GitHub calls agents bots; one that is a user account comments \`/wl agent\` itself, or is listed under ` +
      '`agents` in `.github/wasteland.yml` and somebody of trust level 3 comments `/wl agent @login`.',
  }
}

async function agentRig(deps: ServiceDeps, account: Account | undefined) {
  const rig = account && (await deps.ledger.read((db) => findRigOf(db, deps.host, account)))
  return account !== undefined && rig?.rigType === 'agent' ? { account, rig } : undefined
}

/** Why somebody does not decide whose an agent is. */
export function refusedAgent(refused: AgentRefusal, agent: string): string {
  switch (refused.rule) {
    case 'agent':
      return `An agent does not decide that: it is a person's word. ${WHO_DECIDES}`
    case 'suspended':
      return `You are suspended, so your word does not count here. ${WHO_DECIDES}`
    case 'no-workplace':
      return `${quote(agent)} has no pull request and no work that this bridge knows, so no role decides. ${WHO_DECIDES}`
    case 'elsewhere':
      return (
        `${quote(agent)} is one account everywhere and works in ${quote(refused.fullName)} too, where you have neither the GitHub role admin nor ` +
        `maintain, or where that cannot be asked. ${WHO_DECIDES}`
      )
    default:
      return refused satisfies never
  }
}

const WHO_DECIDES =
  'Its human decides that, or somebody who has the role admin or maintain in every repository that it works in, or of trust level 3.'

/** A commons of `wl` or `gt` may lack what says whose an agent is. */
export function keepsOwners(db: CommonsDb): boolean {
  return keepsLinks(db) && db.columns.get('rigs')?.has('parent_rig') === true
}

export const NO_OWNERS =
  'This commons has no table `rig_links` or no column `rigs.parent_rig`, so it cannot say whose an agent is. ' +
  'Its operator can add them: `schema/commons.sql` has their definitions.'

/** The status comments of an agent's pull requests say whether it has a human. */
export async function lookAgain(deps: ServiceDeps, agent: Account): Promise<void> {
  for (const item of await authoredItems(deps.store, deps.host, agent.id)) await deps.revisit(item)
}
