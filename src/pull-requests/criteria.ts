import type { RepositoryRef } from '../domain/refs.ts'
import { authorityOf } from '../authorization/permit.ts'
import type { Roles } from '../authorization/roles.ts'
import type { Settings } from '../authorization/settings.ts'
import { type Ticked, tickedBy } from '../domain/acceptance.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import type { Account } from '../domain/rig.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { readAcceptances } from '../ops/text-reader.ts'
import { sameOwner } from '../ledger/tables/owners.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { type Criterion, criterion, isUnmet } from '../replies/criteria.ts'
import { latestVerdicts, type PullRequestEvidence } from './evidence.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { SyncItemDeps } from './types.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'

export interface CriteriaDeps extends SyncItemDeps {
  roles: Roles
}

type Gated = {
  snapshot: Pick<PullRequestSnapshot, 'pull' | 'versions'>
  work: Pick<PullRequestEvidence, 'reviews' | 'checks'>
  gates: Settings['gates']
}

type Judged = Gated & {
  rig: string
  /** The item, where it was read just now. */
  item?: { description?: string } | undefined
}

/** The most tasks that are checked. A list with more is never met. */
const MOST_TASKS = 50

/**
 * The criteria of a stamp, and whether this head meets them: those of the repository's settings, and the task list of
 * the issue that the item was posted from. They are read in each snapshot anew, so that nothing of them can be lost.
 */
export async function criteriaOf(
  deps: CriteriaDeps,
  place: RepositoryRef,
  wanted: string,
  about: Judged,
): Promise<Criterion[]> {
  return [...(await ofSettings(deps, place, about)), ...(await ofIssue(deps, place, wanted, about))]
}

async function ofSettings(deps: CriteriaDeps, at: RepositoryRef, { snapshot: { pull }, work, gates }: Gated) {
  const found: Criterion[] = []
  if (gates.checks) found.push(checksOf(work.checks))
  if (gates.approvals === 0 && !gates.changes) return found
  const verdicts = [...latestVerdicts(work.reviews).values()]
  const { id } = pull.repository
  const roles = await Promise.all(verdicts.map(({ author }) => deps.roles(at, id, author!)))
  const heard = verdicts.filter((_, n) => roles[n]!.write)
  const approved = heard.filter(({ state }) => state === 'APPROVED')
  const here = approved.filter(({ headSha }) => headSha === pull.headSha).length
  if (gates.approvals > 0) found.push(criterion.approvals(here, gates.approvals, approved.length - here))
  const against = heard.filter(({ state }) => state === 'CHANGES_REQUESTED')
  if (gates.changes) found.push(criterion.changes(against.map(({ author }) => author!.login)))
  return found
}

function checksOf(checks: PullRequestEvidence['checks']): Criterion {
  return 'refused' in checks ? criterion.untold('Checks', checks.refused) : criterion.checks(checks.known)
}

async function ofIssue(
  deps: CriteriaDeps,
  place: RepositoryRef,
  wanted: string,
  { snapshot, gates, rig, item: known }: Judged,
): Promise<Criterion[]> {
  if (gates.acceptance === false) return []
  const item = known?.description === undefined ? await deps.ledger.read((db) => describeWanted(db, wanted)) : known
  const link = readIssueLink(item?.description ?? '')
  if (link === undefined) return []
  // An issue that cannot be read may have tasks, so its criterion is never met.
  if (link.host !== (deps.host === 'github' ? 'github.com' : deps.host)) return [criterion.unread('another host')]
  const { installation } = place
  const found = await snapshot.versions({ installation, owner: link.owner, repo: link.repo, number: link.number })
  if ('unread' in found)
    return [
      typeof found.unread === 'object' ? criterion.untold('Acceptance', found.unread) : criterion.unread(found.unread),
    ]
  const asked = await readAcceptances(found.versions.map(({ body }) => body))
  if (asked === undefined) return [criterion.unread('too tangled')]
  const tasks = tickedBy(
    found.versions,
    asked.map((one) => one.tasks),
  )
  const { elsewhere } = asked.at(-1)!
  if (tasks.length === 0) return gates.acceptance === true || elsewhere > 0 ? [criterion.noTasks(elsewhere)] : []
  const all = await Promise.all(tasks.slice(0, MOST_TASKS).map((task) => ofTask(deps, place, snapshot.pull, rig, task)))
  // GitHub may show later who ticked it.
  const judged =
    found.missing === undefined ? all : all.map((one) => (isUnmet(one) ? { ...one, isUntold: true as const } : one))
  return tasks.length > MOST_TASKS ? [...judged, criterion.tooManyTasks(MOST_TASKS)] : judged
}

async function ofTask(deps: CriteriaDeps, place: RepositoryRef, pull: PullRequest, rig: string, task: Ticked<Account>) {
  const counts = task.by !== undefined && (await mayTick(deps, place, pull, rig, task.by))
  return criterion.task(task, counts)
}

/** True for a person who may stamp the work: their tick says that it is done as asked. */
async function mayTick(deps: CriteriaDeps, at: RepositoryRef, pull: PullRequest, rig: string, person: Account) {
  if (person.id === pull.author?.id) return false
  const permission = await deps.roles(at, pull.repository.id, person)
  return deps.ledger.read(async (db) => {
    const known = await findRigOf(db, deps.host, person)
    const validator = known ?? { trustLevel: 1 }
    if (authorityOf({ validator, permission, repository: pull.repository }) === undefined) return false
    return known === undefined || (known.rigType !== 'agent' && !(await sameOwner(db, known.handle)).has(rig))
  })
}
