import { page } from '../../page.ts'
import { forgetPage, forgottenPage } from './views.ts'

/** The form that erases what was imported of a person. It says first what is removed and what stays. */
export const forgetProfile = page({
  path: '/import/forget',
  needs: 'stores',
  security: () => ({ referrer: 'same-origin' }),
  async get({ imports, frame, sessions }, context) {
    const person = sessions.of(context)?.person
    if (person === undefined)
      return context.redirect(`${frame.base}${frame.canSignIn ? '/sign-in?to=/import/forget' : '/import'}`)
    const sheet = await imports.sheetOf(person)
    return context.render(forgetPage({ ...frame, person, sheet, formToken: sessions.formToken(context) }))
  },
  async post({ imports, forms, frame, sessions }, context) {
    const session = sessions.of(context)
    if (session === undefined) return context.render(forms.stale, 403)
    // A form without a choice erases the profile alone.
    const declines = (await context.req.parseBody())['choice'] === 'part'
    const forgotten = await imports.erase(session.person, { declines })
    sessions.end(context)
    return context.render(forgottenPage({ base: frame.base, ...forgotten }))
  },
})
