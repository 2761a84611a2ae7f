import { faultPage } from '../../layout/fault.ts'
import type { PageView } from '../../layout/frame.ts'

export function notSignedInPage(base: string, message: string): PageView {
  const next = { href: `${base}/import`, text: 'Back to the import' }
  return faultPage({ title: 'You are not signed in', message, next })
}

export function noSignInPage(base: string): PageView {
  return notSignedInPage(
    base,
    'Nobody can sign in here: this bridge has no GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET. The import page names the other ways.',
  )
}

export function strangeAnswerPage(base: string): PageView {
  return notSignedInPage(
    base,
    'This answer of GitHub’s does not belong to a sign-in that this browser began within the last ten minutes. ' +
      'Start again; if it happens each time, let this site set cookies.',
  )
}
