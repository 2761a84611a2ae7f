import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
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

/** A stamp's ring; drawn here, so that no page asks for another file. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" fill="none" stroke="#b4581a" ' +
  'stroke-width="2"/><path d="M5 8.2l2.1 2.1L11.2 6" fill="none" stroke="#b4581a" stroke-width="2"/></svg>'
const ICON_ADDRESS = `data:image/svg+xml,${encodeURIComponent(ICON)}`

interface PageView {
  title: string
  body: Html
  /** Before each path of ours; where it is not known, no page leads to the first one. */
  base?: string
  /** Moves on at once without JavaScript. */
  refreshTo?: string
  /** Whatever else its head needs. */
  head?: Html
}

/** A whole page. */
export function page({ title, body, base, refreshTo, head }: PageView): Html {
  const refresh = refreshTo === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${refreshTo}" />`
  const name = base === undefined ? 'wasteland-bridge' : html`<a href="${base}/">wasteland-bridge</a>`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh} ${head ?? ''}
        <link rel="icon" href="${ICON_ADDRESS}" />
        <title>${title} · wasteland-bridge</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>${name}</header>
        <main>
          <h1><bdi>${title}</bdi></h1>
          ${body}
        </main>
      </body>
    </html>`
}

interface Security {
  /** Origins besides our own that a form may post to. */
  formTargets?: string[]
  /** May stand in a page and ask our own addresses. */
  script?: string
  /** Where pictures may come from, besides our own. */
  images?: string[]
  /** `same-origin`: without it browsers send forms with the origin `null`. */
  referrer?: 'no-referrer' | 'same-origin'
}

/**
 * The headers of every page: nothing but the layout's own style loads, no frame may hold the page, no cache keeps it.
 */
export function securityHeaders(security: Security = {}): MiddlewareHandler {
  const secure = secured(security)
  return async (context, next) => {
    await next()
    secure(context)
  }
}

/** Sets those headers. */
export function secured({ formTargets = [], script, images = [], referrer = 'no-referrer' }: Security = {}): (
  context: Context,
) => void {
  const policy = [
    `default-src 'none'`,
    `style-src ${STYLE_HASH}`,
    ...(script === undefined ? [] : [`script-src ${hashSource(script)}`, `connect-src 'self'`]),
    `img-src ${["'self'", 'data:', ...images].join(' ')}`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
  return (context) => {
    context.header('Content-Security-Policy', policy)
    context.header('Cache-Control', 'no-store')
    context.header('X-Content-Type-Options', 'nosniff')
    context.header('Referrer-Policy', referrer)
    context.header('X-Frame-Options', 'DENY')
  }
}
