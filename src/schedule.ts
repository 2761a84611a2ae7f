import type { Logger } from 'pino'
import type { AdmittedNames } from './authorization/admitted-names.ts'
import { learnNames } from './authorization/learn-names.ts'
import { createClaimJob } from './deliveries/due-claims.ts'
import { createFlagJob } from './deliveries/missing-flags.ts'
import { pollRechecks } from './deliveries/rechecks.ts'
import { createReconcileJob } from './deliveries/reconcile-jobs.ts'
import { createRedeliverJob } from './deliveries/redeliver.ts'
import { storeClaim, storeFlag, type Job, type WorkDeps } from './deliveries/work.ts'
import type { GitHub } from './github/github.ts'
import type { ImportDeps } from './imports/deps.ts'
import { goOnWithImports } from './imports/service.ts'
import type { Queue } from './operations/queue/queue.ts'
import { prune } from './operations/tables/retention.ts'
import type { Validators } from './operations/tables/validators.ts'
import { type Schedule, startScheduledJob } from './ops/scheduled-job.ts'

interface Scheduled {
  deps: WorkDeps
  app: GitHub['app']
  queue: Queue<Job>
  names: AdmittedNames
  validators: Validators
  /** Undefined where imports are off. */
  importing: ImportDeps | undefined
  log: Logger
}

/** Starts everything that runs every few minutes; the rest of the bridge reacts to webhooks and requests. */
export function startSchedule({ deps, app, queue, names, validators, importing, log }: Scheduled, schedule: Schedule) {
  const { ledger, store, installation, now, receive } = deps
  const start = (name: string, job: (stopping: AbortSignal) => Promise<void>, options?: { atOnce: boolean }) =>
    startScheduledJob(schedule, name, job, options)
  const atOnce = { atOnce: true }

  if (importing !== undefined) start('imports', () => goOnWithImports(importing), atOnce)
  start('admitted names', () => learnNames({ names, app, installation }), atOnce)
  start(
    'claims',
    createClaimJob(deps, (id, claim) => storeClaim(queue, id, claim)),
  )
  start(
    'flags',
    createFlagJob(deps, (id, flag) => storeFlag(queue, id, flag)),
  )
  start('rechecks', () => pollRechecks(deps))
  start('validators', () => validators.load())
  start('retention', (stopping) => prune(store, now(), stopping))

  // Repositories are compared once the deliveries that were missed are known.
  let looked = false
  const redeliver = createRedeliverJob({ ledger, store, queue, app, now, receive }, log)
  start('repositories', createReconcileJob({ ...deps, app, looked: () => looked, knows: queue.knows }), atOnce)
  start('deliveries', (stopping) => redeliver(stopping).finally(() => (looked = true)), atOnce)
}
