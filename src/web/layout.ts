import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { STYLE } from './style.ts'

/** A piece of a page: made with hono's `html`, which escapes whatever is put into it. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** In one piece: the hash covers every blank between the tags. */
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)
const STYLE_HASH = hashSource(STYLE)

/** As a policy names a text that may stand in a page. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** A whole page; `refreshTo` moves on at once without JavaScript, `head` is whatever else its head needs. */
export function page(view: { title: string; body: Html; refreshTo?: string; head?: Html }): Html {
  const { title, body, refreshTo, head = '' } = view
  const refresh = refreshTo === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${refreshTo}" />`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh} ${head}
        <link rel="icon" href="data:," />
        <title>${title} · wasteland-bridge</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>wasteland-bridge</header>
        <main>
          <h1><bdi>${title}</bdi></h1>
          ${body}
        </main>
      </body>
    </html>`
}

/**
 * The headers of every page: nothing but the layout's own style loads, no frame may hold the page, no
 * cache keeps it. `formTargets` are origins besides our own that a form may post to. `script` may stand in a page and
 * ask our own addresses. `referrer: 'same-origin'`: without it browsers send forms with the origin `null`.
 */
export function securityHeaders({
  formTargets = [],
  script,
  referrer = 'no-referrer',
}: {
  formTargets?: string[]
  script?: string
  referrer?: 'no-referrer' | 'same-origin'
} = {}): MiddlewareHandler {
  const policy = [
    `default-src 'none'`,
    `style-src ${STYLE_HASH}`,
    ...(script === undefined ? [] : [`script-src ${hashSource(script)}`, `connect-src 'self'`]),
    `img-src 'self' data:`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
  return async (context, next) => {
    await next()
    context.header('Content-Security-Policy', policy)
    context.header('Cache-Control', 'no-store')
    context.header('X-Content-Type-Options', 'nosniff')
    context.header('Referrer-Policy', referrer)
    context.header('X-Frame-Options', 'DENY')
  }
}
