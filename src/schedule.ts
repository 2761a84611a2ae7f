import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AdmittedNames } from './authorization/admitted-names.ts'
import { learnNames } from './authorization/learn-names.ts'
import { createClaimJob } from './deliveries/due-claims.ts'
import { createFlagJob } from './deliveries/missing-flags.ts'
import { pollRechecks } from './deliveries/rechecks.ts'
import { createReconcileJob } from './deliveries/reconcile-jobs.ts'
import { createRedeliverJob } from './deliveries/redeliver.ts'
import { warmUp } from './deliveries/warm-up.ts'
import { storeClaim, storeFlag, type Job, type WorkDeps } from './deliveries/work.ts'
import type { GitHub } from './github/github.ts'
import type { ImportDeps } from './imports/deps.ts'
import { goOnWithImports } from './imports/service.ts'
import type { Queue } from './operations/queue/queue.ts'
import { prune } from './operations/tables/retention.ts'
import type { Validators } from './operations/tables/validators.ts'
import { withTimeout } from './ops/retry.ts'
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

const POLL_MS = 100
/** What looks for missed work is not put off any longer: somebody waits for that, too. */
const LONGEST_MS = 30_000
const WARMS_UP_MS = 5_000

/** Resolves once no job is in hand: what people wait for comes before what the scheduled jobs look for at a start. */
async function untilEmpty(queue: Queue<Job>): Promise<void> {
  const end = Date.now() + LONGEST_MS
  do await sleep(POLL_MS, undefined, { ref: false })
  while (queue.inHand() > 0 && Date.now() < end)
}

/** Resolves once no job is in hand and what a command uses is warmed up, as far as the stores answer. */
async function untilWarm({ deps, queue }: Pick<Scheduled, 'deps' | 'queue'>): Promise<void> {
  await untilEmpty(queue)
  // A store that is away is told where it is needed.
  await withTimeout(WARMS_UP_MS, warmUp(deps), 'the stores do not answer').catch(() => {})
}

/** Starts everything that runs every few minutes; the rest of the bridge reacts to webhooks and requests. */
export function startSchedule(scheduled: Scheduled, schedule: Schedule) {
  const { deps, app, queue, names, validators, importing, log } = scheduled
  const { ledger, store, installation, now, receive } = deps
  const start = (name: string, job: (stopping: AbortSignal) => Promise<void>, options?: { first: Promise<void> }) =>
    startScheduledJob(schedule, name, job, options)
  const soon = { first: untilWarm(scheduled) }

  if (importing !== undefined) start('imports', () => goOnWithImports(importing), soon)
  start('admitted names', () => learnNames({ names, app, installation }), soon)
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
  let isScanned = false
  const redeliver = createRedeliverJob({ ledger, store, queue, app, now, receive }, log)
  start('repositories', createReconcileJob({ ...deps, app, isScanned: () => isScanned, knows: queue.knows }), soon)
  start('deliveries', (stopping) => redeliver(stopping).finally(() => (isScanned = true)), soon)
}
