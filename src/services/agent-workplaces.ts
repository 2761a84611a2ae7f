import type { Workplace } from '../authorization/agents.ts'
import { readIssueLink, readPullLink } from '../domain/issue-link.ts'
import type { Account } from '../domain/rig.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { entriesOf } from '../ledger/tables/bounties.ts'
import { workOf } from '../ledger/tables/completions.ts'
import { placesWorkedIn } from '../operations/tables/repository-names.ts'
import { roleAt } from './other-repository.ts'
import { heldItems } from '../ledger/tables/wanted-details.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * The most repositories in which the author's role is read, for each costs requests. Where an agent works in more, its
 * human or trust level 3 has to decide.
 */
const MOST_WORKPLACES = 20

/**
 * Lists the repositories in which an agent has pull requests, work or claims, with the role of the command's author in
 * each. Reads the operations store and the ledger, for the store may be lost. Stops at the first repository where the
 * author does not validate: the others would change nothing.
 */
export async function workplacesOf(
  deps: ServiceDeps,
  context: CommandContext,
  agent: { account: Account; handle: string },
): Promise<Workplace[]> {
  const { place, repository, author } = context
  const names = await namesOf(deps, agent)
  const found: Workplace[] = []
  for (const name of names) {
    const fullName = `${name.owner}/${name.repo}`
    const isHere = fullName.toLowerCase() === repository.fullName.toLowerCase()
    const asked = isHere
      ? { id: repository.id, role: await deps.roles(place, repository.id, author) }
      : found.length < MOST_WORKPLACES
        ? await askedAt(deps, name, author)
        : undefined
    found.push({ fullName, asked })
    if (asked === undefined || !(asked.role.admin || asked.role.maintain) || asked.role.narrowed) break
  }
  return found
}

async function askedAt(deps: ServiceDeps, name: RepositoryName, author: Account): Promise<Workplace['asked']> {
  const answer = await roleAt(deps, name, author)
  return answer && { id: answer.repository.id, role: answer.role }
}

async function namesOf(
  { host, store, ledger }: ServiceDeps,
  { account, handle }: { account: Account; handle: string },
): Promise<RepositoryName[]> {
  const noted = await placesWorkedIn(store, host, account.id)
  const told = await ledger.read(async (db) => {
    const [done, entered, held] = [
      await workOf(db, handle, account.login),
      await entriesOf(db),
      await heldItems(db, handle),
    ]
    const work = [...done, ...entered.filter((entry) => entry.completedBy === handle)]
    return [
      ...work.map(({ evidence }) => readPullLink(evidence) ?? readIssueLink(evidence)),
      ...held.map(({ description }) => readIssueLink(description)),
    ]
  })
  const links = told.flatMap((link) => (link === undefined ? [] : [{ owner: link.owner, repo: link.repo }]))
  const names = [...noted.map(({ owner, repo }) => ({ owner, repo })), ...links]
  return [...new Map(names.map((name) => [`${name.owner}/${name.repo}`.toLowerCase(), name])).values()]
}
