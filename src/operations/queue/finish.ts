import type { Kysely } from 'kysely'
import { Postponed, Unavailable, UserError } from '../../domain/errors.ts'
import { inAttempt } from '../../ops/attempt.ts'
import { createBatcher } from '../../ops/batcher.ts'
import { runGuarded } from '../../ops/suspend-guard.ts'
import type { DeathsOfJobs } from './death-count.ts'
import { DEADLY, isSuspect } from './job-classes.ts'
import { MOST_DEATHS } from './job-deaths.ts'
import {
  type ActiveJob,
  type Handler,
  type JobHolder,
  type NotDone,
  type QueueLog,
  RETRY_LIMIT,
  WEEK_MS,
} from './job.ts'
import { buryJob, completeJobs, deferJob, postponeJob, retryJob } from './outcomes.ts'
import { handBack } from './take.ts'
import type { Operations } from '../schema.ts'

const SHORTEST_WAIT_MS = 500
const LONGEST_WAIT_MS = 300_000
const LONGEST_REASON = 500

export interface FinishDeps<T> {
  db: Kysely<Operations>
  holder: JobHolder
  log: QueueLog
  ended(result: NotDone): void
  deathsOfJobs: DeathsOfJobs<T>
  /** The stage of the queue's shutdown. */
  stage: { stopped: boolean; handedBack: boolean }
}

class Deadly extends Error {
  constructor() {
    super(
      `The process died ${MOST_DEATHS} times with this job in hand, so it is not tried again. ` +
        'Once the fault is mended, `wasteland-bridge redeliver` forgets the deaths, and GitHub’s page of deliveries sends it again.',
    )
  }
}

/** Runs a job's handler and stores the outcome. Rejects when the outcome could not be stored. */
export function createFinish<T>(deps: FinishDeps<T>): (job: ActiveJob<T>, handle: Handler<T>) => Promise<void> {
  const { db, holder, deathsOfJobs, stage } = deps
  // Jobs of one ledger batch finish at the same moment, so their completions are batched too.
  const complete = createBatcher(async (ids: readonly string[]) => {
    await completeJobs(db, holder, ids)
    return ids
  })
  return async (job, handle) => {
    const failed = await run(job, handle, deathsOfJobs).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    // Outside of the try block: a store that fails here is no failure of the job.
    if (failed === undefined) {
      if (!stage.handedBack) await complete(job.id)
    } else {
      const { error } = failed
      // The process that has the job now stores the outcome.
      if (stage.handedBack) return
      if (stage.stopped && error instanceof Unavailable) return giveUp(deps, job, error)
      await fail(deps, job, error)
      if (error instanceof Unavailable || error instanceof Deadly) return
    }
    if (isSuspect(job.priority)) await deathsOfJobs.deaths?.survived(deathsOfJobs.causeOf(job))
  }
}

async function run<T>(job: ActiveJob<T>, handle: Handler<T>, { isDeadly }: DeathsOfJobs<T>): Promise<void> {
  const { id, key, data } = job
  const lastTry = job.retryCount >= RETRY_LIMIT || ageOf(job) >= WEEK_MS
  const deadly = job.priority === DEADLY && (await isDeadly(job))
  const work = runGuarded(() => inAttempt(job.begun, () => handle({ id, key, data, lastTry, deadly })))
  if (deadly) {
    await work.catch(() => {})
    throw new Deadly()
  }
  await work
}

async function fail<T>(deps: FinishDeps<T>, job: ActiveJob<T>, error: unknown): Promise<void> {
  const { db, holder, log, ended } = deps
  if (error instanceof Unavailable && ageOf(job) < WEEK_MS) {
    await defer(deps, job, error)
    ended('deferred')
    return
  }
  // No retry for an error that its sender must fix.
  const hopeless = error instanceof UserError || error instanceof Unavailable || error instanceof Deadly
  const final = hopeless || job.retryCount >= RETRY_LIMIT
  log.error({ err: error, job: job.id, key: job.key, final }, 'queue: a job failed')
  if (final) await buryJob(db, holder, job.id, reasonOf(error))
  else await retryJob(db, holder, job.id, reasonOf(error))
  ended(final ? 'dead' : 'retried')
}

/** Gives a job to whichever process takes it next, at once or when what this one may have written shows. */
async function giveUp<T>({ db, holder }: FinishDeps<T>, job: ActiveJob<T>, { shownAt }: Unavailable): Promise<void> {
  if (shownAt === undefined) return handBack(db, holder, [job.id])
  await deferJob(db, holder, job.id, Math.max(0, shownAt.getTime() - Date.now()))
}

async function defer<T>({ db, holder, log }: FinishDeps<T>, job: ActiveJob<T>, error: Unavailable): Promise<void> {
  const untilRetry = error.retryAt === undefined ? undefined : error.retryAt.getTime() - Date.now()
  const untilShown = error.shownAt === undefined ? 0 : error.shownAt.getTime() - Date.now()
  const ms = Math.max(SHORTEST_WAIT_MS, untilShown, untilRetry ?? Math.min(ageOf(job) / 4, LONGEST_WAIT_MS))
  if (error instanceof Postponed) return postponeJob(db, holder, job.id, ms)
  log.warn({ err: error, job: job.id, until: new Date(Date.now() + ms) }, 'queue: waits for a store or for GitHub')
  await deferJob(db, holder, job.id, ms)
}

function ageOf({ createdAt }: Pick<ActiveJob<unknown>, 'createdAt'>): number {
  return Date.now() - createdAt.getTime()
}

function reasonOf(error: unknown): string {
  // Text in Postgres cannot contain this character.
  return error instanceof Error ? error.message.slice(0, LONGEST_REASON).replaceAll('\0', '') : 'unknown'
}
