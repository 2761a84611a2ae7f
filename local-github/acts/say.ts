import { accountById } from '../access.ts'
import { presentIssue } from '../present/issue.ts'
import { presentHookPull, presentSimplePull } from '../present/pull-request.ts'
import { isPull } from '../access.ts'
import type { Account, Doer, Issue, PullRequest, Repository, TimelineEvent, World } from '../world.ts'

type Fields = Record<string, unknown>

/** Sends `pull_request.*` for a pull request, `issues.*` for an issue. */
export function sayIssue(world: World, doer: Doer, repo: Repository, issue: Issue, action: string, more: Fields = {}) {
  const sender = doer.account
  if (isPull(issue)) {
    const fields = { number: issue.number, pull_request: presentHookPull(world, repo, issue), ...more }
    world.emit({ event: 'pull_request', action, sender, repository: repo, fields })
  } else {
    const fields = { issue: presentIssue(world, repo, issue), ...more }
    world.emit({ event: 'issues', action, sender, repository: repo, fields })
  }
}

/** Sends `pull_request_review*` events, which carry the short pull request. */
export function sayReview(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  event: 'pull_request_review' | 'pull_request_review_comment',
  action: string,
  more: Fields,
) {
  const fields = { pull_request: presentSimplePull(world, repo, issue), ...more }
  world.emit({ event, action, sender: doer.account, repository: repo, fields })
}

/** Adds an entry to the issue's events, and updates its time of change. */
export function record(world: World, doer: Doer, issue: Issue, event: string, more: Partial<TimelineEvent> = {}) {
  const createdAt = world.clock.iso()
  issue.updatedAt = createdAt
  const id = world.id('event')
  issue.order.push(id)
  issue.events.push({ id, event, actorId: doer.account.id, createdAt, viaApp: doer.app, ...more })
}

export function bot(world: World): Doer {
  return { account: accountById(world, world.app.botId), app: true }
}

export const person = (account: Account): Doer => ({ account, app: false })
