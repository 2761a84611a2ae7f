import { expect } from 'vitest'
import type { LocalGitHub } from '../../local-github/local-github.ts'

/** Commands that have not got the bridge's one reaction. */
export function unanswered(gh: LocalGitHub): string[] {
  const said = gh.deliveries.flatMap(({ event, action, payload }) =>
    event === 'issue_comment' && action === 'created' && payload.comment.body.startsWith('/wl ')
      ? [payload.comment as { id: number; body: string; html_url: string }]
      : [],
  )
  expect(said.length).toBeGreaterThan(0)
  return said.flatMap(({ id, body, html_url: page }) => {
    const reactions = gh.reactions(id)
    return reactions.length === 1 ? [] : [`${page} ${body}: ${reactions.map(({ content }) => content).join(', ')}`]
  })
}
