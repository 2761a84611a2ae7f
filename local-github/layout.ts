import { html, raw } from 'hono/html'

const style = `
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --quiet: light-dark(#59636e, #9198a1) }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere;
  background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc) }
h1 { font-size: 1.5rem } .quiet, time { color: var(--quiet) }
a { color: light-dark(#0969da, #4493f8) }
.state, .label { border-radius: 1rem; padding: .1rem .7rem; border: 1px solid var(--line) }
.state { color: #fff; background: #1a7f37 } .merged { background: #8250df } .closed { background: #cf222e } .draft { background: #59636e }
article { border: 1px solid var(--line); border-radius: .4rem; margin: 1rem 0 } header, footer { padding: .4rem .8rem; margin: 0 }
.body { border-top: 1px solid var(--line); padding: 0 .8rem } code { font-size: .875em; background: light-dark(#eff1f3, #262c36); padding: .1em .3em; border-radius: .3em }
.checks { list-style: none; padding: 0 } .checks .state { background: #59636e } .checks .success { background: #1a7f37 }
.acts form { border: 1px solid var(--line); border-radius: .4rem; margin: 1rem 0; padding: .6rem .8rem }
.acts textarea { width: 100%; box-sizing: border-box; font: inherit } .acts button, .acts select, .acts input { font: inherit; max-width: 100% }
.checks .action_required, .checks .failure { background: #9a6700 }`

/** The frame of a page of this GitHub; `head` is added to its head. */
export function layout(title: string, content: ReturnType<typeof html>, head?: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${head ?? ''}
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`
}
