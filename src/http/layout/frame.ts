import type { MiddlewareHandler } from 'hono'
import { html, raw } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { HtmlEscapedString } from 'hono/utils/html'
import { ICON_ADDRESS } from './icon.ts'
import { STYLE } from './style.ts'

/** A piece of a page. It is made with hono's `html`, which escapes whatever is put into it. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** The content of a page; the frame around it is the same for all. */
export interface PageView {
  title: string
  body: Html
  /** The address to which the page moves on at once, without JavaScript. */
  refreshTo?: string
  /** Other elements for the head of the page. */
  head?: Html
}

/** A link of the navigation. */
export interface NavLink {
  path: string
  label: string
}

interface FrameOptions {
  /** The prefix of each of our paths. Without it, no page has a link to another one. */
  base?: string
  nav?: readonly NavLink[]
  /** The requested path. */
  path?: string
}

declare module 'hono' {
  interface ContextRenderer {
    (view: PageView, status?: ContentfulStatusCode): Response | Promise<Response>
  }
}

/**
 * Middleware that lets handlers answer with `context.render(view)` in this frame. It is not async, so that no stack of
 * a webhook goes through it.
 */
export function pageFrame(frame: () => Omit<FrameOptions, 'path'>): MiddlewareHandler {
  return (context, next) => {
    context.setRenderer((view, status) => context.html(wholePage(view, { ...frame(), path: context.req.path }), status))
    return next()
  }
}

/** The style element, in one piece: the hash in the Content-Security-Policy covers every blank between its tags. */
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)

function wholePage({ title, body, refreshTo, head }: PageView, frame: FrameOptions): Html {
  const refresh = refreshTo === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${refreshTo}" />`
  const { base } = frame
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
        <header>${name}${navigation(frame)}</header>
        <main>
          <h1><bdi>${title}</bdi></h1>
          ${body}
        </main>
      </body>
    </html>`
}

function navigation({ base, nav = [], path }: FrameOptions): Html | '' {
  if (base === undefined || nav.length === 0) return ''
  return html`<nav aria-label="Pages">
    ${nav.map(
      (link) =>
        html`<a href="${base}${link.path}" ${link.path === path ? raw('aria-current="page"') : ''}>${link.label}</a>`,
    )}
  </nav>`
}
