import { findAndReportNearSettings } from '../authorization/near-settings.ts'
import type { AdmissionCheck } from '../authorization/check-admission.ts'
import { getRepository } from '../github/repositories.ts'
import { repositoryAt, type RepositoryPlace } from '../operations/tables/repository-names.ts'
import { listMarks, saveMark } from '../operations/tables/reconciled.ts'
import { findCommands } from './missed-commands.ts'
import { findLabels } from './missed-labels.ts'
import { findPulls } from './missed-pulls.ts'
import { findNotedReverts, findReverts } from './missed-reverts.ts'
import { COMMANDS_MS, type ForPerson, type ReconcileDeps, type Served } from './missed.ts'

/** The result of one comparison. */
export interface Reconciled {
  repository: string
  /** The reason why we do not serve the repository; then nothing was done. `gone`: GitHub does not show it to us. */
  refused?: Extract<AdmissionCheck, { refused: string }>['refused'] | 'gone'
  /** The numbers of pull requests to refresh, commands to run, labels that post, and reverts to note. */
  pulls: number
  commands: number
  labels: number
  reverts: number
  left: ForPerson[]
}

export interface ReconcileOptions {
  /** A person requested it: all of the last month is compared, whenever the last comparison was. */
  byHand?: boolean
  /** Also compare what GitHub's lists do not show as changed: the bridge was down, or could not see the repository. */
  whole?: boolean
}

const DAY_MS = 24 * 3_600_000
/** Milliseconds: how far back the first comparison lists pull requests. */
const FIRST_PULLS_MS = 30 * DAY_MS
/**
 * Milliseconds by which a comparison overlaps the one before it: GitHub's lists may lag behind, and so may its clock or
 * ours.
 */
const OVERLAP_MS = 10 * 60_000

/**
 * Compares a repository on GitHub with the ledger, to find what no delivery will bring any more.
 *
 * It lists what changed since the last comparison, with some overlap. Pull requests are refreshed. Commands and labels
 * that were never answered are enqueued as the events that GitHub would have sent. Their jobs are those of live events,
 * with the same keys, and safe to repeat. The time of this comparison is stored once all jobs are enqueued. What is not
 * ours to judge is left for a person.
 *
 * Throws Unavailable where GitHub or a store cannot answer; then the stored time stays.
 */
export async function reconcile(
  deps: ReconcileDeps,
  at: RepositoryPlace,
  { byHand = false, whole = false }: ReconcileOptions = {},
): Promise<Reconciled> {
  const began = deps.now()
  const nothing = { repository: `${at.owner}/${at.repo}`, pulls: 0, commands: 0, labels: 0, reverts: 0, left: [] }
  const repository = await getRepository(deps, repositoryAt(at))
  // Another repository may have taken the name.
  if (repository?.id !== at.repository_id) return { ...nothing, refused: 'gone' }
  const [owner = '', repo = ''] = repository.fullName.split('/')
  const where = { installation: at.installation_id, owner, repo }
  const admitted = await deps.checkAdmission(where, repository)
  if ('refused' in admitted) return { ...nothing, refused: admitted.refused }
  const served: Served = { ...where, repository, settings: admitted.settings }
  const mark = (await listMarks(deps.store, deps.host)).get(repository.id)
  const since = (ms: number) => {
    const first = began.getTime() - ms
    const last = (mark?.getTime() ?? Infinity) - OVERLAP_MS
    return new Date(mark === undefined ? first : byHand ? Math.min(first, last) : last)
  }
  const isWhole = whole || byHand || mark === undefined
  if (mark === undefined || byHand) await findAndReportNearSettings(deps, where)
  const pulls = await findPulls(deps, served, since(FIRST_PULLS_MS), isWhole)
  const reverts = await findReverts(deps, served, pulls.recent, since(COMMANDS_MS))
  await findNotedReverts(deps, served)
  const labels = await findLabels(deps, served, since(byHand ? FIRST_PULLS_MS : COMMANDS_MS))
  const commands = await findCommands(deps, served, pulls.recent, {
    since: since(byHand ? FIRST_PULLS_MS : COMMANDS_MS),
    // Somebody who asks for the comparison waits for it; what we could not see was delivered to nobody.
    leavesUnderWay: !byHand && !whole,
  })
  await saveMark(deps.store, deps.host, repository.id, began)
  return {
    repository: repository.fullName,
    pulls: pulls.revisited,
    commands: commands.found,
    labels: labels.found,
    reverts,
    left: [...labels.left, ...commands.left].toSorted((a, b) => a.at.getTime() - b.at.getTime()),
  }
}
