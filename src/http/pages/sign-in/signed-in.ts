import type { Context } from 'hono'
import { SIGNED_IN_PATH } from '../../../github/manifest.ts'
import { refusalInWords, signInWith, SignInError, type SignedIn, type SignInApp } from '../../../github/sign-in.ts'
import type { PageDeps } from '../../page-deps.ts'
import { page } from '../../page.ts'
import { noSignInPage, notSignedInPage, strangeAnswerPage } from './faults.ts'
import { redirectUri } from './redirect-uri.ts'

/**
 * The page that GitHub redirects to after signing in: starts a session. From then on a sheet of the person counts as
 * claimed by its owner.
 */
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

/**
 * Marks the person's sheet as claimed. Where the store does not answer, the person is signed in all the same, and the
 * next time marks it.
 */
async function claim({ imports, log }: PageDeps, { person }: SignedIn) {
  await imports.claim(person).catch((error: unknown) => log.error({ err: error }, 'a sheet was not claimed'))
}
