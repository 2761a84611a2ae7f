/**
 * Signing in with GitHub: /sign-in goes there with a state that this browser alone carries, SIGNED_IN_PATH comes back
 * and begins a session. A sheet that is there is its owner's from then on.
 */
import { Hono, type Context } from 'hono'
import {
  authorizeUrl,
  refusalInWords,
  signInWith,
  SignInError,
  type SignedIn,
  type SignInApp,
} from '../../../github/sign-in.ts'
import { SIGNED_IN_PATH } from '../../../github/manifest.ts'
import type { Imports } from '../../../domain/imports.ts'
import { noSignInPage, notSignedInPage, strangeAnswerPage } from '../import/faults.ts'
import { newSecret, type Departure, type Sessions } from '../../middleware/sessions.ts'
import { knownPath, type Site } from '../../site.ts'

export interface SignInDeps {
  imports: Pick<Imports, 'claim'>
  app: SignInApp | undefined
  site: Site
  sessions: Sessions
  log: { error(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export function signInPages(deps: SignInDeps): Hono {
  const { app, site } = deps
  if (app === undefined) {
    const none = (context: Context) => context.html(noSignInPage(site.base), 404)
    return new Hono().get('/sign-in', none).get(SIGNED_IN_PATH, none)
  }
  return new Hono()
    .get('/sign-in', (context) => leave(deps, app, context))
    .get(SIGNED_IN_PATH, (context) => comeBack(deps, app, context))
}

function redirectUri(site: Site, context: Context): string {
  return site.originOf(context) + site.base + SIGNED_IN_PATH
}

function leave({ site, sessions }: SignInDeps, app: SignInApp, context: Context) {
  const departure: Departure = { state: newSecret(), verifier: newSecret(), to: knownPath(context.req.query('to')) }
  sessions.depart(context, departure)
  return context.redirect(authorizeUrl(app, { ...departure, redirectUri: redirectUri(site, context) }))
}

async function comeBack(deps: SignInDeps, app: SignInApp, context: Context) {
  const { site, sessions, log } = deps
  const { code, state, error } = context.req.query()
  const departure = sessions.arrive(context, state)
  if (error !== undefined) return context.html(notSignedInPage(site.base, refusalInWords(error)), 403)
  if (departure === undefined || code === undefined) return context.html(strangeAnswerPage(site.base), 403)
  const answer = { code, redirectUri: redirectUri(site, context), verifier: departure.verifier }
  try {
    const signedIn = await signInWith(app, answer)
    sessions.start(context, signedIn)
    await claim(deps, signedIn)
    return context.redirect(site.base + departure.to, 303)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    log.warn({ err: error }, 'nobody could be signed in')
    return context.html(notSignedInPage(site.base, error.message), 502)
  }
}

/** A store that is away keeps nobody from signing in: the next time does it. */
async function claim({ imports, log }: SignInDeps, { person }: SignedIn) {
  await imports.claim(person).catch((error: unknown) => log.error({ err: error }, 'a sheet was not claimed'))
}
