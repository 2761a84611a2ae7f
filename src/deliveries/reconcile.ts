import { lookForNearSettings } from '../authorization/near-settings.ts'
import type { AdmissionCheck } from '../authorization/check-admission.ts'
import { getRepository } from '../github/repositories.ts'
import { refOf, type RepositoryPlace } from '../operations/tables/repository-names.ts'
import { listMarks, saveMark } from '../operations/tables/reconciled.ts'
import { findCommands } from './missed-commands.ts'
import { findLabels } from './missed-labels.ts'
import { findPulls } from './missed-pulls.ts'
import { findNotedReverts, findReverts } from './missed-reverts.ts'
import { COMMANDS_MS, type ForPerson, type ReconcileDeps, type Served } from './missed.ts'

/** What one comparison came to. */
export interface Reconciled {
  repository: string
  /** Why we do not serve it; then nothing was done. `gone`: GitHub does not show it to us. */
  refused?: Extract<AdmissionCheck, { refused: string }>['refused'] | 'gone'
  /** Pull requests to look at again, commands to run, labels that post, and reverts to note. */
  pulls: number
  commands: number
  labels: number
  reverts: number
  left: ForPerson[]
}

export interface ReconcileOptions {
  /** A person asks: all of the last month is looked at, whatever was before. */
  byHand?: boolean
  /** Also what GitHub does not say has changed: we were away, or could not see it. */
  whole?: boolean
}

const DAY_MS = 24 * 3_600_000
/** How far back pull requests are looked at the first time. */
const FIRST_PULLS_MS = 30 * DAY_MS
/** GitHub's lists may lag behind, and so may its clock or ours. */
const OVERLAP_MS = 10 * 60_000

/**
 * What GitHub says of a repository, compared with the ledger: for what no delivery tells any more.
 *
 * Since the mark of the last look, with some overlap, we list what changed: pull requests are looked at again, and
 * what was said to us and never answered is put into the queue as the delivery that GitHub would have sent. The work
 * itself is that of live events, in the same lines and safe to repeat; the mark moves on once all of it lies in the
 * queue. What is not ours to judge is left for a person.
 *
 * Throws Unavailable where GitHub or a store cannot answer; then the mark stays.
 */
export async function reconcile(
  deps: ReconcileDeps,
  at: RepositoryPlace,
  { byHand = false, whole = false }: ReconcileOptions = {},
): Promise<Reconciled> {
  const began = deps.now()
  const nothing = { repository: `${at.owner}/${at.repo}`, pulls: 0, commands: 0, labels: 0, reverts: 0, left: [] }
  const repository = await getRepository(deps, refOf(at))
  // Another may have taken the name.
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
  if (mark === undefined || byHand) await lookForNearSettings(deps, where)
  const pulls = await findPulls(deps, served, since(FIRST_PULLS_MS), isWhole)
  const reverts = await findReverts(deps, served, pulls.recent, since(COMMANDS_MS))
  await findNotedReverts(deps, served)
  const labels = await findLabels(deps, served, since(byHand ? FIRST_PULLS_MS : COMMANDS_MS))
  const commands = await findCommands(deps, served, pulls.recent, since(byHand ? FIRST_PULLS_MS : COMMANDS_MS))
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
