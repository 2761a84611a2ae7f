import { html } from 'hono/html'
import type { Account } from '../../../domain/rig.ts'
import type { ErasureResult, ShownSheet } from '../../../domain/imports.ts'
import { dayAndTime } from './words.ts'
import type { Html, PageView } from '../../layout/frame.ts'
import { siteName } from '../../layout/site-name.ts'
import { tokenField } from '../../layout/token-field.ts'

/** The facts on the site that every page of the importer needs. */
export interface Frame {
  /** The prefix of each of our paths. */
  base: string
  /** `github.com`, or a GHES. */
  host: string
  /** The address of its pages for people: `https://github.com`. */
  pages: string
  canSignIn: boolean
}

interface ImportPageView extends Frame {
  person?: Account | undefined
  /** The sheet of the person. */
  sheet?: ShownSheet | undefined
  isOpen: boolean
  formToken: string
  /** The login as it was typed. */
  login?: string
  fault?: string | undefined
}

export function importPage(view: ImportPageView): PageView {
  const { person, fault, base, host, canSignIn } = view
  const body = html`
    ${person === undefined ? '' : personBar(view, person)}
    <p class="lead">
      A character sheet shows what somebody has done in public on ${siteName(host)}, with evidence for every word of it.
    </p>
    ${fault === undefined ? '' : html`<p class="fault" role="alert">${fault}</p>`}
    ${person === undefined ? waysIn(view) : ownSheet(view, person)}
    <h2>What is read and what is kept</h2>
    <ul>
      <li>
        Read: the public profile, its own repositories, pull requests to others, reviews of others’ work. Never an
        e-mail address, and nothing private: signing in opens nothing more.
      </li>
      <li>
        Kept: one sheet, with a link to where it is from and the day it was read. It is no stamp: nothing imported
        counts as earned, and it raises no level and no trust.
      </li>
      <li>
        Yours: whoever the profile belongs to can refresh it, or have it forgotten with
        ${canSignIn ? html`<a href="${base}/import/forget">this form</a>` : html`<code>/wl forget</code>`}. Then it is
        removed with its history, and nobody can import it again until you allow that.
      </li>
    </ul>
  `
  return { title: person === undefined ? 'Import a character sheet' : 'Your character sheet', body }
}

function personBar({ base, formToken }: ImportPageView, { login }: Account): Html {
  return html`<div class="person">
    <span>Signed in as <strong>${login}</strong></span>
    <form method="post" action="${base}/sign-out">${tokenField(formToken)}<button class="plain">Sign out</button></form>
  </div>`
}

function ownSheet({ base, sheet, formToken }: ImportPageView, { login }: Account): Html {
  const importForm = (label: string) =>
    html`<form method="post" action="${base}/import">${tokenField(formToken)}<button>${label}</button></form>`
  if (sheet === undefined) {
    return html`<div class="card">
      <p>Nothing has been imported of <strong>${login}</strong> yet. It takes about a minute.</p>
      <div class="actions">${importForm('Import my profile')}</div>
    </div>`
  }
  return html`<div class="card">
    <p>
      <a href="${base}/rigs/${sheet.handle}"><strong>${sheet.handle}</strong></a
      ><br /><span class="soft">Read on ${dayAndTime(sheet.fetchedAt)}</span>
    </p>
    <div class="actions">
      ${importForm('Refresh it')}<a class="button second" href="${base}/import/forget">Forget mine…</a>
    </div>
  </div>`
}

function waysIn(view: ImportPageView): Html {
  const { canSignIn, isOpen, base, host } = view
  if (!canSignIn && !isOpen) return otherWays(host)
  return html`
    ${
      canSignIn
        ? html`<div class="card">
            <p>
              For your own profile: sign in, and ${siteName(host)} tells us who you are. It gives us nothing that is
              private.
            </p>
            <div class="actions"><a class="button" href="${base}/sign-in?to=/import">Sign in with GitHub</a></div>
          </div>`
        : ''
    }
    ${isOpen ? loginForm(view) : ''}
  `
}

function loginForm({ base, formToken, login = '', canSignIn, host }: ImportPageView): Html {
  return html`<form class="card" method="post" action="${base}/import">
    ${tokenField(formToken)}
    <p>
      <label for="login">${canSignIn ? 'Or without signing in: a' : 'A'} login on ${host}</label>
      <input
        id="login"
        name="login"
        type="text"
        maxlength="60"
        required
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        value="${login}"
      />
    </p>
    <div class="actions"><button class="${canSignIn ? 'second' : ''}">Import it</button></div>
  </form>`
}

function otherWays(host: string): Html {
  return html`<div class="card">
    <p>This page cannot import by itself here, but there are other ways:</p>
    <ul>
      <li>Write <code>/wl import</code> in an issue or a pull request that this bridge serves: it imports you.</li>
      <li>
        Or open a new issue there and choose the form “Import my character sheet”, where its maintainers offer one.
      </li>
      <li>
        Ask whoever runs this bridge for <code>wasteland-bridge import LOGIN</code>, LOGIN being yours on ${host}.
      </li>
    </ul>
  </div>`
}

interface ForgetPageView extends Frame {
  person: Account
  sheet: ShownSheet | undefined
  formToken: string
}

export function forgetPage({ base, person, sheet, formToken }: ForgetPageView): PageView {
  const body = html`
    <p class="lead">
      ${
        sheet === undefined
          ? html`Nothing imported of <strong>${person.login}</strong> is here now. You can still keep it that way.`
          : html`This is about <strong>${person.login}</strong> and the sheet
              <a href="${base}/rigs/${sheet.handle}">${sheet.handle}</a>. It cannot be undone.`
      }
    </p>
    <p>
      There are two choices. <strong>Forget my profile</strong> removes what was imported, and nothing else: you go on
      taking part. <strong>Forget it, and leave</strong> also takes you out: no claim, no work and no stamp of yours is
      recorded from then on, in any repository.
    </p>
    <h2>What goes</h2>
    <ul>
      <li>The sheet, its entry to be found by, and the skills that were read from it.</li>
      <li>Their history: no earlier state of the database shows them any more.</li>
      <li>What is left of imports of you: waiting ones, kept answers of GitHub’s.</li>
    </ul>
    <h2>What stays</h2>
    <ul>
      <li>
        A code made from your account’s number, from which nobody can tell who you are. It keeps imports of you out,
        until you say <code>/wl join</code> in an issue or pull request; that takes either choice back.
      </li>
      <li>
        What you did here: claims, completions and stamps. Others’ records build on them, and that ledger only grows.
      </li>
    </ul>
    <form class="actions" method="post" action="${base}/import/forget">
      ${tokenField(formToken)}
      <button class="danger" name="choice" value="profile">Forget my profile</button>
      <button class="danger" name="choice" value="part">Forget it, and leave</button>
      <a class="button second" href="${base}/import">Keep it</a>
    </form>
  `
  return { title: 'Forget what was imported of you?', body }
}

function outcome({ removed, later }: ErasureResult): string {
  if (later === true)
    return 'Nobody can import you any more. What is stored of you is removed once its database is back.'
  return removed
    ? 'All that was imported of you is gone. Nobody can import you again.'
    : 'There was nothing imported of you. Nobody can import you from now on.'
}

export function forgottenPage(view: { base: string } & ErasureResult): PageView {
  const body = html`
    <p class="lead">${outcome(view)} You are signed out.</p>
    <p>
      ${
        view.takesPart
          ? 'You go on taking part: your rig, claims, work and stamps are as they were.'
          : 'You take no further part: nothing new is recorded of you.'
      }
      <code>/wl join</code> in an issue or pull request
      ${view.takesPart ? 'lets you be imported again' : 'takes that back'}.
    </p>
    ${
      view.proof.length === 0
        ? ''
        : html`<h2>How we know</h2>
            <ul class="card">
              ${view.proof.map((line) => html`<li>${line}</li>`)}
            </ul>`
    }
    <p><a href="${view.base}/import">Back to the import</a></p>
  `
  return { title: 'Forgotten', body }
}
