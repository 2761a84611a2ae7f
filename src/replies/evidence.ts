import type { Evidence } from '../domain/evidence.ts'
import { count } from '../domain/text.ts'
import { duration } from '../domain/time.ts'
import { login, quote } from './markdown.ts'

/** The review metrics beside the evidence: pushes after the first review, and seconds until the merge. */
export interface Signals {
  pushes: number | undefined
  toMerge: number | undefined
}

/** One line with all that is known of the work. */
export function evidenceSummary(
  evidence: Evidence,
  signals: Signals = { pushes: undefined, toMerge: undefined },
): string {
  const { head, commits, by, agents = [], suggested = [], unknown, reviews, rounds, checks } = evidence
  const { pushes, toMerge } = signals
  const parts = [
    `head \`${head.slice(0, 10)}\``,
    commits === undefined ? undefined : count(commits, 'commit'),
    by.length === 0 ? undefined : `by ${by.map(login).join(', ')}`,
    agents.length === 0 ? undefined : `with the agents ${agents.map((name) => quote(name)).join(', ')}`,
    suggested.length === 0 ? undefined : `suggestions of ${suggested.map(login).join(', ')}`,
    unknown === undefined ? undefined : `${count(unknown, 'line')} by addresses of no account`,
    reviews && `${count(reviews.approved, 'approval')}, ${count(reviews.changes, 'request')} for changes`,
    rounds === undefined ? undefined : count(rounds, 'review round'),
    pushes === undefined ? undefined : `${count(pushes, 'push', 'pushes')} after the first review`,
    checks && `checks ${checks.pass}/${checks.total}`,
    toMerge === undefined ? undefined : `merged after ${duration(toMerge)}`,
  ]
  return `Evidence: ${parts.filter((part) => part !== undefined).join(' · ')}`
}
