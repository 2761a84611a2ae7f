import { html } from 'hono/html'
import { page, type Html } from '../../layout/frame.ts'

interface HomeView {
  base: string
  host: string
  fault?: string | undefined
}

const WASTELAND = 'https://github.com/gastownhall/wasteland'

/** The first page: what this is, and where to go. */
export function homePage({ base, host, fault }: HomeView): Html {
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
  return page({ title: 'A Wasteland on GitHub', body, base })
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

/** `GitHub`, or which one. */
export function siteName(host: string): string {
  return host === 'github.com' ? 'GitHub' : `the GitHub at ${host}`
}

export function notFoundPage(base: string): Html {
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
  return page({ title: 'There is no such page', body, base })
}

export function notStartedPage(base: string): Html {
  const body = html`
    <p>The bridge is not set up, or still starting. Load this page again in a minute.</p>
    <p class="soft"><a href="${base}/readyz">What it waits for</a></p>
  `
  return page({ title: 'Not ready yet', body, base })
}
