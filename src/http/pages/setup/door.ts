import { Hono, type MiddlewareHandler } from 'hono'
import { REGISTERED_PATH } from '../../../github/manifest.ts'
import { pageFrame } from '../../layout/frame.ts'
import { isRegistered } from './credentials.ts'
import { alreadyRegisteredPage, closedPage, foreignHostPage } from './faults.ts'
import type { SetupGuard } from './guard.ts'
import type { Setup } from './setup.ts'
import { tokenAcceptedPage } from './views.ts'

/**
 * The middleware before the pages of set-up: who may see them, and whether the App is registered already. The first
 * page redirects to set-up until it is.
 */
export function setupDoor({ options, guard }: Setup): Hono {
  return new Hono()
    .use(
      '/setup/*',
      pageFrame(() => ({})),
      onlyUnregistered(options.dataDir),
      onlyAdmitted(guard),
    )
    .get('/', async (context, next) => ((await isRegistered(options.dataDir)) ? next() : context.redirect('setup')))
}

function onlyUnregistered(dataDir: string): MiddlewareHandler {
  return async (context, next) => {
    if (await isRegistered(dataDir)) return context.render(alreadyRegisteredPage(), 410)
    return next()
  }
}

/** Lets a browser through that has the token of set-up. GitHub's redirect needs none, because its state is checked. */
function onlyAdmitted(guard: SetupGuard): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.path === REGISTERED_PATH && context.req.method !== 'POST') return next()
    const admission = guard.admit(context)
    switch (admission) {
      case 'open':
        return next()
      case 'token':
        return context.render(tokenAcceptedPage())
      case 'closed':
        return context.render(closedPage(), 403)
      case 'foreign-host':
        return context.render(foreignHostPage(), 403)
    }
  }
}
