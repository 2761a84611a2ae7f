import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** A piece of a page: made with hono's `html`, which escapes whatever is put into it. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --card: #fff; --ink: #22252a; --soft: #5d636d; --line: #e2dfd7;
  --accent: #9a4b12; --accent-ink: #fff; --field: #8b877d; --bad: #a3211b; --bad-ground: #fdf0ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16181b; --card: #1e2125; --ink: #e6e4df; --soft: #a3a8b0; --line: #33373d;
    --accent: #eba264; --accent-ink: #22140a; --field: #7b818a; --bad: #ff9c92; --bad-ground: #33201f;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
header, main { max-width: 44rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 1.5rem; color: var(--soft); font-size: .9rem; letter-spacing: .02em }
main { padding-bottom: 4rem }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .4rem 0 1rem; text-wrap: balance }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .6rem 0; max-width: 38rem }
a { color: var(--accent); text-underline-offset: .15em }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
pre { margin: .6rem 0; padding: .75rem 1rem; white-space: pre-wrap; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem }
.soft { color: var(--soft) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .25rem 1.1rem;
  margin: 1rem 0 }
.fault { background: var(--bad-ground); border-left: .25rem solid var(--bad); border-radius: .3rem;
  padding: .6rem 1rem; margin: 1rem 0 }
dl { margin: 0 }
dl > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .1rem 1rem; padding: .55rem 0 }
dl > div + div { border-top: 1px solid var(--line) }
dt { font-weight: 600 }
dd { margin: 0; color: var(--soft) }
ol { padding-left: 1.3rem } li { margin: .6rem 0 }
fieldset { border: 1px solid var(--line); border-radius: .6rem; background: var(--card); margin: 1.25rem 0;
  padding: .4rem 1.1rem .9rem }
legend { font-weight: 600; padding: 0 .35rem; margin-left: -.35rem }
.choice { display: grid; grid-template-columns: 1.3rem 1fr; align-items: baseline; gap: .1rem .5rem; margin: .7rem 0 }
.choice > :not(input:first-child) { grid-column: 2 }
.choice > label:first-of-type { font-weight: 500; grid-row: 1 }
input[type=radio] { accent-color: var(--accent); margin: 0; transform: translateY(.1rem) }
input[type=text], input[type=url] {
  width: 100%; max-width: 26rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--field); border-radius: .4rem; padding: .4rem .6rem; margin-top: .25rem;
}
.button, button {
  display: inline-block; font: inherit; font-weight: 600; color: var(--accent-ink); background: var(--accent);
  border: 0; border-radius: .45rem; padding: .6rem 1.2rem; margin: .4rem 0; text-decoration: none; cursor: pointer;
}
.button:hover, button:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
details > summary { cursor: pointer; margin: .8rem 0 }
@media (max-width: 34rem) {
  dl > div { grid-template-columns: minmax(0, 1fr) }
  .button, button { width: 100%; text-align: center }
}
`

/** In one piece: the hash covers every blank between the tags. */
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** A whole page; `refreshTo` moves on at once without JavaScript. */
export function page({ title, body, refreshTo }: { title: string; body: Html; refreshTo?: string }): Html {
  const refresh = refreshTo === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${refreshTo}" />`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <link rel="icon" href="data:," />
        <title>${title} · wasteland-bridge</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>wasteland-bridge</header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
}

/**
 * The headers of every page: nothing but the layout's own style loads, no frame may hold the page, no
 * cache keeps it. `formTargets` are origins besides our own that a form may post to.
 */
export function securityHeaders({ formTargets = [] }: { formTargets?: string[] } = {}): MiddlewareHandler {
  const policy = [
    `default-src 'none'`,
    `style-src ${STYLE_HASH}`,
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
    context.header('Referrer-Policy', 'no-referrer')
    context.header('X-Frame-Options', 'DENY')
  }
}
