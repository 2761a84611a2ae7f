import { convertManifestCode, ManifestError, REGISTERED_PATH } from '../../../github/manifest.ts'
import { page } from '../../page.ts'
import { credentialsFile, saveCredentials, UnwritableError } from './credentials.ts'
import { foreignHostPage, notRegisteredPage, wrongStatePage } from './faults.ts'
import { toGitHub } from './start.ts'
import { registeredPage } from './views.ts'

/** The page that GitHub redirects to: code → credentials → DATA_DIR/app.env. The state guards it. */
export const registered = page({
  path: REGISTERED_PATH,
  needs: 'setup',
  security: toGitHub,
  async get({ options, guard, pending }, context) {
    if (!guard.knowsHost(context)) return context.render(foreignHostPage(), 403)
    const registration = pending.take(context.req.query('state'))
    if (registration === undefined) return context.render(wrongStatePage(), 403)
    const code = context.req.query('code') ?? ''
    try {
      const registered = await saveCredentials(options.dataDir, async () => ({
        credentials: await convertManifestCode({ apiUrl: options.apiUrl, code }),
        ...registration.hook,
      }))
      options.onRegistered(registered)
      const { owner } = registration.choices
      const file = credentialsFile(options.dataDir)
      return context.render(registeredPage({ credentials: registered.credentials, file, owner }))
    } catch (error) {
      if (!(error instanceof ManifestError) && !(error instanceof UnwritableError)) throw error
      // The state was valid for one answer; another try gets its own.
      const retry = () => `registered?${new URLSearchParams({ code, state: pending.add(registration) }).toString()}`
      const again = error.retryable ? retry() : undefined
      return context.render(notRegisteredPage({ message: error.message, again }), 502)
    }
  },
})
