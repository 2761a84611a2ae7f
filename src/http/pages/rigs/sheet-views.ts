import { html } from 'hono/html'
import { pageAt, pagesOf } from '../../../domain/github-host.ts'
import { DIMENSIONS, type Dimension } from '../../../domain/stamp.ts'
import { count, oneLine } from '../../../domain/text.ts'
import type { ShownSheet } from '../../../domain/imports.ts'
import type { Frame } from '../import/views.ts'
import { dayAndTime } from '../import/words.ts'
import type { Html } from '../../layout/frame.ts'
import { evidenceLine } from './sheet-evidence.ts'
import { sheetFacts, type SheetFacts } from './sheet-facts.ts'
import { projectList, skillLists } from './sheet-skills.ts'
import { wholeNames } from '../../layout/whole-names.ts'

interface SheetView extends Frame {
  sheet: ShownSheet
  /** True for a visitor who is the owner. */
  isTheirs: boolean
}

/** The part of a person's page with what was imported of them. */
export function sheetPart(view: SheetView): Html {
  const { sheet } = view
  const facts = sheetFacts(sheet.json)
  const { host } = sheet.person
  const pages = host === view.host ? view.pages : pagesOf(host, 'https')
  return html`
    <h2>Imported from GitHub</h2>
    ${person(sheet, facts)} ${ownership(view)}
    ${facts.not_enough_evidence ? notEnough(sheet) : worth(sheet, facts, pages)} ${skillLists(facts.skills)}
    ${projectList(facts.notable_projects, pages)} ${view.isTheirs ? flags(facts.flags, pages) : ''}
    ${origin(sheet, facts, pages)}
  `
}

/** The person's name as they write it, or their login. */
export function sheetTitle({ json, person, handle }: ShownSheet): string {
  return sheetFacts(json).identity.display_name || oneLine(person.login, 200) || handle
}

function person({ person }: ShownSheet, { identity }: SheetFacts): Html {
  const { bio, location, account_age_years: years } = identity
  const place = location === '' ? '' : html`, <bdi>${location}</bdi>`
  return html`
    <p class="facts">
      <strong><bdi>${wholeNames(oneLine(person.login, 100))}</bdi></strong> on ${person.host}${howLong(years)}${place}
    </p>
    ${bio === '' ? '' : html`<p><bdi>${bio}</bdi></p>`}
  `
}

function howLong(years: number): string {
  if (years === 0) return ''
  return years < 1 ? ' for less than a year' : ` for ${count(Math.floor(years), 'year')}`
}

function ownership({ sheet, base, canSignIn, isTheirs }: SheetView): Html {
  const earned = 'Nothing imported counts as earned: it raises no level and no trust.'
  if (isTheirs) {
    return html`<p class="note">
      This sheet is yours: <a href="${base}/import">refresh it</a> or
      <a href="${base}/import/forget">have it forgotten</a>. ${earned}
    </p>`
  }
  if (sheet.isClaimed) {
    const rig = sheet.rig === undefined ? '' : html` and is the rig <strong>${sheet.rig}</strong> here`
    return html`<p class="note">Claimed by its owner, who signed in${rig}. ${earned}</p>`
  }
  return html`<p class="note">
    <strong>Unclaimed:</strong> its owner has not signed in yet.
    ${
      canSignIn
        ? html`Is this you? <a href="${base}/sign-in?to=/rigs/${sheet.handle}">Sign in</a> to claim it, or to
            <a href="${base}/sign-in?to=/import/forget">have it forgotten</a>.`
        : ''
    }
    ${earned}
  </p>`
}

function notEnough({ confidence }: ShownSheet): Html {
  return html`<section class="card">
    <h3>Not enough public evidence</h3>
    <p>
      Too little of this person’s work elsewhere is in public, and confirmed by others, to say how good it is. That
      speaks neither for nor against them: work may be private, or in another place. Confidence is
      ${hundredth(confidence)} of 100.
    </p>
  </section>`
}

const MEANING: Record<Dimension, string> = {
  quality: 'Is the work good in the eyes of others?',
  reliability: 'Can others count on it?',
  creativity: 'Does something new come of it?',
}

function worth({ confidence }: ShownSheet, facts: SheetFacts, pages: string): Html {
  return html`
    <section class="card" aria-label="Dimensions">
      ${DIMENSIONS.map((dimension) => dimensionView(dimension, pages, facts))}
    </section>
    <p class="soft small">
      Confidence ${hundredth(confidence)} of 100: how much public evidence there is, and from how many others. The
      number before each sentence is the score that this fact alone would give.
    </p>
  `
}

function dimensionView(dimension: Dimension, pages: string, { value_dimensions, evidence }: SheetFacts): Html {
  const value = hundredth(value_dimensions[dimension])
  const strands = evidence
    .filter((strand) => strand.dimension === dimension)
    .toSorted((one, other) => other.score - one.score)
  return html`<div class="dimension">
    <h3>
      <span>${dimension[0]!.toUpperCase()}${dimension.slice(1)} <small>${MEANING[dimension]}</small></span>
      <b>${value}<small> of 100</small></b>
    </h3>
    <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width="${value}" height="1" />
    </svg>
    <ul class="evidence" role="list">
      ${strands.map(
        ({ score, summary }) =>
          html`<li>
            <span title="The score of this fact alone, of 100">${hundredth(score)}</span
            ><span>${evidenceLine(summary, pages)}</span>
          </li>`,
      )}
    </ul>
  </div>`
}

/**
 * The oddities that the importer saw. They are shown to the owner alone: an oddity is no accusation, and anybody may
 * have caused it.
 */
function flags(lines: string[], pages: string): Html | '' {
  if (lines.length === 0) return ''
  return html`<h2>For a person to look at</h2>
    <p class="soft">Oddities that the importer saw. They change no number.</p>
    <ul>
      ${lines.map((line) => html`<li>${evidenceLine(line, pages)}</li>`)}
    </ul>`
}

const COUNTED = new Intl.NumberFormat('en')

function origin({ person, fetchedAt }: ShownSheet, facts: SheetFacts, pages: string): Html {
  const { source, activity_profile: activity, identity } = facts
  const url = pageAt(pages, source.url)?.href ?? `${pages}/${encodeURIComponent(person.login)}`
  const missing = source.missing.length === 0 ? '' : ` GitHub did not answer for: ${source.missing.join(', ')}.`
  return html`<h2>Where this is from</h2>
    <p>
      <a href="${url}" rel="nofollow noreferrer">${wholeNames(url.replace(/^https?:\/\//, ''))}</a>, read on
      ${dayAndTime(fetchedAt)}.
      ${source.tier === 'bulk' ? 'A short look: one page of facts, so there may be more than is shown here.' : ''}
      ${missing}
    </p>
    <p class="soft small">
      GitHub counts ${COUNTED.format(activity.total_commits)} commits, ${COUNTED.format(activity.total_prs)} pull
      requests and ${COUNTED.format(identity.social_proof.followers)} followers. They add nothing to the scores above.
    </p>`
}

function hundredth(value: number): number {
  return Math.round(value * 100)
}
