import { checkRun } from './check-run.ts'
import { checkSuite } from './check-suite.ts'
import type { Event } from './event.ts'
import { installation } from './installation.ts'
import { installationRepositories } from './installation-repositories.ts'
import { issueComment } from './issue-comment.ts'
import { issues } from './issues.ts'
import { label } from './label.ts'
import { member } from './member.ts'
import { membership } from './membership.ts'
import { organization } from './organization.ts'
import { pullRequest } from './pull-request.ts'
import { pullRequestReview } from './pull-request-review.ts'
import { pullRequestReviewComment } from './pull-request-review-comment.ts'
import { push } from './push.ts'
import { repository } from './repository.ts'
import { status } from './status.ts'
import { team } from './team.ts'

/** Every event that we act on. Others are acknowledged and forgotten. */
export const EVENTS: readonly Event[] = [
  pullRequest,
  issueComment,
  pullRequestReview,
  pullRequestReviewComment,
  checkSuite,
  checkRun,
  status,
  issues,
  label,
  push,
  member,
  membership,
  team,
  organization,
  repository,
  installation,
  installationRepositories,
]

export function findEvent(name: string, action: unknown): Event | undefined {
  return EVENTS.find(
    (event) => event.name === name && (event.actions.length === 0 || event.actions.includes(String(action))),
  )
}
