import { sql } from 'kysely'
import type { Logger } from 'pino'
import { createAdmittedNames } from './authorization/admitted-names.ts'
import { createAdmissionCheck } from './authorization/check-admission.ts'
import { createPermissionCache } from './authorization/permission-cache.ts'
import { mayByRole } from './authorization/permit.ts'
import { createRoles, type Roles } from './authorization/roles.ts'
import { createSettingsReader } from './authorization/settings-file.ts'
import { startLedger, startOperations, settleBoth, type Starting, withStoredHost } from './stores.ts'
import type { AppCredentials, Config } from './config.ts'
import {
  storeDelivery,
  storeEvent,
  storeReconcile,
  storeRevert,
  storeCoalescedRevisit,
  storeRevisit,
  work,
  type WorkDeps,
} from './deliveries/work.ts'
import type { DeliveryIntake } from './deliveries/webhook-endpoint.ts'
import { UserError } from './domain/errors.ts'
import { connectGitHub, type GitHub } from './github/github.ts'
import { WEBHOOK_PATH } from './github/manifest.ts'
import { signInApp } from './github/sign-in.ts'
import { startSmee } from './github/smee.ts'
import { refuseWrongApp } from './github/wrong-app.ts'
import { importDeps } from './imports/deps.ts'
import { createImports, workOnImports } from './imports/service.ts'
import { importsWithoutProfileStore } from './imports/without-profile-store.ts'
import { bringUpToDate, warnOfMissing } from './ledger/bring-up-to-date.ts'
import { createInvalidations } from './operations/tables/cache-invalidations.ts'
import { openOptOuts } from './operations/tables/opt-outs.ts'
import { createValidators, type Validators } from './operations/tables/validators.ts'
import { settle } from './operations/postgres/store.ts'
import type { Clients } from './ops/client-address.ts'
import { hmacKey } from './ops/data-dir.ts'
import { createDrain } from './ops/cleanup.ts'
import type { Metrics, MetricSources } from './ops/metrics.ts'
import { accountNotes, columnNotes, runningParts } from './ops/readiness-checks.ts'
import { retryUntilAvailable } from './ops/retry.ts'
import type { Parts } from './ops/readiness.ts'
import { createTurns } from './ops/turns.ts'
import { readMeta } from './ledger/tables/commons.ts'
import { createServices } from './services/services.ts'
import { startSchedule } from './schedule.ts'
import { rigPages } from './http/site.ts'
import { readPolicy } from './reputation/policy.ts'
import { createChecker, createUnanswered } from './replies/checker.ts'
import { createStatusWriter } from './replies/status-writer.ts'
import { createBodyOf, createReplier, createReplyFinder, createSignedMarkers } from './replies/replier.ts'
import { earnedIn } from './queries/earned.ts'
import { createPageDeps, type PageDeps } from './http/page-deps.ts'
import { wastelandNames } from './http/wasteland-name.ts'
import type { OperationsStore } from './operations/schema.ts'

const DRAIN_MS = 5_000
/** After the requests to GitHub are aborted, their jobs have this many milliseconds to be handed back. */
const BROKEN_OFF_MS = 500

/** The clock, as a test may set it, and the interval of the scheduled jobs. */
export interface Clock {
  now(): Date
  pollIntervalMs: number
  /** Called after each run of a scheduled job, with its name, and the error where it failed. */
  jobEnded?(name: string, error?: unknown): void
  /** Called when what came of a queued job has been stored. */
  outcomeStored?(): void
}

/** Context that every part of the start needs. */
export interface StartContext extends Starting {
  clock: Clock
  metrics: Metrics
  clients: Clients
}

/** The parts of the bridge that the web server can use so far. */
export interface SiteState {
  parts: Parts
  /** Notes for the operator that do not make the bridge unready. */
  notes?: () => string[]
  sources: Omit<MetricSources, 'readiness'>
  /** The intake of GitHub's deliveries, once they can be stored. */
  intake?: DeliveryIntake
  /** The dependencies of pages that need the stores. */
  pages?: PageDeps
  wastelandName?: () => Promise<string | undefined>
  port?: number
}

/**
 * Wires everything together and starts it: stores, GitHub, queue, schedule, pages. The web server reads from `state`
 * how far the start is.
 */
export async function compose(start: StartContext, credentials: AppCredentials, state: SiteState): Promise<void> {
  const opened = await openAll(start, credentials)
  const { config, ledger, operations, github } = opened
  const { log } = start
  const { deps, names, imports, importing } = await wire(start, opened)
  await github.probot.ready()
  const { drain, ending } = startWork(start, opened, deps, importing)
  if (config.WEBHOOK_PROXY_URL !== undefined) {
    const target = `http://127.0.0.1:${state.port}${WEBHOOK_PATH}`
    const smee = startSmee({ source: config.WEBHOOK_PROXY_URL, target, log })
    drain.add('webhook proxy', smee.close)
  }
  state.intake = { secret: credentials.webhookSecret, store: deps.receive }
  state.pages = pageDepsOf(start, opened, { ...deps, imports }, ending)
  state.wastelandName = wastelandNames(() => ledger.read((db) => readMeta(db.sql, 'wasteland_name')), start.clock.now)
  state.notes = () => [...accountNotes(github.refusing()), ...columnNotes(ledger.dropped())]
  state.parts = partsOf(opened)
  state.sources = {
    stored: operations.counts,
    inHand: () => ({ deliveries: operations.queue.inHand(), imports: operations.imports.inHand() }),
    transactionsWaiting: ledger.waiting,
    limits: github.limits,
  }
  // Started last: deliveries that GitHub sends again need the intake.
  startSchedule(
    { deps, app: github.app, queue: operations.queue, names, validators: deps.validators, importing, log },
    { everyMs: start.clock.pollIntervalMs, cleanup: drain, log, jobEnded: start.clock.jobEnded },
  )
  warnOfMissing(ledger, log)
  introduce(github, log)
}

type Opened = Awaited<ReturnType<typeof openAll>>
type Wired = Awaited<ReturnType<typeof wire>>

/** Opens the stores and GitHub, and checks each. */
async function openAll(start: StartContext, credentials: AppCredentials) {
  const { log, signal } = start
  const connected = connectGitHub({ ...credentials, ...atGitHub(start.config), log })
  const known = refuseWrongApp(connected)
  // It is requested while the stores start, and awaited when they have.
  known.catch(() => {})
  const [{ ledger, startProfileStore }, operations] = await settleBoth(startLedger(start), startOperations(start))
  const [, profiles] = await settleBoth(
    retryUntilAvailable(() => bringUpToDate(ledger, log), signal, log),
    startProfileStore().catch((error: unknown) => goOnWithoutProfileStore(error, log)),
  )
  await known
  const config = await retryUntilAvailable(() => withStoredHost(start.config, ledger, log), signal, log)
  const store: OperationsStore = { db: operations.db, wasteland: ledger.wasteland }
  const github: GitHub = { ...connected, host: config.GHE_HOST ?? connected.host }
  // With an embedded store there is no other replica.
  const invalidations = config.DATABASE_URL === undefined ? undefined : createInvalidations(store)
  const cache = createPermissionCache(() => start.clock.now().getTime(), invalidations)
  return { config, key: hmacKey(config.dataDir), ledger, profiles, operations, store, github, cache }
}

/** Makes the dependencies of all jobs. */
async function wire(start: StartContext, opened: Opened) {
  const { log, metrics, signal } = start
  const { config, key, ledger, profiles, operations, store, github, cache } = opened
  const { now } = start.clock
  const { identity, installation } = github
  const settingsOf = createSettingsReader({ host: github.host, store, cache, identity, installation })
  const validators = createValidators(store, github.host, now)
  const names = createAdmittedNames({ store, host: github.host }, config.ADMIT, config.dataDir)
  const [optOuts] = await settleBoth(
    retryUntilAvailable(() => openOptOuts(store, config.dataDir, key), signal, log),
    retryUntilAvailable(validators.load, signal, log),
  )
  const inTurn = createTurns()
  const reply = createReplier(store, github.host, github, key, log, inTurn)
  const unanswered = createUnanswered()
  const check = createChecker(store, github, unanswered)
  const bodyOf = createBodyOf(github.host, key)
  const revisit: WorkDeps['revisit'] = (item) => storeRevisit(operations.queue, item)
  const queue = operations.imports
  const importing =
    profiles &&
    importDeps({ ledger, revisit, config, key, log, store, profiles, queue, optOuts, installation, reply, now })
  const imports =
    importing === undefined ? importsWithoutProfileStore(github.host, store, optOuts) : createImports(importing)
  const noticing = { invalidate: cache.invalidate, validators }
  const unserved: Omit<WorkDeps, 'services'> = {
    host: github.host,
    identity,
    ledger,
    store,
    installation,
    imports,
    installationAt: (name) =>
      cache.getOrFetch(`${name.owner}/${name.repo}`.toLowerCase(), 'installation', () => github.installationAt(name)),
    now,
    checkAdmission: createAdmissionCheck(identity, names, settingsOf, log),
    policy: readPolicy(config.policy),
    roles: noting(validators, createRoles(github, cache, settingsOf)),
    validators,
    invalidate: cache.invalidate,
    optOuts,
    reply,
    check,
    writeStatus: createStatusWriter({ store, github, reply, check, unanswered, inTurn, bodyOf }),
    pageOf: rigPages(config.PUBLIC_URL),
    signedMarkers: createSignedMarkers(github.host, github, key),
    ran: metrics.commanded,
    repliedAt: createReplyFinder(github.host, github, key),
    queue: operations.queue,
    revisit,
    revisitCoalesced: (item) => storeCoalescedRevisit(operations.queue, item),
    reconcile: (at, why) => storeReconcile(operations.queue, store.wasteland, at, why),
    revert: (job, about) => storeRevert(operations.queue, store.wasteland, job, about),
    put: storeEvent.bind(undefined, operations.queue, noticing),
    receive: storeDelivery.bind(undefined, operations.queue, noticing),
  }
  const deps: WorkDeps = { ...unserved, services: createServices(unserved) }
  return { deps, names, imports, importing }
}

/** Starts the worker of the queue. Active jobs have a while to finish when the bridge stops. */
function startWork(
  { log, cleanup }: StartContext,
  { operations, github }: Opened,
  deps: WorkDeps,
  importing: Wired['importing'],
) {
  operations.queue.run((job) => work(deps, log, job))
  cleanup.add('questions to GitHub', async () => github.end())
  const drain = createDrain(log)
  cleanup.add('work', drain.run)
  drain.add('what GitHub does not answer', async () => void setTimeout(github.end, DRAIN_MS).unref())
  drain.add('work in hand', () => operations.queue.stop(DRAIN_MS + BROKEN_OFF_MS))
  const ending = new AbortController()
  drain.add('imports in hand', async () => {
    ending.abort()
    await operations.imports.stop(DRAIN_MS + BROKEN_OFF_MS)
  })
  if (importing !== undefined) workOnImports(importing, operations.imports, ending.signal)
  return { drain, ending: ending.signal }
}

function pageDepsOf(
  { clients, clock, log }: StartContext,
  { config, key }: Opened,
  deps: WorkDeps & Pick<Wired, 'imports'>,
  ending: AbortSignal,
) {
  return createPageDeps({
    ledger: deps.ledger,
    store: deps.store,
    imports: deps.imports,
    earned: earnedIn(deps),
    signIn: signInApp({ ...atGitHub(config), id: config.GITHUB_CLIENT_ID, secret: config.GITHUB_CLIENT_SECRET }),
    open: config.IMPORT_OPEN && config.IMPORT_TOKEN !== undefined,
    publicUrl: config.PUBLIC_URL,
    clients,
    key,
    now: clock.now,
    host: config.GHE_HOST ?? 'github.com',
    protocol: config.GHE_PROTOCOL,
    log,
    ending,
  })
}

function partsOf({ config, ledger, operations, github }: Opened): Parts {
  return runningParts({
    ledger: ledger.head,
    operations: () => settle(sql`SELECT 1`.execute(operations.db)),
    lastPolledAt: () => Math.min(operations.queue.lastPolledAt(), operations.imports.lastPolledAt()),
    isRefused: github.isRefused,
    dataDir: config.dataDir,
  })
}

/** Roles that also record who validates, which decides whose jobs come first. */
function noting(validators: Validators, roles: Roles): Roles {
  return async (at, repositoryId, account) => {
    const role = await roles(at, repositoryId, account)
    await validators.note(repositoryId, account.id, mayByRole(role)).catch(() => {})
    return role
  }
}

/** An operator's server may allow the commons and no other database: then everything but imports works. */
function goOnWithoutProfileStore(error: unknown, log: Logger): undefined {
  if (!(error instanceof UserError)) throw error
  log.warn(`${error.message} Until then nobody can import a profile.`)
}

export function atGitHub({ GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol }: Config) {
  return { gheHost, gheProtocol }
}

/** Logs the App's identity on GitHub, so that wrong credentials show at the start. */
function introduce(github: GitHub, log: Logger) {
  github.identity().then(
    (app) => log.info({ app: app.slug, owner: app.ownerLogin }, 'signed in to GitHub'),
    (error: unknown) =>
      log.error(
        { why: (error as Error).message },
        'GitHub does not accept our credentials, or cannot be reached; wasteland-bridge doctor says which',
      ),
  )
}
