import { page } from '../../page.ts'
import { isHandle } from '../../site.ts'
import { showHome } from './home.ts'

/** The page `/rigs?handle=`: redirects to a rig's page, for the form of the first page. */
export const findRig = page({
  path: '/rigs',
  needs: 'nothing',
  get(shell, context) {
    const handle = (context.req.query('handle') ?? '').trim().replace(/^@/, '').toLowerCase()
    if (isHandle(handle)) return context.redirect(`${shell.site().base}/rigs/${handle}`, 303)
    const fault = handle === '' ? undefined : 'That is no name of a rig. Most are called as their login on GitHub.'
    return showHome(shell, context, fault)
  },
})
