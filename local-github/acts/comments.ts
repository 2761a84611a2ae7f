import { demand, demandUnlocked, demandWritable } from '../access.ts'
import { presentComment, presentIssue } from '../present/issue.ts'
import { invalid, notFound } from '../refusal.ts'
import type { Comment, Doer, Issue, ReactionContent, Reaction, Repository, Version, World } from '../world.ts'

const longest = 65_536

export function demandBody(resource: string, body: string): void {
  if (body.trim() === '') throw invalid(resource, 'body', 'missing_field', 'body cannot be blank')
  if (body.length > longest)
    throw invalid(resource, 'body', 'custom', `body is too long (maximum is ${longest} characters)`)
}

export function comment(world: World, doer: Doer, repo: Repository, issue: Issue, body: string): Comment {
  demand(world, repo, doer, 'read')
  demandWritable(repo)
  demandUnlocked(world, repo, issue, doer)
  demandBody('IssueComment', body)
  const now = world.clock.iso()
  const made: Comment = {
    id: world.id('comment'),
    userId: doer.account.id,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    versions: [],
    viaApp: doer.app,
  }
  issue.comments.push(made)
  issue.order.push(made.id)
  issue.updatedAt = now
  sayComment(world, doer, repo, issue, made, 'created')
  return made
}

function sayComment(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: Issue,
  about: Comment,
  action: string,
  more: object = {},
) {
  const fields = {
    ...more,
    issue: presentIssue(world, repo, issue),
    comment: presentComment(world, repo, issue, about),
  }
  world.emit({ event: 'issue_comment', action, sender: doer.account, repository: repo, fields })
}

export function findComment(repo: Repository, id: number): { issue: Issue; comment: Comment } {
  for (const issue of repo.issues.values()) {
    const found = issue.comments.find((other) => other.id === id)
    if (found) return { issue, comment: found }
  }
  throw notFound()
}

export function editComment(world: World, doer: Doer, repo: Repository, id: number, body: string): Comment {
  const { issue, comment: edited } = findComment(repo, id)
  demandWritable(repo)
  if (edited.userId !== doer.account.id) demand(world, repo, doer, 'write')
  demandUnlocked(world, repo, issue, doer)
  demandBody('IssueComment', body)
  if (body === edited.body) return edited
  const changes = { body: { from: edited.body } }
  keepVersion(world, doer, edited, edited.createdAt, body)
  edited.body = body
  edited.updatedAt = world.clock.iso()
  sayComment(world, doer, repo, issue, edited, 'edited', { changes })
  return edited
}

/** Keeps a version: GitHub stores the texts of an edited comment, the first among them, and the author of each. */
export function keepVersion(
  world: World,
  doer: Doer,
  written: { userId: number; body: string; versions: Version[] },
  writtenAt: string,
  body: string,
): void {
  if (written.versions.length === 0)
    written.versions.push({ editorId: written.userId, at: writtenAt, body: written.body })
  written.versions.push({ editorId: doer.account.id, at: world.clock.iso(), body })
}

export function deleteComment(world: World, doer: Doer, repo: Repository, id: number): void {
  const { issue, comment: gone } = findComment(repo, id)
  demandWritable(repo)
  if (gone.userId !== doer.account.id) demand(world, repo, doer, 'write')
  issue.comments = issue.comments.filter((other) => other !== gone)
  sayComment(world, doer, repo, issue, gone, 'deleted')
}

/**
 * Adds a reaction. Reactions send no webhook. Idempotent: the second of a kind by one person is the first one, and
 * `made` is false.
 */
export function react(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: Issue,
  target: { reactions: Reaction[] },
  content: ReactionContent,
): { reaction: Reaction; made: boolean } {
  demand(world, repo, doer, 'read')
  demandWritable(repo)
  demandUnlocked(world, repo, issue, doer, 'reaction')
  const old = target.reactions.find((other) => other.userId === doer.account.id && other.content === content)
  if (old) return { reaction: old, made: false }
  const reaction = { id: world.id('reaction'), userId: doer.account.id, content, createdAt: world.clock.iso() }
  target.reactions.push(reaction)
  return { reaction, made: true }
}

export function unreact(
  world: World,
  doer: Doer,
  repo: Repository,
  target: { reactions: Reaction[] },
  id: number,
): void {
  const reaction = target.reactions.find((other) => other.id === id)
  if (!reaction) throw notFound()
  if (reaction.userId !== doer.account.id) demand(world, repo, doer, 'write')
  target.reactions = target.reactions.filter((other) => other !== reaction)
}
