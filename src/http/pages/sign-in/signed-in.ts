import type { Context } from 'hono'
import { SIGNED_IN_PATH } from '../../../github/manifest.ts'
import { refusalInWords, signInWith, SignInError, type SignedIn, type SignInApp } from '../../../github/sign-in.ts'
import type { PageDeps } from '../../page-deps.ts'
import { page } from '../../page.ts'
import { noSignInPage, notSignedInPage, strangeAnswerPage } from './faults.ts'
import { redirectUri } from './redirect-uri.ts'

/** GitHub's redirect: begins a session. A sheet that is there is its owner's from then on. */
export const signedIn = page({
  path: SIGNED_IN_PATH,
  needs: 'stores',
  security: () => ({ referrer: 'same-origin' }),
  get: (deps, context) =>
    deps.signIn === undefined
      ? context.render(noSignInPage(deps.site.base), 404)
      : comeBack(deps, deps.signIn, context),
})

async function comeBack(deps: PageDeps, app: SignInApp, context: Context) {
  const { site, sessions, log } = deps
  const { code, state, error } = context.req.query()
  const departure = sessions.arrive(context, state)
  if (error !== undefined) return context.render(notSignedInPage(site.base, refusalInWords(error)), 403)
  if (departure === undefined || code === undefined) return context.render(strangeAnswerPage(site.base), 403)
  const answer = { code, redirectUri: redirectUri(site, context), verifier: departure.verifier }
  try {
    const signedIn = await signInWith(app, answer)
    sessions.start(context, signedIn)
    await claim(deps, signedIn)
    return context.redirect(site.base + departure.to, 303)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    log.warn({ err: error }, 'nobody could be signed in')
    return context.render(notSignedInPage(site.base, error.message), 502)
  }
}

/** A store that is away keeps nobody from signing in: the next time does it. */
async function claim({ imports, log }: PageDeps, { person }: SignedIn) {
  await imports.claim(person).catch((error: unknown) => log.error({ err: error }, 'a sheet was not claimed'))
}
