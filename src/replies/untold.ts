import type { Refusal } from '../github/github-answer.ts'

/**
 * Sentences for facts that GitHub refuses to tell and that something is decided on: which fact, why, and who can fix
 * it.
 */
export const untold = {
  Checks(refusal: Refusal): string {
    return `GitHub does not let this App see them ${why(refusal)}, so they count as not passed. ${mend(refusal, 'checks: read, commit statuses: read')}`
  },
  Acceptance(refusal: Refusal): string {
    return `GitHub does not let this App see the issue of the item ${why(refusal)}, so its tasks count as not met. ${mend(refusal, 'issues: read')}`
  },
  settings(refusal: Refusal): string {
    return (
      `**Settings not read.** GitHub does not let this App read \`.github/wasteland.yml\` here or of the owner ${why(refusal)}, and no version of it is known, so nobody ` +
      `can stamp. ${mend(refusal, 'contents: read')}`
    )
  },
  links(refusal: Refusal): string {
    return (
      `**Links not read.** GitHub does not tell this App all issues that this pull request closes ${why(refusal)}. What was recorded for them ` +
      `stays as it is. ${mend(refusal, 'issues: read')}`
    )
  },
} as const

function why({ status, why: reason }: Refusal): string {
  if (reason === 'account') return '(an IP allow list or SAML of the organization refuses us)'
  return status === 200 ? '(it leaves them out of its answer)' : `(it answered ${status})`
}

function mend({ why: reason }: Refusal, permissions: string): string {
  return reason === 'account'
    ? 'An owner of the organization lets the App through. It is asked again by itself.'
    : `An owner gives the App its permissions (${permissions}) or access to that repository. It is asked again by itself.`
}
