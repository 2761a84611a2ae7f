import { nodeId } from '../ids.ts'
import { commitsOf } from '../pulls.ts'
import { isPull } from '../access.ts'
import type { Issue, Repository, TimelineEvent, World } from '../world.ts'
import { presentAuthor, presentMaker } from './account.ts'
import { presentGitCommit } from './commit.ts'
import { presentComment } from './issue.ts'
import { presentReview } from './pull-request.ts'
import { repositoryUrl } from './urls.ts'

export function presentEvent(world: World, repo: Repository, event: TimelineEvent) {
  return {
    id: event.id,
    node_id: nodeId('EV', repo.id, event.id),
    url: `${repositoryUrl(world, repo)}/issues/events/${event.id}`,
    actor: presentAuthor(world, event.actorId),
    event: event.event,
    commit_id: event.commitSha ?? null,
    commit_url: event.commitSha ? `${repositoryUrl(world, repo)}/commits/${event.commitSha}` : null,
    created_at: event.createdAt,
    ...(event.label ? { label: event.label } : {}),
    ...(event.rename ? { rename: event.rename } : {}),
    ...(event.event === 'locked' ? { lock_reason: event.lockReason ?? null } : {}),
    ...(event.event === 'closed' || event.event === 'reopened' ? { state_reason: event.stateReason ?? null } : {}),
    performed_via_github_app: presentMaker(world, event.viaApp),
  }
}

type Entry = { at: string; entry: object }

/** Events, comments, submitted reviews and commits in one list, oldest first; commits have no id and no actor. */
export function presentTimeline(world: World, repo: Repository, issue: Issue): object[] {
  const happened = new Map<number, Entry>()
  for (const event of issue.events) {
    happened.set(event.id, { at: event.createdAt, entry: presentEvent(world, repo, event) })
  }
  for (const comment of issue.comments) {
    const shown = presentComment(world, repo, issue, comment)
    happened.set(comment.id, { at: comment.createdAt, entry: { ...shown, actor: shown.user, event: 'commented' } })
  }
  const commits: Entry[] = []
  if (isPull(issue)) {
    for (const review of issue.pull.reviews) {
      const entry = {
        ...presentReview(world, repo, issue, review),
        state: review.state.toLowerCase(),
        event: 'reviewed',
      }
      happened.set(review.id, { at: review.submittedAt ?? '', entry })
    }
    for (const commit of commitsOf(world, repo, issue)) {
      commits.push({
        at: commit.committer.date,
        entry: { ...presentGitCommit(world, repo, commit), event: 'committed' },
      })
    }
  }
  const inOrder = issue.order.flatMap((id) => happened.get(id) ?? [])
  return [...commits, ...inOrder].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ entry }) => entry)
}
