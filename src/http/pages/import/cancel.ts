import { page } from '../../page.ts'
import { unknownImportPage } from './faults.ts'
import { findJob } from './find-job.ts'

/**
 * Cancels an import. `imports.cancel` checks that it is the person's own; either way the page of the import says how it
 * went.
 */
export const cancelImport = page({
  path: '/import/:job/cancel',
  needs: 'stores',
  security: () => ({ referrer: 'same-origin' }),
  async post(deps, context) {
    const { imports, forms, frame, sessions } = deps
    const session = sessions.of(context)
    const job = await findJob(deps, context.req.param('job') ?? '')
    if (job === undefined) return context.render(unknownImportPage(frame.base), 404)
    if (session === undefined) return context.render(forms.stale, 403)
    await imports.cancel(job.id, session.person)
    return context.redirect(`${frame.base}/import/${job.id}`, 303)
  },
})
