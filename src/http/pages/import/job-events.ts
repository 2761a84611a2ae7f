import { page } from '../../page.ts'
import { unknownImportPage } from './faults.ts'
import { findJob } from './find-job.ts'

/** The event stream of an import: its state, as it changes. */
export const jobEvents = page({
  path: '/import/:job/events',
  needs: 'stores',
  security: () => ({ referrer: 'same-origin' }),
  async get(deps, context) {
    const job = await findJob(deps, context.req.param('job') ?? '')
    if (job === undefined) return context.render(unknownImportPage(deps.frame.base), 404)
    const person = deps.sessions.of(context)?.person
    return deps.events(context, job.id, person === undefined ? deps.networkOf(context) : `person ${person.id}`)
  },
})
