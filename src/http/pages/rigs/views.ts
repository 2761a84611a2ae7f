import { html } from 'hono/html'
import { pageAt, picturesAt } from '../../../domain/github-host.ts'
import type { EarnedSheet, EarnedStamp } from '../../../domain/earned.ts'
import type { ShownSheet } from '../../../domain/imports.ts'
import { count, oneLine } from '../../../domain/text.ts'
import type { Frame } from '../import/views.ts'
import type { Html, PageView } from '../../layout/frame.ts'
import { sheetPart, sheetTitle } from './sheet-views.ts'
import { wholeNames } from '../../layout/whole-names.ts'

interface RigPageView extends Frame {
  /** The imported sheet of the person. */
  sheet: ShownSheet | undefined
  /** The person's rig and what it earned. */
  rig: EarnedSheet | undefined
  /** True for a visitor who is the owner. */
  isTheirs: boolean
}

/**
 * A person's page: what they earned here, and below it what was imported. No search engine may keep it, because its
 * owner may have it erased.
 */
export function rigPage({ sheet, rig, ...view }: RigPageView): PageView {
  const body = html`
    ${picture(view, sheet, rig)} ${rig === undefined ? '' : earnedPart(rig, view)}
    ${sheet === undefined ? notImported(view, rig!) : sheetPart({ ...view, sheet })}
    <p class="soft small">
      <a href="${view.base}/">What this is</a> · <a href="${view.base}/import">Import a sheet</a>
    </p>
  `
  const title = sheet === undefined ? nameOf(rig!) : sheetTitle(sheet)
  return { title, body, head: html`<meta name="robots" content="noindex, noarchive" />` }
}

/**
 * GitHub's picture of the account, which the visitor's browser fetches from there. Its text for screen readers is
 * empty, because it says nothing that the page does not.
 */
function picture({ host, pages }: Frame, sheet: ShownSheet | undefined, rig: EarnedSheet | undefined): Html | '' {
  const id = sheet?.person.host === host ? sheet.person.id : rig?.account?.id
  const at = picturesAt(host, pages)
  const isForgotten = sheet?.isForgotten === true || rig?.isForgotten === true
  if (id === undefined || at === undefined || isForgotten) return ''
  return html`<img
    class="picture"
    src="${at}${id}?s=160"
    alt=""
    width="80"
    height="80"
    loading="lazy"
    referrerpolicy="no-referrer"
  />`
}

function nameOf({ account, handle }: EarnedSheet): string {
  return oneLine(account?.login ?? handle, 100)
}

function earnedPart(rig: EarnedSheet, { host, pages }: Frame): Html {
  const { handle, account, trustLevel, stamps, total } = rig
  const who =
    account === undefined
      ? ''
      : html`,
          <a href="${pages}/${encodeURIComponent(account.login)}" rel="nofollow noreferrer"
            ><bdi>${wholeNames(account.login)}</bdi> on ${host}</a
          >`
  const more = total - stamps.length
  return html`<section aria-labelledby="earned">
    <h2 id="earned">Earned here</h2>
    <p class="facts">
      The rig <strong><bdi>${wholeNames(handle)}</bdi></strong
      >${who}. Trust level ${trustLevel}.
    </p>
    ${
      stamps.length === 0
        ? html`<p>No stamp yet. One is given when a maintainer has judged work on a wanted item.</p>`
        : html`<p>${count(total, 'stamp')} on work for wanted items, each given by somebody who judged it.</p>
            <dl class="card stacked">${stamps.map((stamp) => stampRow(stamp, pages))}</dl>`
    }
    ${more > 0 ? html`<p class="soft small">And ${count(more, 'older one')}, in the ledger.</p>` : ''}
  </section>`
}

function stampRow({ item, title, scores, by, day, evidence }: EarnedStamp, pages: string): Html {
  const url = evidence === undefined ? undefined : pageAt(pages, evidence)
  const name = oneLine(title, 200) || item || 'Work that the ledger has no item for'
  const given = Object.entries(scores).map(([dimension, score]) => `${dimension} ${score} of 5`)
  return html`<div>
    <dt><bdi>${wholeNames(name)}</bdi></dt>
    <dd>
      <strong>${given.length === 0 ? 'no score' : given.join(', ')}</strong>, by
      <bdi>${wholeNames(oneLine(by, 64))}</bdi> on
      <time datetime="${day}">${day}</time>${item === '' ? '' : html` · <code class="whole">${item}</code>`}${
        url === undefined
          ? ''
          : html` ·
              <a href="${url.href}" rel="nofollow noreferrer">the work: ${wholeNames(url.pathname.slice(1, 120))}</a>`
      }
    </dd>
  </div>`
}

function notImported({ base, canSignIn, isTheirs }: Omit<RigPageView, 'sheet' | 'rig'>, rig: EarnedSheet): Html {
  const whose = isTheirs ? 'yours' : 'of theirs'
  return html`<h2>Imported</h2>
    <p class="note">
      No public profile ${whose} has been imported: what <bdi>${wholeNames(nameOf(rig))}</bdi> did elsewhere is not
      shown. ${canSignIn ? html`Is this you? <a href="${base}/import">Import your profile</a>.` : ''}
    </p>`
}
