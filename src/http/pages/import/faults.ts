/** Every page of the importer that says no: what went wrong and what to do. */
import { html } from 'hono/html'
import { page, type Html } from '../../layout/frame.ts'

function faultPage(view: { title: string; message: string; base: string; next: { href: string; text: string } }): Html {
  const body = html`
    <p>${view.message}</p>
    <p><a class="button" href="${view.next.href}">${view.next.text}</a></p>
  `
  return page({ title: view.title, body, base: view.base })
}

export function notSignedInPage(base: string, message: string): Html {
  const next = { href: `${base}/import`, text: 'Back to the import' }
  return faultPage({ title: 'You are not signed in', message, base, next })
}

export function noSignInPage(base: string): Html {
  return notSignedInPage(
    base,
    'Nobody can sign in here: this bridge has no GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET. The import page names the other ways.',
  )
}

export function strangeAnswerPage(base: string): Html {
  return notSignedInPage(
    base,
    'This answer of GitHub’s does not belong to a sign-in that this browser began within the last ten minutes. ' +
      'Start again; if it happens each time, let this site set cookies.',
  )
}

export function staleFormPage(base: string): Html {
  return faultPage({
    title: 'This form is out of date',
    message:
      'It was opened more than half an hour ago, or before you signed in or out, or on another site. Nothing was changed.',
    base,
    next: { href: `${base}/import`, text: 'Open it anew' },
  })
}

export function unknownImportPage(base: string): Html {
  return faultPage({
    title: 'There is no such import',
    message:
      'The link is not complete, or the import ended long ago and is no longer kept. Its sheet stays where it is.',
    base,
    next: { href: `${base}/import`, text: 'Go to the import' },
  })
}

export function unknownRigPage(base: string, handle: string): Html {
  return faultPage({
    title: 'There is no such sheet',
    message:
      `Nobody called “${handle}” has earned or imported anything here: the name may be spelt otherwise, or its owner ` +
      'had what was imported forgotten.',
    base,
    next: { href: `${base}/import`, text: 'Import yours' },
  })
}

export function unavailablePage(base: string): Html {
  return faultPage({
    title: 'The bridge cannot look now',
    message: 'A part that it needs does not answer. Nothing is lost: wait a minute, then load this page again.',
    base,
    next: { href: `${base}/import`, text: 'Back to the import' },
  })
}

export function brokenPage(base: string): Html {
  return faultPage({
    title: 'Something is wrong on our side',
    message: 'The bridge’s log says what. Whoever runs it can look there.',
    base,
    next: { href: `${base}/import`, text: 'Back to the import' },
  })
}
