/** The error pages of set-up: what went wrong and what to do. */
import { html } from 'hono/html'
import type { PageView } from '../../layout/frame.ts'

/** An error page. Its links are relative to /setup/…; `again`: the address that tries the same once more. */
function faultPage(view: {
  title: string
  message: string
  again?: string | undefined
  startOver?: boolean
}): PageView {
  const body = html`
    <p>${view.message}</p>
    ${view.again === undefined ? '' : html`<p><a class="button" href="${view.again}">Try again</a></p>`}
    ${view.startOver === true ? html`<p><a href="../setup">Start again</a></p>` : ''}
  `
  return { title: view.title, body }
}

export function closedPage(): PageView {
  return faultPage({
    title: 'Set-up is closed to you',
    message:
      'Open the address that the bridge printed to its terminal last. The token in it opens set-up in one browser; ' +
      'for another browser the bridge prints another address.',
  })
}

export function foreignHostPage(): PageView {
  return faultPage({
    title: 'Not the bridge’s name',
    message: 'Set-up answers to http://localhost on this machine, and to PUBLIC_URL where that is set.',
  })
}

export function alreadyRegisteredPage(): PageView {
  return faultPage({
    title: 'The App is registered already',
    message:
      'Set-up is closed for good. Install the App from its page in GitHub’s developer settings. To register another, ' +
      'stop the bridge, move app.env out of DATA_DIR and start it again.',
  })
}

export function staleFormPage(): PageView {
  return faultPage({
    title: 'This form is out of date',
    message: 'The bridge was started anew since this form was opened. Nothing was changed.',
    startOver: true,
  })
}

export function wrongStatePage(): PageView {
  return faultPage({
    title: 'This link is not valid any more',
    message:
      'It was used already, is older than an hour, was not begun here, or the bridge was started anew since. ' +
      'If GitHub shows a new App in your developer settings, delete it there, then start again.',
    startOver: true,
  })
}

export function notRegisteredPage(view: { message: string; again: string | undefined }): PageView {
  return faultPage({ title: 'The App is not registered yet', ...view, startOver: true })
}
