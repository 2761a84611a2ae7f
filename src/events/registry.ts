import { checkRun } from './check-run.ts'
import { checkSuite } from './check-suite.ts'
import { onChecks } from './checks.ts'
import { onComment } from './comments.ts'
import type { EventDeps, EventHandler, Told, Webhook } from './event.ts'
import type { ForgeEvent } from './forge-event.ts'
import { onIssueOpened } from './import-form.ts'
import { installation, onInstallation } from './installation.ts'
import { installationRepositories, onInstallationRepositories } from './installation-repositories.ts'
import { issueComment } from './issue-comment.ts'
import { onIssueTransferred } from './issue-transfer.ts'
import { issues, onIssueEdited, onIssueLabelled } from './issues.ts'
import { label, onLabel } from './label.ts'
import { member } from './member.ts'
import { membership } from './membership.ts'
import { organization } from './organization.ts'
import { onPermissions } from './permission-events.ts'
import { onPullRequest, pullRequest } from './pull-request.ts'
import { onReview, pullRequestReview } from './pull-request-review.ts'
import { pullRequestReviewComment } from './pull-request-review-comment.ts'
import { onPush, push } from './push.ts'
import { onRepository, repository } from './repository.ts'
import { onStatus, status } from './status.ts'
import { team } from './team.ts'

/** The webhook events that we handle. Others are acknowledged and not stored. */
export const EVENTS: readonly Webhook[] = [
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

/** The webhook event of a name and action; undefined for one that we do not handle. */
export function findEvent(name: string, action: unknown): Webhook | undefined {
  return EVENTS.find(
    (event) => event.name === name && (event.actions.length === 0 || event.actions.includes(String(action))),
  )
}

/** The handler of each type of event. */
const HANDLERS: { readonly [T in ForgeEvent['type']]: EventHandler<Extract<ForgeEvent, { type: T }>> } = {
  pull_request: onPullRequest,
  comment: onComment,
  review: onReview,
  checks_requested: onChecks,
  checks_rerequested: onChecks,
  checks_ended: onChecks,
  status: onStatus,
  issue_opened: onIssueOpened,
  issue_labelled: onIssueLabelled,
  issue_edited: onIssueEdited,
  issue_transferred: onIssueTransferred,
  label: onLabel,
  push: onPush,
  permissions: onPermissions,
  repository: onRepository,
  installation: onInstallation,
  installation_repositories: onInstallationRepositories,
}

/** The handler of an event. The table has the right one for each type, which TypeScript cannot follow. */
function handlerOf(event: Told<ForgeEvent>): EventHandler {
  return HANDLERS[event.type]
}

/** False for a type that this version of the bridge has no handler for. */
export function isKnown(event: Pick<ForgeEvent, 'type'>): boolean {
  return Object.hasOwn(HANDLERS, event.type)
}

/** The job key of an event. */
export function keyOf(event: Told<ForgeEvent>): string {
  return handlerOf(event).key(event)
}

/** Runs what an event needs before it is stored, such as the invalidation of a cache. */
export async function notice(deps: Pick<EventDeps, 'invalidate'>, event: Told<ForgeEvent>): Promise<void> {
  await handlerOf(event).notice?.(deps, event)
}

/** Runs the handler of an event. */
export function handle(deps: EventDeps, event: ForgeEvent): Promise<void> {
  return handlerOf(event).handle(deps, event)
}
