import { setTimeout as sleep } from 'node:timers/promises'
import { uuidOf } from '../domain/hash.ts'
import { Unavailable } from '../domain/errors.ts'
import { ask, waitFor } from '../github/github-answer.ts'
import { type InstalledRepository, listInstallations, listRepositories } from '../github/installations.ts'
import { placeOf, notedPlaces, type RepositoryPlace } from '../operations/tables/repository-names.ts'
import { listMissed } from '../operations/tables/missed-deliveries.ts'
import { listMarks } from '../operations/tables/reconciled.ts'
import type { EventDeps, ReconcileAt } from '../events/event.ts'
import { followMove } from '../events/moved.ts'
import { releaseRepository } from '../events/out-of-reach.ts'
import type { ReconcileDeps, Revisit } from './missed.ts'
import { reconcile } from './reconcile.ts'
import type { AppAccess } from '../github/client.ts'

interface ReconcileLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

type ReconcileRunDeps = ReconcileDeps & Pick<EventDeps, 'reconcile'>

/**
 * Compares one repository with the ledger; for a whole installation, enqueues a job for each of its repositories. Where
 * GitHub refuses to show something (the App was uninstalled since, or lacks a permission), the job is not retried.
 */
export async function handleReconcile(
  deps: ReconcileRunDeps,
  log: ReconcileLog,
  id: string,
  at: ReconcileAt,
): Promise<void> {
  const answer = await ask(compare(deps, log, id, at))
  if ('known' in answer) return
  if (answer.refused.why === 'account') throw waitFor(answer.refused)
  log.warn({ status: answer.refused.status, at }, 'reconcile: GitHub does not show us what is to be compared')
}

async function compare(deps: ReconcileRunDeps, log: ReconcileLog, id: string, at: ReconcileAt): Promise<void> {
  if (!('repository_id' in at)) {
    const installation = at.installation_id
    for (const repository of await listRepositories(deps, { installation }))
      if (await isServed(deps, installation, repository))
        await deps.reconcile({ ...placeOfInstalled(repository, installation), whole: true }, [id])
    return
  }
  const { left, ...done } = await reconcile(deps, at, { whole: at.whole === true })
  if (done.refused === undefined) log.info(done, 'reconcile: a repository was compared with the ledger')
  for (const { why, url } of left) log.warn({ why, url }, 'reconcile: a command is left for a person to look at')
}

const HOUR_MS = 3_600_000
/** A repository that was compared less than this many milliseconds ago may wait for the next run. */
const FRESH_MS = HOUR_MS / 2
/** Milliseconds until the next run, where something could not answer. */
const AGAIN_MS = 10 * 60_000

export interface ReconcileJobDeps extends ReconcileDeps, EventDeps, AppAccess {
  /** Whether a scan of GitHub's list of deliveries has ended since the start. */
  isScanned(): boolean
  /** Those of some deliveries that are in the queue. */
  knows(guids: readonly string[]): Promise<ReadonlySet<string>>
  revisit(at: Revisit): Promise<void>
}

/**
 * Timeout, in milliseconds, for requested redeliveries: a run waits for them, because they bring events in the order in
 * which they happened.
 */
const TIMEOUT_MS = 10 * 60_000
const PERIOD_MS = 500

/** Resolves when no missed delivery may still arrive, or after TIMEOUT_MS. */
async function deliveriesCome(deps: ReconcileJobDeps, signal: AbortSignal): Promise<void> {
  const end = Date.now() + TIMEOUT_MS
  while (!signal.aborted && Date.now() < end) {
    if (deps.isScanned() && !(await isAnyToCome(deps))) return
    await sleep(PERIOD_MS, undefined, { signal }).catch(() => {})
  }
}

/**
 * True while a missed delivery may still arrive. The row of one that has arrived stays until the next scan of GitHub's
 * list.
 */
async function isAnyToCome({ store, knows }: ReconcileJobDeps): Promise<boolean> {
  const awaited = (await listMissed(store)).flatMap(({ guid, lost }) => (lost ? [] : [guid]))
  return awaited.length > 0 && (await knows(awaited)).size < awaited.length
}

/**
 * The scheduled job that compares every repository that we reach and serve, about once an hour. The id of a comparison
 * derives from the time of the last one, so that replicas, restarts and a repository that cannot answer lead to one job
 * and not to many. A rename that no delivery told us of is applied, and a repository out of our reach is released.
 */
export function createReconcileJob(deps: ReconcileJobDeps): (signal: AbortSignal) => Promise<void> {
  let notBefore = 0
  return async (signal) => {
    const now = deps.now().getTime()
    if (now < notBefore) return
    await deliveriesCome(deps, signal)
    notBefore = now + AGAIN_MS
    const fault = await run(deps, signal)
    if (fault !== undefined) throw fault
    notBefore = now + HOUR_MS
  }
}

/**
 * Runs once over all installations. Resolves to the error that kept it from reading everything; undefined where there
 * was none.
 */
async function run(deps: ReconcileJobDeps, signal: AbortSignal): Promise<unknown> {
  const installations = (await listInstallations(deps)).filter(({ suspended }) => !suspended)
  const noted = await notedPlaces(deps.store, deps.host)
  const reached = new Set<number>()
  let fault: unknown
  const unless = async (work: () => Promise<void>) => {
    if (signal.aborted) return
    try {
      const answer = await ask(work())
      if ('refused' in answer) fault = new Unavailable(`GitHub answered ${answer.refused.status}`)
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      fault = error
    }
  }
  const marks = await listMarks(deps.store, deps.host)
  for (const { id } of installations)
    await unless(async () => {
      const repositories = await listRepositories(deps, { installation: id })
      for (const one of repositories) reached.add(one.id)
      for (const one of repositories) await unless(() => visit(deps, placeOfInstalled(one, id), one, noted, marks))
    })
  if (fault !== undefined || signal.aborted) return fault
  for (const place of noted.filter(({ repository_id: id }) => !reached.has(id)))
    await unless(async () => {
      // GitHub's list may lag behind its events.
      if ((await deps.installationAt(place)) === undefined) await releaseRepository(deps, place.repository_id)
    })
  return fault
}

async function visit(
  deps: ReconcileJobDeps,
  place: RepositoryPlace,
  facts: InstalledRepository,
  noted: readonly RepositoryPlace[],
  marks: ReadonlyMap<number, Date>,
) {
  const before = noted.filter((one) => one.repository_id === place.repository_id)
  if (!(await isServed(deps, place.installation_id, facts))) {
    if (before.length > 0) await releaseRepository(deps, place.repository_id)
    return
  }
  const now = deps.now().getTime()
  const mark = marks.get(place.repository_id)
  const moved = before.filter((one) => !isSame(one, place))
  const by = { delivery: 'reconcile', sender: 'wasteland-bridge' }
  for (const from of moved) await followMove(deps, from, place, by)
  const whole = moved.length > 0
  if (!whole && mark !== undefined && now - mark.getTime() < FRESH_MS) return
  const day = Math.floor(now / (24 * HOUR_MS))
  await deps.reconcile({ ...place, whole }, [mark?.toISOString() ?? 'first', day, whole])
}

async function isServed(
  deps: ReconcileRunDeps,
  installation: number,
  repository: InstalledRepository,
): Promise<boolean> {
  const answer = await deps.checkAdmission({ installation, ...repository.name }, repository)
  // Where GitHub does not tell whether the repository is to be published, nothing is released.
  return !('refused' in answer) || answer.unread !== undefined
}

function isSame(one: RepositoryPlace, other: RepositoryPlace): boolean {
  return one.owner === other.owner && one.repo === other.repo && one.installation_id === other.installation_id
}

function placeOfInstalled({ id, name }: InstalledRepository, installation: number): RepositoryPlace {
  return placeOf({ installation, ...name }, id)
}

/** The job id of a comparison: the same for the same reason, so that there is one job. */
export function reconcileId(wasteland: string, at: ReconcileAt, why: readonly (string | number | boolean)[]): string {
  const of = 'repository_id' in at ? at.repository_id : 'all'
  return uuidOf(['reconcile', wasteland, at.installation_id, of, ...why])
}
