import type { Context } from 'hono'
import type { UserError } from '../../../domain/errors.ts'
import { hookUrl } from '../../../github/manifest.ts'
import { page, type Shell } from '../../page.ts'
import { NO_CHOICES, type Choices } from './form.ts'
import type { Setup } from './setup.ts'
import { startPage } from './views.ts'

export const REVIEW_PATH = '/setup/review'

/** Lets the forms of set-up post to GitHub too. */
export const toGitHub = ({ github }: Shell) => ({ formTargets: [new URL(github).origin] })

/** The first page of set-up: what will be made, and a form. */
export const startSetup = page({
  path: '/setup',
  needs: 'setup',
  noRobots: true,
  security: toGitHub,
  get: (setup, context) => showStart(setup, context, NO_CHOICES),
})

export function showStart(
  { options, app, formKey, fixedHook }: Setup,
  context: Context,
  choices: Choices,
  fault?: UserError,
) {
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
  return context.render(page, fault === undefined ? 200 : 400)
}
