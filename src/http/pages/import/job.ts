import { page } from '../../page.ts'
import { unknownImportPage } from './faults.ts'
import { findJob } from './find-job.ts'
import { JOB_SCRIPT, jobPage } from './job-views.ts'
import { isOver } from './words.ts'

/** The page of an import: its state. */
export const importJob = page({
  path: '/import/:job',
  needs: 'stores',
  security: () => ({ script: JOB_SCRIPT, referrer: 'same-origin' }),
  async get(deps, context) {
    const { imports, frame, sessions } = deps
    const job = await findJob(deps, context.req.param('job') ?? '')
    if (job === undefined) return context.render(unknownImportPage(frame.base), 404)
    const person = sessions.of(context)?.person
    const mayCancel = person !== undefined && person.id === job.askedBy && !isOver(job)
    const formToken = mayCancel ? sessions.formToken(context) : undefined
    const sheet = job.state === 'done' && job.sheet !== undefined ? await imports.sheet(job.sheet.handle) : undefined
    return context.render(jobPage({ base: frame.base, job, formToken, sheet }))
  },
})
