import type { Context, NotFoundHandler } from 'hono'
import { html } from 'hono/html'
import type { PageView } from '../layout/frame.ts'
import type { Page } from '../page.ts'

export interface FallbackOptions {
  base(): string
  pages: readonly Page[]
  /** Whether the stores are open. */
  isStarted(): boolean
}

/** Matches a path with slashes at its end. The path of a page has up to three parts. */
const SLASHED = /^\/([^/]{1,64}(?:\/[a-z0-9_-]{1,64}){0,2})\/{1,8}$/i

/**
 * The answer where no page gives one. While the bridge starts: that the page will come. For a path with a slash at its
 * end: a redirect to the path without it. Otherwise: that there is no such page, for programs and below /api in a line
 * of text. `hono/trailing-slash` is not used: it knows no path of PUBLIC_URL before ours, answers 301, and redirects
 * from any address to any other.
 */
export function fallback({ base, pages, isStarted }: FallbackOptions): NotFoundHandler {
  const shown = pages.filter((page) => page.get !== undefined)
  const firstOf = (list: readonly Page[]) =>
    new Set(list.map(({ path }) => firstPart(path)).filter((part) => part !== ''))
  const later = firstOf(shown.filter(({ needs }) => needs === 'stores'))
  const known = firstOf(shown)
  return (context) => {
    const { path } = context.req
    if (!isStarted() && later.has(firstPart(path))) {
      context.header('Retry-After', '10')
      return context.render(notStartedPage(base()), 503)
    }
    const [, plain] = SLASHED.exec(path) ?? []
    if (plain !== undefined && known.has(firstPart(path).toLowerCase()) && isRead(context))
      return context.redirect(`${base()}/${plain}${new URL(context.req.url).search}`, 308)
    const isBrowser = context.req.header('accept')?.includes('text/html') === true && !path.startsWith('/api/')
    if (isBrowser) return context.render(notFoundPage(base()), 404)
    return context.text(`404 Not Found: wasteland-bridge has no such page. ${base()}/ says what there is.\n`, 404)
  }
}

function firstPart(path: string): string {
  return path.split('/')[1] ?? ''
}

function isRead({ req: { method } }: Context): boolean {
  return method === 'GET' || method === 'HEAD'
}

function notFoundPage(base: string): PageView {
  const body = html`
    <p>This bridge has no page at this address. It may be cut short, or from another bridge.</p>
    <ul>
      <li><a href="${base}/">What this is, and whose stamps there are</a></li>
      <li><a href="${base}/import">Import a character sheet</a></li>
    </ul>
    <p class="soft">
      Items, claims and reviews have their pages on GitHub: write <code>/wl board</code> or <code>/wl status</code> in a
      comment there.
    </p>
  `
  return { title: 'There is no such page', body }
}

function notStartedPage(base: string): PageView {
  const body = html`
    <p>The bridge is not set up, or still starting. Load this page again in a minute.</p>
    <p class="soft"><a href="${base}/readyz">What it waits for</a></p>
  `
  return { title: 'Not ready yet', body }
}
