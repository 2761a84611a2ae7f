/**
 * The pages of a bridge without credentials: they register the App through GitHub's manifest flow.
 *
 *   GET  /setup             what will be made, a form          (guarded, see setup-guard.ts)
 *   POST /setup/review      a form that carries the manifest to GitHub, with a state   (guarded)
 *   GET  /setup/registered  GitHub's redirect: code → credentials → DATA_DIR/app.env   (the state guards)
 *
 * Once app.env is there, all of them answer 410 and nothing is written again.
 */
import { randomBytes } from 'node:crypto'
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { UserError } from '../../../domain/errors.ts'
import { readAppFile, type AppDescription } from '../../../github/app-file.ts'
import {
  appManifest,
  convertManifestCode,
  hookUrl,
  ManifestError,
  REGISTERED_PATH,
  type HookAddress,
} from '../../../github/manifest.ts'
import type { Clients } from '../../../ops/client-address.ts'
import { securityHeaders } from '../../layout/frame.ts'
import { credentialsFile, isRegistered, saveCredentials, UnwritableError, type AppEnvironment } from './credentials.ts'
import {
  alreadyRegisteredPage,
  closedPage,
  foreignHostPage,
  notRegisteredPage,
  staleFormPage,
  wrongStatePage,
} from './faults.ts'
import { appNameOf, ChoicesForm, hookFromForm, NO_CHOICES, registrationUrl, type Choices } from './form.ts'
import { type OneTimeToken, sameSecret, setupGuard, type SetupGuard } from './guard.ts'
import { pendingRegistrations, type Pending } from './pending.ts'
import { registeredPage, reviewPage, startPage, tokenAcceptedPage } from './views.ts'

const REVIEW_PATH = '/setup/review'

export interface SetupOptions {
  dataDir: string
  publicUrl?: string
  webhookProxyUrl?: string
  /** https://github.com, or the GHES. */
  gheUrl: string
  /** https://api.github.com, or `<gheUrl>/api/v3`. */
  apiUrl: string
  /** Printed to the terminal as `/setup?token=…`. */
  token: OneTimeToken
  clients: Clients
  /** Whether the server is bound to a loopback address. */
  loopback: boolean
  /** The text of app.yml. */
  appYml: string
  newSmeeChannel?: () => Promise<string>
  /** Called once, when app.env is written and before the last page is sent: start the rest in the background. */
  onRegistered: (registered: AppEnvironment) => void
}

interface Registration {
  choices: Choices
  hook: HookAddress
}

interface Setup {
  options: SetupOptions
  app: AppDescription
  guard: SetupGuard
  pending: Pending<Registration>
  /** In each form, so that no foreign page can post one. */
  formKey: string
  /** Where the environment settles it. */
  fixedHook: HookAddress | undefined
  newChannel: (() => Promise<string>) | undefined
}

export function setupPages(options: SetupOptions): Hono {
  const setup: Setup = {
    options,
    app: readAppFile(options.appYml),
    guard: setupGuard(options),
    pending: pendingRegistrations(),
    formKey: randomBytes(32).toString('base64url'),
    fixedHook: hookFromEnvironment(options),
    newChannel: once(options.newSmeeChannel),
  }
  return new Hono()
    .use('/setup/*', securityHeaders({ formTargets: [new URL(options.gheUrl).origin] }))
    .use('/setup/*', onlyUnregistered(options.dataDir))
    .get(REGISTERED_PATH, (context) => receiveRegistration(setup, context))
    .use('/setup/*', onlyAdmitted(setup.guard))
    .get('/', async (context, next) => ((await isRegistered(options.dataDir)) ? next() : context.redirect('setup')))
    .get('/setup', (context) => showStart(setup, context, NO_CHOICES))
    .post(REVIEW_PATH, bodyLimit({ maxSize: 16 * 1024 }), (context) => review(setup, context))
}

function hookFromEnvironment({ publicUrl, webhookProxyUrl }: SetupOptions): HookAddress | undefined {
  if (webhookProxyUrl !== undefined) return { webhookProxyUrl }
  return publicUrl === undefined ? undefined : { publicUrl }
}

/** One channel serves every attempt; a failed attempt to make one is not kept. */
function once(make: (() => Promise<string>) | undefined): (() => Promise<string>) | undefined {
  if (make === undefined) return undefined
  let made: string | undefined
  return async () => (made ??= await make())
}

function onlyUnregistered(dataDir: string): MiddlewareHandler {
  return async (context, next) => {
    if (await isRegistered(dataDir)) return context.html(alreadyRegisteredPage(), 410)
    return next()
  }
}

function onlyAdmitted(guard: SetupGuard): MiddlewareHandler {
  return async (context, next) => {
    const admission = guard.admit(context)
    switch (admission) {
      case 'open':
        return next()
      case 'token':
        return context.html(tokenAcceptedPage())
      case 'closed':
        return context.html(closedPage(), 403)
      case 'foreign-host':
        return context.html(foreignHostPage(), 403)
    }
  }
}

function showStart({ options, app, formKey, fixedHook }: Setup, context: Context, choices: Choices, fault?: UserError) {
  const page = startPage({
    app,
    githubHost: new URL(options.gheUrl).host,
    // A form with a fault in it is shown at the review page's own address.
    action: context.req.path === REVIEW_PATH ? 'review' : 'setup/review',
    formKey,
    choices,
    hookUrl: fixedHook === undefined ? undefined : hookUrl(fixedHook),
    canMakeChannel: options.newSmeeChannel !== undefined,
    fault,
  })
  return context.html(page, fault === undefined ? 200 : 400)
}

async function review(setup: Setup, context: Context) {
  const form = await context.req.parseBody()
  if (!sameSecret(typeof form.key === 'string' ? form.key : undefined, setup.formKey)) {
    return context.html(staleFormPage(), 403)
  }
  const choices = ChoicesForm.parse(form)
  try {
    const registration = { choices, hook: await hookFor(setup, choices) }
    return context.html(carryToGitHub(setup, context, registration))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return showStart(setup, context, choices, error)
  }
}

async function hookFor({ options, fixedHook, newChannel }: Setup, choices: Choices): Promise<HookAddress> {
  // Wrong names are found before a channel is made for them.
  appNameOf(choices)
  registrationUrl(choices, { gheUrl: options.gheUrl, state: '' })
  return fixedHook ?? hookFromForm(choices, newChannel)
}

function carryToGitHub({ options, guard, pending }: Setup, context: Context, registration: Registration) {
  const { choices, hook } = registration
  const name = appNameOf(choices)
  return reviewPage({
    manifest: appManifest({ appYml: options.appYml, origin: guard.originOf(context), ...(name && { name }), ...hook }),
    action: registrationUrl(choices, { gheUrl: options.gheUrl, state: pending.add(registration) }),
    owner: choices.owner === 'personal' ? 'your own account' : choices.organization,
    githubHost: new URL(options.gheUrl).host,
    throughProxy: 'webhookProxyUrl' in hook,
  })
}

async function receiveRegistration({ options, guard, pending }: Setup, context: Context) {
  if (!guard.knowsHost(context)) return context.html(foreignHostPage(), 403)
  const registration = pending.take(context.req.query('state'))
  if (registration === undefined) return context.html(wrongStatePage(), 403)
  const code = context.req.query('code') ?? ''
  try {
    const registered = await saveCredentials(options.dataDir, async () => ({
      credentials: await convertManifestCode({ apiUrl: options.apiUrl, code }),
      ...registration.hook,
    }))
    options.onRegistered(registered)
    const { owner } = registration.choices
    const file = credentialsFile(options.dataDir)
    return context.html(registeredPage({ credentials: registered.credentials, file, owner }))
  } catch (error) {
    if (!(error instanceof ManifestError) && !(error instanceof UnwritableError)) throw error
    // The state was good for one answer; another try gets its own.
    const retry = () => `registered?${new URLSearchParams({ code, state: pending.add(registration) }).toString()}`
    const again = error.retryable ? retry() : undefined
    return context.html(notRegisteredPage({ message: error.message, again }), 502)
  }
}
