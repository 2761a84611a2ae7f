import { diffFiles, type FileChange } from './diff.ts'
import type { Commit } from './git.ts'
import type { PullRequest, Repository, World } from './world.ts'

/** The tip of the base branch while the pull request is open; afterwards as it was at the end. */
export function baseTip(repo: Repository, { state, pull }: PullRequest): string {
  return state === 'open' ? (repo.branches.get(pull.base.branch) ?? pull.base.sha) : pull.base.sha
}

export function commitsOf(world: World, repo: Repository, issue: PullRequest): Commit[] {
  return world.git.between(baseTip(repo, issue), issue.pull.head.sha)
}

/** The changes from the merge base to the head, as GitHub's three-dot diff. */
export function filesOf(world: World, repo: Repository, issue: PullRequest): FileChange[] {
  return threeDot(world, baseTip(repo, issue), issue.pull.head.sha)
}

export function threeDot(world: World, base: string, head: string): FileChange[] {
  const from = world.git.mergeBase(base, head)
  return diffFiles(from === null ? new Map() : world.git.get(from).files, world.git.get(head).files)
}

/**
 * The test merge that GitHub keeps at `refs/pull/N/merge` while a pull request is open, to compute `mergeable`. Null on
 * a conflict.
 */
export function testMerge(world: World, repo: Repository, issue: PullRequest): Commit | null {
  const [base, head] = [baseTip(repo, issue), issue.pull.head.sha]
  const files = world.git.merge(base, head)
  if (!files) return null
  const { committer } = world.git.get(head)
  return world.git.commit({
    parents: [base, head],
    files,
    author: committer,
    committer: { name: 'GitHub', email: 'noreply@github.com', date: committer.date },
    message: `Merge ${head} into ${base}`,
  })
}
