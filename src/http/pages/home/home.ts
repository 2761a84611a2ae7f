import type { Context } from 'hono'
import { page, type Shell } from '../../page.ts'
import { homePage } from './views.ts'

/** The first page: what this is, and where to go. It answers before any store is open. */
export const home = page({
  path: '/',
  needs: 'nothing',
  get: (shell, context) => showHome(shell, context),
})

/** Shows the first page. `fault`: the error of the form that asks for a rig. */
export async function showHome({ site, host, wastelandName }: Shell, context: Context, fault?: string) {
  const view = homePage({ base: site().base, host, name: await wastelandName(), fault })
  return context.render(view, fault === undefined ? 200 : 400)
}
