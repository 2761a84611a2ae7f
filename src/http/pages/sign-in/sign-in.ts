import { authorizeUrl } from '../../../github/sign-in.ts'
import type { Departure } from '../../middleware/sessions.ts'
import { page } from '../../page.ts'
import { newSecret } from '../../secrets.ts'
import { knownPath } from '../../site.ts'
import { noSignInPage } from './faults.ts'
import { redirectUri } from './redirect-uri.ts'

/** Redirects to GitHub's sign-in, with a state that this browser alone carries. */
export const signIn = page({
  path: '/sign-in',
  needs: 'stores',
  noRobots: true,
  security: () => ({ referrer: 'same-origin' }),
  get({ site, sessions, signIn: app }, context) {
    if (app === undefined) return context.render(noSignInPage(site.base), 404)
    const departure: Departure = { state: newSecret(), verifier: newSecret(), to: knownPath(context.req.query('to')) }
    sessions.depart(context, departure)
    return context.redirect(authorizeUrl(app, { ...departure, redirectUri: redirectUri(site, context) }))
  },
})
