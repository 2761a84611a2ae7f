/** The texts of set-up. Links and forms are relative, for a PUBLIC_URL may have a path before ours. */
import { html, raw } from 'hono/html'
import type { UserError } from '../../../domain/errors.ts'
import type { AppDescription } from '../../../github/app-file.ts'
import type { NewAppCredentials, AppManifest } from '../../../github/manifest.ts'
import type { Html, PageView } from '../../layout/frame.ts'
import { type Choices, FieldFault } from './form.ts'

export interface StartView {
  app: AppDescription
  githubHost: string
  /** The review page, as seen from this one. */
  action: string
  formKey: string
  choices: Choices
  /** The webhook address, where the environment sets it. */
  hookUrl: string | undefined
  canMakeChannel: boolean
  /** The error of the form; one of a field is shown beside that field. */
  fault: UserError | undefined
}

export function startPage(view: StartView): PageView {
  const { app, githubHost, fault } = view
  const body = html`
    <p>
      The bridge acts on GitHub as an App of your own. This page registers it on <strong>${githubHost}</strong>: you
      confirm there, and the credentials come back to this machine. Be signed in to ${githubHost} in this browser.
    </p>
    ${fault === undefined || fault instanceof FieldFault ? '' : faultLine(fault)}
    <form method="post" action="${view.action}">
      <input type="hidden" name="key" value="${view.formKey}" />
      ${nameFields(view)} ${ownerFields(view)} ${hookFields(view)}
      <button type="submit">Continue</button>
    </form>
    <h2>What the App may do</h2>
    <p>Only where it is installed:</p>
    <div class="card">${permissionList(app)}</div>
    <details>
      <summary>What GitHub tells it about</summary>
      <dl class="card">
        ${app.events.map(
          ({ name, reason }) =>
            html`<div>
              <dt>${name.replaceAll('_', ' ')}</dt>
              <dd>${reason}</dd>
            </div>`,
        )}
      </dl>
    </details>
  `
  return { title: 'Register the GitHub App', body }
}

function faultLine({ message }: UserError): Html {
  return html`<p class="fault" role="alert" id="fault">${message}</p>`
}

/** The line beside a field with a fault in it, and the attributes of that field; both are empty for another field. */
function faultAt(field: FieldFault['field'], fault: UserError | undefined) {
  const isHere = fault instanceof FieldFault && fault.field === field
  return isHere
    ? { line: faultLine(fault), marks: raw('aria-invalid="true" aria-describedby="fault"') }
    : { line: '', marks: '' }
}

function nameFields({ app, choices, fault, githubHost }: StartView): Html {
  const { line, marks } = faultAt('appName', fault)
  return html`<fieldset>
    <legend>What the App is called</legend>
    <label for="app-name" class="soft">
      Its name on ${githubHost}, where no other App has it: up to 34 characters. Empty: ${app.name}
    </label>
    <input
      id="app-name"
      name="appName"
      type="text"
      placeholder="${app.name}"
      autocomplete="off"
      spellcheck="false"
      value="${choices.appName}"
      ${marks}
    />
    ${line}
    <p class="soft">The bridge comments under this name, followed by <code>[bot]</code>.</p>
  </fieldset>`
}

function ownerFields({ choices, fault }: StartView): Html {
  const { line, marks } = faultAt('organization', fault)
  return html`<fieldset>
    <legend>Who owns the App</legend>
    ${choice('owner', 'personal', 'My own account', choices.owner === 'personal')}
    ${choice(
      'owner',
      'organization',
      'An organization',
      choices.owner === 'organization',
      html`<label for="organization" class="soft">Its name on GitHub; you must be an owner of it</label>
        <input
          id="organization"
          name="organization"
          type="text"
          maxlength="39"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          value="${choices.organization}"
          ${marks}
        />
        ${line}`,
    )}
    <p class="soft">Only the owner can install it. The owner’s public repositories are admitted to the ledger.</p>
  </fieldset>`
}

function hookFields({ hookUrl, canMakeChannel, choices, fault }: StartView): Html {
  const { line, marks } = faultAt('publicUrl', fault)
  if (hookUrl !== undefined) return html`<p>GitHub will send webhooks to <code>${hookUrl}</code>.</p>`
  const publicField = html`<label for="public-url" class="soft"
      >Its public address, without a path to the webhooks</label
    >
    <input
      id="public-url"
      name="publicUrl"
      type="url"
      placeholder="https://bridge.example.org"
      autocomplete="off"
      value="${choices.publicUrl}"
      ${marks}
    />
    ${line}`
  const smeeNote = html`<span class="soft">
    For development only. A channel at smee.io relays webhooks to this machine, so it needs no public address. smee.io
    can read every payload it relays, and so can anybody who knows the channel’s address.
  </span>`
  return html`<fieldset>
    <legend>How GitHub reaches this bridge</legend>
    ${choice('hook', 'public', 'Directly, over the internet', choices.hook === 'public', publicField)}
    ${canMakeChannel ? choice('hook', 'smee', 'Through a new smee.io channel', choices.hook === 'smee', smeeNote) : ''}
    <p class="soft">
      Set <code>PUBLIC_URL</code> or <code>WEBHOOK_PROXY_URL</code> before the start, and this question is not asked.
    </p>
  </fieldset>`
}

function choice(name: string, value: string, label: string, checked: boolean, detail: Html | '' = ''): Html {
  const id = `${name}-${value}`
  return html`<div class="choice">
    <input type="radio" id="${id}" name="${name}" value="${value}" ${checked ? 'checked' : ''} />
    <label for="${id}">${label}</label>
    ${detail}
  </div>`
}

function permissionList(app: AppDescription): Html {
  return html`<dl>
    ${app.permissions.map(
      ({ name, access, reason }) =>
        html`<div>
          <dt>${permissionName(name)}: ${ACCESS[access] ?? access}</dt>
          <dd>${reason}</dd>
        </div>`,
    )}
  </dl>`
}

/** The names of permissions on GitHub's own pages, where such a name is not the id with blanks. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  statuses: 'Commit statuses',
  members: 'Members (of the organization)',
}
const ACCESS: Readonly<Record<string, string>> = { read: 'read-only', write: 'read and write' }

function permissionName(id: string): string {
  const words = id.replaceAll('_', ' ')
  return PERMISSIONS[id] ?? `${words[0]!.toUpperCase()}${words.slice(1)}`
}

const PROXY_WARNING = 'A webhook proxy can read every payload it relays: use it for development only.'

/** The page with the form that carries the manifest to GitHub, which takes it only from the browser. */
export function reviewPage(view: {
  manifest: AppManifest
  action: string
  owner: string
  githubHost: string
  throughProxy: boolean
}): PageView {
  const { manifest, action, owner, githubHost, throughProxy } = view
  const body = html`
    <dl class="card">
      <div>
        <dt>Name</dt>
        <dd><bdi>${manifest.name}</bdi></dd>
      </div>
      <div>
        <dt>Owner</dt>
        <dd>${owner}</dd>
      </div>
      <div>
        <dt>Webhooks go to</dt>
        <dd><code>${manifest.hook_attributes.url}</code></dd>
      </div>
      <div>
        <dt>You come back to</dt>
        <dd><code>${manifest.redirect_url}</code></dd>
      </div>
    </dl>
    ${throughProxy ? html`<p>${PROXY_WARNING}</p>` : ''}
    <form method="post" action="${action}">
      <input type="hidden" name="manifest" value="${JSON.stringify(manifest)}" />
      <button type="submit">Go to ${githubHost} and create it</button>
    </form>
    <p class="soft">GitHub lets you change the name there, and waits one hour for you.</p>
    <p><a href="../setup">Back</a></p>
  `
  return { title: 'Ready to register', body }
}

export function registeredPage(view: {
  credentials: NewAppCredentials
  file: string
  owner: Choices['owner']
}): PageView {
  const { credentials, file, owner } = view
  const maintainer = owner === 'personal' ? credentials.ownerLogin : 'YOUR-LOGIN'
  const init = `npm run wasteland-bridge -- init --name "My Wasteland" --maintainer ${maintainer}`
  const body = html`
    <p>
      <strong>${credentials.slug}</strong> belongs to ${credentials.ownerLogin}. Its credentials are in
      <code>${file}</code>, readable by this user only. The bridge is starting with them now; it needs no restart.
    </p>
    <p><a class="button" href="${credentials.htmlUrl}/installations/new">Install it on repositories</a></p>
    <h2>Then</h2>
    <ol>
      <li>
        Name your wasteland and its first maintainer:
        <pre><code>${init}</code></pre>
      </li>
      <li>Write <code>/wl post</code> in an issue. The bridge answers with the label of the wanted item.</li>
      <li>Put that label on a pull request. The bridge takes it from there.</li>
    </ol>
    <p class="soft">Keep a copy of the file: GitHub shows the private key only once.</p>
  `
  return { title: 'The App is registered', body }
}

export function tokenAcceptedPage(): PageView {
  return { title: 'Token accepted', body: html`<p><a href="setup">Go on to set-up</a></p>`, refreshTo: 'setup' }
}
