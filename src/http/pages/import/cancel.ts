import { page } from '../../page.ts'
import { unknownImportPage } from './faults.ts'
import { findJob } from './find-job.ts'

/** Whether it is theirs, `cancel` knows; either way the import's page says how it stands. */
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
