import { Hono, type MiddlewareHandler } from 'hono'
import { REGISTERED_PATH } from '../../../github/manifest.ts'
import { pageFrame } from '../../layout/frame.ts'
import { isRegistered } from './credentials.ts'
import { alreadyRegisteredPage, closedPage, foreignHostPage } from './faults.ts'
import type { SetupGuard } from './guard.ts'
import type { Setup } from './setup.ts'
import { tokenAcceptedPage } from './views.ts'

/** What stands before the pages of set-up, and leads to them from the first one until the App is registered. */
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

/** GitHub's redirect has its state to show. */
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
