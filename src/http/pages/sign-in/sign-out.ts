import { page } from '../../page.ts'

export const signOut = page({
  path: '/sign-out',
  needs: 'stores',
  security: () => ({ referrer: 'same-origin' }),
  post({ site, sessions }, context) {
    sessions.end(context)
    return context.redirect(`${site.base}/import`, 303)
  },
})
