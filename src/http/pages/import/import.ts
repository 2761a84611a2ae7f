/**
 * The importer's pages.
 *
 *   /import                 import or refresh one's own sheet, or anybody's where IMPORT_OPEN is set
 *   /import/forget          what goes, what stays; then it goes
 *   /import/:job            how an import stands; …/events the same as it changes; …/cancel
 *   /rigs/:handle           the sheet
 *   /sign-in, /sign-out     see sign-in.ts
 *
 * A form is taken only from our own origin and with the token of its session. An import's address is known to whoever
 * asked for it, and cannot be guessed: it shows nothing that the sheet will not.
 */
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { Unavailable } from '../../../domain/errors.ts'
import { pagesOf, picturesAt } from '../../../domain/github-host.ts'
import type { Clients } from '../../../ops/client-address.ts'
import type { Earned } from '../../../domain/earned.ts'
import { entityHost, LOGIN } from '../../../domain/rig.ts'
import { duration } from '../../../domain/time.ts'
import type { SignInApp } from '../../../github/sign-in.ts'
import type { ImportAsk, Imports } from '../../../domain/imports.ts'
import { notFound } from '../home/home.ts'
import { importEvents, importWatch } from './event-streams.ts'
import { brokenPage, staleFormPage, unavailablePage, unknownImportPage, unknownRigPage } from './faults.ts'
import { JOB_SCRIPT, jobPage } from './job-views.ts'
import { forgetPage, forgottenPage, importPage, type Frame } from './views.ts'
import { isOver } from './words.ts'
import { securityHeaders } from '../../layout/frame.ts'
import { createSessions, type Session, type Sessions } from '../../middleware/sessions.ts'
import { rigPage } from '../rigs/views.ts'
import { signInPages, type SignInDeps } from '../sign-in/sign-in.ts'
import { isHandle, isJob, siteAt } from '../../site.ts'
import { createVisitors, type Visitors } from './visitors.ts'

export interface ImportOptions {
  imports: Imports
  earned: Earned
  /** Undefined: nobody can sign in. */
  signIn?: SignInApp | undefined
  /** IMPORT_OPEN: whoever comes may import any login, 5 an hour and 20 a day from one address. */
  open: boolean
  publicUrl?: string | undefined
  clients: Clients
  /** DATA_DIR/hmac.key; each use derives its own from it. */
  key: Buffer
  now(): Date
  /** `github.com`, or a GHES. */
  host: string
  /** How it is reached: GHE_PROTOCOL. */
  protocol: string
  log: SignInDeps['log']
  /** Ends the open streams of events, without which the server cannot close. */
  ending: AbortSignal
}

interface ImportPageDeps {
  imports: Imports
  earned: Earned
  frame: Frame
  sessions: Sessions
  visitors: Visitors
  isOpen: boolean
}

const RIG_PAGES = '/rigs/*'
const OUR_PATHS = ['/import/*', RIG_PAGES, '/sign-in', '/sign-out']

export function importPages(options: ImportOptions): Hono {
  const { imports, earned, signIn, open, key, now, log, clients } = options
  const site = siteAt(options.publicUrl)
  const sessions = createSessions(key, site, now)
  const deps: ImportPageDeps = {
    imports,
    earned,
    frame: {
      base: site.base,
      host: options.host,
      pages: pagesOf(options.host, options.protocol),
      canSignIn: signIn !== undefined,
    },
    sessions,
    visitors: createVisitors(key, now, clients),
    isOpen: open,
  }
  const missed = (error: unknown) => log.error({ err: error }, 'an import could not be looked at')
  const events = importEvents(
    importWatch((job) => imports.find(job), missed),
    options.ending,
  )
  const app = new Hono()
  const pictures = picturesAt(deps.frame.host, deps.frame.pages)
  for (const path of OUR_PATHS) {
    const images = path === RIG_PAGES && pictures !== undefined ? [pictures] : []
    app.use(path, securityHeaders({ script: JOB_SCRIPT, referrer: 'same-origin', images }))
    app.use(path, bodyLimit({ maxSize: 4096 }))
    app.use(path, csrf({ origin: (origin, context) => origin === site.originOf(context) }))
    app.on('POST', path, async (context, next) => {
      const { token } = await context.req.parseBody()
      return sessions.isOwnForm(context, token) ? next() : context.html(staleFormPage(site.base), 403)
    })
  }
  return app
    .notFound(notFound(options.publicUrl))
    .onError((error, context) => {
      if (error instanceof HTTPException) return context.html(staleFormPage(site.base), error.status)
      if (error instanceof Unavailable) return context.html(unavailablePage(site.base), 503)
      log.error({ err: error }, 'a page of the importer failed')
      return context.html(brokenPage(site.base), 500)
    })
    .route('/', signInPages({ imports, app: signIn, site, sessions, log }))
    .post('/sign-out', (context) => {
      sessions.end(context)
      return context.redirect(`${site.base}/import`, 303)
    })
    .get('/import', (context) => showImport(deps, context))
    .post('/import', (context) => startImport(deps, context))
    .get('/import/forget', (context) => showForget(deps, context))
    .post('/import/forget', (context) => forget(deps, context))
    .get('/import/:job', (context) => showJob(deps, context, context.req.param('job')))
    .get('/import/:job/events', async (context) => {
      const job = await find(deps, context.req.param('job'))
      if (job === undefined) return context.html(unknownImportPage(site.base), 404)
      const person = sessions.of(context)?.person
      return events(context, job.id, person === undefined ? clients.networkOf(context) : `person ${person.id}`)
    })
    .post('/import/:job/cancel', (context) => cancel(deps, context, context.req.param('job')))
    .get('/rigs/:handle', (context) => showSheet(deps, context, context.req.param('handle').toLowerCase()))
}

async function showImport(deps: ImportPageDeps, context: Context, refused?: { login: string; fault: string }) {
  const { imports, frame, sessions, isOpen } = deps
  const person = sessions.of(context)?.person
  const sheet = person === undefined ? undefined : await imports.sheetOf(person)
  const hasForm = person !== undefined || isOpen
  const formToken = hasForm ? sessions.formToken(context) : ''
  const view = { ...frame, person, sheet, isOpen, formToken, ...refused }
  return context.html(importPage(view), refused === undefined ? 200 : 400)
}

async function startImport(deps: ImportPageDeps, context: Context) {
  const session = deps.sessions.of(context)
  const ask = session === undefined ? await visitorsAsk(deps, context) : ownAsk(session)
  if ('fault' in ask) return showImport(deps, context, ask)
  const requested = await deps.imports.request(ask)
  if ('refused' in requested) return showImport(deps, context, { login: ask.login, fault: requested.refused })
  return context.redirect(`${deps.frame.base}/import/${requested.job}`, 303)
}

function ownAsk({ person, token }: Session): ImportAsk {
  return { login: person.login, by: { way: 'form', person, token } }
}

async function visitorsAsk(
  deps: ImportPageDeps,
  context: Context,
): Promise<ImportAsk | { login: string; fault: string }> {
  const { login: typed } = await context.req.parseBody()
  const login = typeof typed === 'string' ? typed.trim().replace(/^@/, '').slice(0, 100) : ''
  if (!deps.isOpen) return { login, fault: 'Nobody can import here without signing in. Nothing was done.' }
  if (!LOGIN.test(login)) {
    const fault =
      'That is no login. It has up to 39 letters, digits, hyphens and underscores, as it stands in the address of a profile.'
    return { login, fault }
  }
  const visitor = deps.visitors.of(context)
  const over = deps.visitors.admit(visitor)
  if (over === undefined) return { login, by: { way: 'open form', visitor } }
  const fault =
    `From your address 5 imports an hour and 20 a day are taken. The next one can begin in ${duration(over.wait)}` +
    (deps.frame.canSignIn ? '; or sign in to import your own profile now.' : '.')
  return { login, fault }
}

async function showForget({ imports, frame, sessions }: ImportPageDeps, context: Context) {
  const person = sessions.of(context)?.person
  if (person === undefined)
    return context.redirect(`${frame.base}${frame.canSignIn ? '/sign-in?to=/import/forget' : '/import'}`)
  const sheet = await imports.sheetOf(person)
  return context.html(forgetPage({ ...frame, person, sheet, formToken: sessions.formToken(context) }))
}

async function forget({ imports, frame, sessions }: ImportPageDeps, context: Context) {
  const session = sessions.of(context)
  if (session === undefined) return context.html(staleFormPage(frame.base), 403)
  // Of a form without a choice the profile alone goes.
  const declines = (await context.req.parseBody())['choice'] === 'part'
  const forgotten = await imports.erase(session.person, { declines })
  sessions.end(context)
  return context.html(forgottenPage({ base: frame.base, ...forgotten }))
}

async function find({ imports }: ImportPageDeps, job: string) {
  return isJob(job) ? imports.find(job) : undefined
}

async function showJob(deps: ImportPageDeps, context: Context, id: string) {
  const { imports, frame, sessions } = deps
  const job = await find(deps, id)
  if (job === undefined) return context.html(unknownImportPage(frame.base), 404)
  const person = sessions.of(context)?.person
  const mayCancel = person !== undefined && person.id === job.askedBy && !isOver(job)
  const formToken = mayCancel ? sessions.formToken(context) : undefined
  const sheet = job.state === 'done' && job.sheet !== undefined ? await imports.sheet(job.sheet.handle) : undefined
  return context.html(jobPage({ base: frame.base, job, formToken, sheet }))
}

/** Whether it is theirs, `cancel` knows; either way the import's page says how it stands. */
async function cancel(deps: ImportPageDeps, context: Context, id: string) {
  const { imports, frame, sessions } = deps
  const session = sessions.of(context)
  const job = await find(deps, id)
  if (job === undefined) return context.html(unknownImportPage(frame.base), 404)
  if (session === undefined) return context.html(staleFormPage(frame.base), 403)
  await imports.cancel(job.id, session.person)
  return context.redirect(`${frame.base}/import/${job.id}`, 303)
}

async function showSheet({ imports, earned, frame, sessions }: ImportPageDeps, context: Context, handle: string) {
  const isName = isHandle(handle)
  const named = isName ? await imports.sheet(handle) : undefined
  // Both stores choose handles by themselves: one person may be called differently in them, and two alike.
  const isOurs = named === undefined || entityHost(named.person.host) === entityHost(frame.host)
  const rig = isName && isOurs ? await earned.find(named?.person ?? handle) : undefined
  const sheet = named ?? (rig?.account && (await imports.sheetOf(rig.account)))
  if (sheet === undefined && rig === undefined)
    return context.html(unknownRigPage(frame.base, handle.slice(0, 64)), 404)
  const person = sessions.of(context)?.person
  const whose = sheet?.person ?? { host: frame.host, id: rig?.account?.id }
  const isTheirs = person !== undefined && person.id === whose.id && whose.host === frame.host
  // Imported by another while they were signed in already.
  if (isTheirs && sheet?.isClaimed === false) await imports.claim(person)
  return context.html(rigPage({ ...frame, sheet, rig, isTheirs }))
}
