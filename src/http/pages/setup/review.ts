import type { Context } from 'hono'
import { UserError } from '../../../domain/errors.ts'
import { appManifest, type HookAddress } from '../../../github/manifest.ts'
import { page } from '../../page.ts'
import { appNameOf, ChoicesForm, hookFromForm, registrationUrl, type Choices } from './form.ts'
import type { Registration, Setup } from './setup.ts'
import { REVIEW_PATH, showStart, toGitHub } from './start.ts'
import { reviewPage } from './views.ts'

/** The page with the form that carries the manifest to GitHub, with a state. */
export const review = page({
  path: REVIEW_PATH,
  needs: 'setup',
  security: toGitHub,
  formBytes: 16 * 1024,
  async post(setup, context) {
    const choices = ChoicesForm.parse(await context.req.parseBody())
    try {
      const registration = { choices, hook: await hookFor(setup, choices) }
      return context.render(carryToGitHub(setup, context, registration))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return showStart(setup, context, choices, error)
    }
  },
})

async function hookFor({ options, fixedHook, newChannel }: Setup, choices: Choices): Promise<HookAddress> {
  // Wrong names are found before a channel is made.
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
