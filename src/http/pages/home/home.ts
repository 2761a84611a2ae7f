/**
 * What answers before any store is up, and wherever no other page does.
 *
 *   /              what this is and where to go
 *   /rigs?handle=  on to a rig's page, for the form there
 *   /favicon.ico, /favicon.svg, /robots.txt
 *   anything else  a page that says so (`notFound`); a line of text for programs and below /api
 */
import { type Context, Hono } from 'hono'
import { homePage, notFoundPage, notStartedPage } from './views.ts'
import { ICON, secured } from '../../layout/frame.ts'
import { isHandle, siteAt } from '../../site.ts'

export interface HomeOptions {
  publicUrl: string | undefined
  /** `github.com`, or a GHES. */
  host: string
}

const secure = secured()
const DAY_S = 86_400

/** The pages of which each has its address. */
export function homePages({ publicUrl, host }: HomeOptions): Hono {
  const { base } = siteAt(publicUrl)
  const icon = (context: Context) =>
    context.body(ICON, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': `max-age=${DAY_S}` })
  return new Hono()
    .get('/', (context) => {
      secure(context)
      return context.html(homePage({ base, host }))
    })
    .get('/rigs', (context) => {
      const handle = (context.req.query('handle') ?? '').trim().replace(/^@/, '').toLowerCase()
      if (isHandle(handle)) return context.redirect(`${base}/rigs/${handle}`, 303)
      secure(context)
      const fault = handle === '' ? undefined : 'That is no name of a rig. Most are called as their login on GitHub.'
      return context.html(homePage({ base, host, fault }), fault === undefined ? 200 : 400)
    })
    .get('/favicon.ico', icon)
    .get('/favicon.svg', icon)
    .get('/robots.txt', (context) =>
      context.text(
        `User-agent: *\n${['import', 'rigs', 'sign-in', 'setup'].map((room) => `Disallow: ${base}/${room}\n`).join('')}`,
      ),
    )
}

/** Addresses of ours with a slash at the end, which are led to the one without. */
const SLASHED = /^(\/(?:import|rigs|setup|sign-in)(?:\/[a-z0-9_-]{1,64}){0,2})\/{1,8}$/i

/** Pages that are there once the bridge has its stores. */
const LATER = /^\/(?:import|rigs|sign-in)(?:\/|$)/

/** The answer of a bridge that has not started wholly yet. */
export function notStarted(publicUrl: string | undefined): (context: Context) => Response | Promise<Response> {
  const { base } = siteAt(publicUrl)
  const missing = notFound(publicUrl)
  return (context) => {
    if (!LATER.test(context.req.path)) return missing(context)
    secure(context)
    context.header('Retry-After', '10')
    return context.html(notStartedPage(base), 503)
  }
}

/** The answer where there is no page. */
export function notFound(publicUrl: string | undefined): (context: Context) => Response | Promise<Response> {
  const { base } = siteAt(publicUrl)
  return (context) => {
    const { method, path } = context.req
    const isLooking = method === 'GET' || method === 'HEAD'
    const [, plain] = SLASHED.exec(path) ?? []
    if (plain !== undefined && isLooking)
      return context.redirect(`${base}${plain}${new URL(context.req.url).search}`, 308)
    const isBrowser = context.req.header('accept')?.includes('text/html') === true && !path.startsWith('/api/')
    if (!isBrowser)
      return context.text(`404 Not Found: wasteland-bridge has no such page. ${base}/ says what there is.\n`, 404)
    secure(context)
    return context.html(notFoundPage(base), 404)
  }
}
