import type { Context } from 'hono'
import type { ImportAsk } from '../../../domain/imports.ts'
import { LOGIN } from '../../../domain/rig.ts'
import { duration } from '../../../domain/time.ts'
import type { Session } from '../../middleware/sessions.ts'
import type { PageDeps } from '../../page-deps.ts'
import { page } from '../../page.ts'
import { importPage } from './views.ts'

/** The form that imports or refreshes one's own sheet, or anybody's where IMPORT_OPEN is set. */
export const importProfile = page({
  path: '/import',
  needs: 'stores',
  nav: 'Import',
  noRobots: true,
  security: () => ({ referrer: 'same-origin' }),
  get: (deps, context) => showImport(deps, context),
  async post(deps, context) {
    const session = deps.sessions.of(context)
    const ask = session === undefined ? await visitorsAsk(deps, context) : ownAsk(session)
    if ('fault' in ask) return showImport(deps, context, ask)
    const requested = await deps.imports.request(ask)
    if ('refused' in requested) return showImport(deps, context, { login: ask.login, fault: requested.refused })
    return context.redirect(`${deps.frame.base}/import/${requested.job}`, 303)
  },
})

async function showImport(deps: PageDeps, context: Context, refused?: { login: string; fault: string }) {
  const { imports, frame, sessions, isOpen } = deps
  const person = sessions.of(context)?.person
  const sheet = person === undefined ? undefined : await imports.sheetOf(person)
  const hasForm = person !== undefined || isOpen
  const formToken = hasForm ? sessions.formToken(context) : ''
  const view = { ...frame, person, sheet, isOpen, formToken, ...refused }
  return context.render(importPage(view), refused === undefined ? 200 : 400)
}

function ownAsk({ person, token }: Session): ImportAsk {
  return { login: person.login, by: { way: 'form', person, token } }
}

async function visitorsAsk(deps: PageDeps, context: Context): Promise<ImportAsk | { login: string; fault: string }> {
  const { login: typed } = await context.req.parseBody()
  const login = typeof typed === 'string' ? typed.trim().replace(/^@/, '').slice(0, 100) : ''
  if (!deps.isOpen) return { login, fault: 'Nobody can import here without signing in. Nothing was done.' }
  if (!LOGIN.test(login)) {
    const fault =
      'That is no login. It has up to 39 letters, digits, hyphens and underscores, as it stands in the address of a profile.'
    return { login, fault }
  }
  const visitor = deps.visitors.of(context)
  const over = await deps.visitors.admit(visitor)
  if (over === undefined) return { login, by: { way: 'open form', visitor } }
  const fault =
    `From your address 5 imports an hour and 20 a day are taken. The next one can begin in ${duration(over.wait)}` +
    (deps.frame.canSignIn ? '; or sign in to import your own profile now.' : '.')
  return { login, fault }
}
