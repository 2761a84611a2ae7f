import { accountById, isOrgMember } from '../access.ts'
import { nodeId } from '../ids.ts'
import {
  reactionContents,
  type Comment,
  type Issue,
  type Label,
  type Reaction,
  type Repository,
  type World,
} from '../world.ts'
import { presentAuthor, presentAuthorOrNull, presentMaker } from './account.ts'
import { repositoryPage, repositoryUrl } from './urls.ts'

export function presentLabel(world: World, repo: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('LA', repo.id, label.id),
    url: `${repositoryUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  }
}

/** Private members of an organization are NONE or CONTRIBUTOR to an App; all members here are private, as by default. */
export function association(world: World, repo: Repository, userId: number) {
  const account = accountById(world, userId)
  if (account.deleted) return 'NONE'
  if (repo.ownerId === userId) return 'OWNER'
  if (!isOrgMember(world, repo, account) && repo.collaborators.has(userId)) return 'COLLABORATOR'
  const merged = repo.issues.values().some((issue) => issue.userId === userId && issue.pull?.merged)
  return merged ? 'CONTRIBUTOR' : 'NONE'
}

export function presentReactionCounts(url: string, reactions: Reaction[]) {
  const counts = Object.fromEntries(
    reactionContents.map((content) => [content, reactions.filter((reaction) => reaction.content === content).length]),
  )
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts }
}

export function presentReaction(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: presentAuthorOrNull(world, reaction.userId),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}

/** A pull request is an issue too, with `pull_request` and, if it is one, `draft`. */
export function presentIssue(world: World, repo: Repository, issue: Issue) {
  const url = `${repositoryUrl(world, repo)}/issues/${issue.number}`
  return {
    url,
    repository_url: repositoryUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(world, repo, issue),
    id: issue.id,
    node_id: issue.pull ? nodeId('PR', repo.id, issue.pull.id) : nodeId('I', repo.id, issue.id),
    number: issue.number,
    title: issue.title,
    user: presentAuthor(world, issue.userId),
    labels: issue.labels.map((label) => presentLabel(world, repo, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(world, repo, issue.userId),
    active_lock_reason: issue.lockReason,
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: {
            url: `${repositoryUrl(world, repo)}/pulls/${issue.number}`,
            html_url: issuePage(world, repo, issue),
            diff_url: `${issuePage(world, repo, issue)}.diff`,
            patch_url: `${issuePage(world, repo, issue)}.patch`,
            merged_at: issue.pull.merged?.at ?? null,
          },
        }
      : {}),
    body: issue.body,
    reactions: presentReactionCounts(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: presentMaker(world, issue.viaApp),
    state_reason: issue.stateReason,
  }
}

/** `GET /repos/{owner}/{repo}/issues/{number}`, which has `closed_by`. */
export function presentOneIssue(world: World, repo: Repository, issue: Issue) {
  return { ...presentIssue(world, repo, issue), closed_by: presentAuthorOrNull(world, issue.closedById) }
}

export function issuePage(world: World, repo: Repository, issue: Issue): string {
  return `${repositoryPage(world, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
}

export function presentComment(world: World, repo: Repository, issue: Issue, comment: Comment) {
  const url = `${repositoryUrl(world, repo)}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `${issuePage(world, repo, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repo)}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', repo.id, comment.id),
    user: presentAuthor(world, comment.userId),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(world, repo, comment.userId),
    body: comment.body,
    reactions: presentReactionCounts(url, comment.reactions),
    performed_via_github_app: presentMaker(world, comment.viaApp),
  }
}
