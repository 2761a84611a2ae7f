import { html } from 'hono/html'
import type { Html, PageView } from '../../layout/frame.ts'
import { siteName } from '../../layout/site-name.ts'

interface HomeView {
  base: string
  host: string
  /** The name of the wasteland, where it has one. */
  name: string | undefined
  fault?: string | undefined
}

const WASTELAND = 'https://github.com/gastownhall/wasteland'

/** The first page: what this is, and where to go. */
export function homePage({ base, host, name, fault }: HomeView): PageView {
  const body = html`
    <p class="lead">
      This is a bridge between ${siteName(host)} and a <a href="${WASTELAND}">Wasteland</a>: a public ledger of wanted
      items, of the work that people did on them, and of the stamps that maintainers gave that work.
    </p>
    <p>
      It runs as a GitHub App. A pull request that names an item claims it; once a maintainer writes
      <code>/wl stamp quality=4</code> there, the stamp is in the ledger. Nobody has to leave GitHub for that.
    </p>
    <h2>On GitHub</h2>
    <ul>
      <li>
        <code>/wl board</code> in a comment on any issue or pull request that this bridge serves lists open items.
      </li>
      <li><code>/wl help</code> explains every command, <code>/wl sheet</code> shows your own work and stamps.</li>
      <li>A line <code>Wanted: w-…</code> in the description of a pull request takes the item.</li>
    </ul>
    <h2>Here</h2>
    ${fault === undefined ? '' : html`<p class="fault" role="alert">${fault}</p>`} ${rigForm(base)}
    <ul>
      <li>
        <a href="${base}/import">Import a character sheet</a>: what somebody did in public on GitHub, with evidence.
      </li>
      <li><a href="${base}/import/forget">Have what was imported of you forgotten</a></li>
    </ul>
    <p class="soft small">
      For whoever runs this bridge: <a href="${base}/readyz">whether all of it works</a> and
      <a href="${base}/metrics">its numbers</a>.
    </p>
  `
  return { title: name ?? 'A Wasteland on GitHub', body }
}

function rigForm(base: string): Html {
  return html`<form class="card" method="get" action="${base}/rigs">
    <p>
      <label for="handle">Whose stamps and sheet do you look for? A login on GitHub</label>
      <input
        id="handle"
        name="handle"
        type="text"
        maxlength="64"
        required
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
      />
    </p>
    <div class="actions"><button class="second">Show it</button></div>
  </form>`
}
