import { html } from 'hono/html'
import { pagesOf } from '../domain/github-host.ts'
import type { EarnedSheet, EarnedStamp } from '../domain/earned.ts'
import type { ShownSheet } from '../domain/imports.ts'
import { count, oneLine } from '../domain/text.ts'
import type { Frame } from './import-views.ts'
import { page, type Html } from './layout.ts'
import { sheetPart, sheetTitle } from './sheet-views.ts'

interface RigPageView extends Frame {
  /** What was imported of the person. */
  sheet: ShownSheet | undefined
  /** What their rig earned. */
  rig: EarnedSheet | undefined
  /** Whether its owner is looking. */
  isTheirs: boolean
}

/** A person's page: what they earned here, and below it what was imported. No search engine may keep it: its owner may have it forgotten. */
export function rigPage({ sheet, rig, ...view }: RigPageView): Html {
  const body = html`
    ${rig === undefined ? '' : earnedPart(rig, view.host)}
    ${sheet === undefined ? notImported(view, rig!) : sheetPart({ ...view, sheet })}
    <p class="soft small">
      <a href="${view.base}/">What this is</a> · <a href="${view.base}/import">Import a sheet</a>
    </p>
  `
  const title = sheet === undefined ? nameOf(rig!) : sheetTitle(sheet)
  return page({ title, body, base: view.base, head: html`<meta name="robots" content="noindex, noarchive" />` })
}

function nameOf({ account, handle }: EarnedSheet): string {
  return oneLine(account?.login ?? handle, 100)
}

function earnedPart(rig: EarnedSheet, host: string): Html {
  const { handle, account, trustLevel, stamps, total } = rig
  const who =
    account === undefined
      ? ''
      : html`,
          <a href="${pagesOf(host)}/${encodeURIComponent(account.login)}" rel="nofollow noreferrer"
            ><bdi>${account.login}</bdi> on ${host}</a
          >`
  const more = total - stamps.length
  return html`<section aria-labelledby="earned">
    <h2 id="earned">Earned here</h2>
    <p class="facts">
      The rig <strong><bdi>${handle}</bdi></strong
      >${who}. Trust level ${trustLevel}.
    </p>
    ${
      stamps.length === 0
        ? html`<p>No stamp yet. One is given when a maintainer has judged work on a wanted item.</p>`
        : html`<p>${count(total, 'stamp')} on work for wanted items, each given by somebody who judged it.</p>
            <dl class="card stacked">${stamps.map((stamp) => stampRow(stamp, host))}</dl>`
    }
    ${more > 0 ? html`<p class="soft small">And ${count(more, 'older one')}, in the ledger.</p>` : ''}
  </section>`
}

function stampRow({ item, title, scores, by, day, evidence }: EarnedStamp, host: string): Html {
  const url = evidence === undefined ? null : URL.parse(evidence)
  const isSafe = url?.host === host && /^https?:$/.test(url.protocol)
  const name = oneLine(title, 200) || item || 'Work that the ledger has no item for'
  const given = Object.entries(scores).map(([dimension, score]) => `${dimension} ${score} of 5`)
  return html`<div>
    <dt><bdi>${name}</bdi></dt>
    <dd>
      <strong>${given.length === 0 ? 'no score' : given.join(', ')}</strong>, by <bdi>${oneLine(by, 64)}</bdi> on
      <time datetime="${day}">${day}</time>${item === '' ? '' : html` · <code>${item}</code>`}${
        isSafe && url !== null
          ? html` · <a href="${url.href}" rel="nofollow noreferrer">the work: ${url.pathname.slice(1, 120)}</a>`
          : ''
      }
    </dd>
  </div>`
}

function notImported({ base, canSignIn, isTheirs }: Omit<RigPageView, 'sheet' | 'rig'>, rig: EarnedSheet): Html {
  const whose = isTheirs ? 'yours' : 'of theirs'
  return html`<h2>Imported</h2>
    <p class="note">
      No public profile ${whose} has been imported: what <bdi>${nameOf(rig)}</bdi> did elsewhere is not shown.
      ${canSignIn ? html`Is this you? <a href="${base}/import">Import your profile</a>.` : ''}
    </p>`
}
