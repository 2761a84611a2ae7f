import { accountByLogin, isPull } from '../access.ts'
import { latestStatuses } from '../acts/checks.ts'
import type { Commit } from '../git.ts'
import { nodeId } from '../ids.ts'
import { presentCommit, presentCommitWithFiles, presentFile, presentGitCommit } from '../present/commit.ts'
import { presentCombined, presentStatus } from '../present/commit-status.ts'
import { presentSimplePull } from '../present/pull-request.ts'
import { repositoryPage, repositoryUrl } from '../present/urls.ts'
import { commitsOf, threeDot } from '../pulls.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Repository } from '../world.ts'
import { asksForDiff, diff } from './diff.ts'
import { ok, page, query, repository, slice, text, type Answer, type Ask, type Route } from './ask.ts'

/**
 * Resolves a branch, `heads/branch`, or a full or abbreviated sha to a sha. Throws 422 for an unknown sha, as GitHub
 * does.
 */
export function resolveRef(ask: Ask, repo: Repository, ref: string): string {
  const branch = repo.branches.get(ref.replace(/^(?:refs\/)?heads\//, ''))
  if (branch !== undefined) return branch
  const found = ask.world.git.find(ref)
  if (found) return found.sha
  if (/^[0-9a-f]{40}$/.test(ref)) throw new Refusal(422, `No commit found for SHA: ${ref}`)
  throw notFound()
}

function commit(ask: Ask, param: string): { repo: Repository; commit: Commit } {
  const repo = repository(ask, 'read', 'contents')
  return { repo, commit: ask.world.git.get(resolveRef(ask, repo, text(ask, param))) }
}

/**
 * `base...head`, either as `branch`, `sha` or `owner:branch` of the fork network. Unpaged it has the newest 250
 * commits; paged it goes on from the oldest, and only the first page has files, 300 at most.
 */
function compare(ask: Ask): Answer {
  const { world } = ask
  const repo = repository(ask, 'read', 'contents')
  const [base, head] = text(ask, 'basehead')
    .split('...')
    .map((end) => endOf(ask, repo, end))
  if (base === undefined || head === undefined) throw notFound()
  const mergeBase = world.git.mergeBase(base, head)
  if (mergeBase === null) throw notFound()
  if (asksForDiff(ask)) return diff(threeDot(world, base, head))
  const ahead = world.git.between(base, head)
  const behind = world.git.between(head, base).length
  const status = ahead.length > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical'
  const site = `${repositoryPage(world, repo)}/compare/${text(ask, 'basehead')}`
  const isPaged = ask.url.searchParams.has('page') || ask.url.searchParams.has('per_page')
  const { shown, headers } = isPaged ? slice(ask, ahead) : { shown: ahead.slice(-250), headers: {} }
  const isFirst = (query(ask, 'page') ?? '1') === '1'
  const files = isFirst ? threeDot(world, base, head).slice(0, 300) : []
  const body = {
    url: `${repositoryUrl(world, repo)}/compare/${text(ask, 'basehead')}`,
    html_url: site,
    permalink_url: site,
    diff_url: `${site}.diff`,
    patch_url: `${site}.patch`,
    base_commit: presentCommit(world, repo, world.git.get(base)),
    merge_base_commit: presentCommit(world, repo, world.git.get(mergeBase)),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: shown.map((each) => presentCommit(world, repo, each)),
    files: files.map((file) => presentFile(world, repo, head, file)),
  }
  return { status: 200, body, headers }
}

function endOf(ask: Ask, repo: Repository, end: string): string {
  const [owner, branch] = end.includes(':') ? (end.split(':', 2) as [string, string]) : [null, end]
  if (owner === null) return resolveRef(ask, repo, branch)
  const account = accountByLogin(ask.world, owner)
  const from = ask.world.repositories
    .values()
    .find((other) => !other.deleted && other.ownerId === account?.id && (other.parentId === repo.id || other === repo))
  if (!from) throw notFound()
  return resolveRef(ask, from, branch)
}

function history(ask: Ask): Answer {
  const { world } = ask
  const repo = repository(ask, 'read', 'contents')
  const head = resolveRef(ask, repo, query(ask, 'sha') ?? repo.defaultBranch)
  const commits: Commit[] = []
  const seen = new Set<string>()
  const open = [head]
  for (let sha = open.shift(); sha !== undefined; sha = open.shift()) {
    if (seen.has(sha)) continue
    seen.add(sha)
    const each = world.git.get(sha)
    commits.push(each)
    open.push(...each.parents)
  }
  const since = Date.parse(query(ask, 'since') ?? '1970-01-01T00:00:00Z')
  const recent = commits.filter((each) => Date.parse(each.committer.date) >= since)
  const path = query(ask, 'path')
  const fileOf = (sha: string | undefined) => (sha === undefined ? undefined : world.git.get(sha).files.get(path ?? ''))
  const touching = path === undefined ? recent : recent.filter((each) => fileOf(each.sha) !== fileOf(each.parents[0]))
  return page(ask, touching, (each) => presentCommit(world, repo, each))
}

function pullsWith(ask: Ask): Answer {
  const { world } = ask
  const repo = repository(ask, 'read', 'pull_requests', 'contents')
  const sha = resolveRef(ask, repo, text(ask, 'commit_sha'))
  const pulls = [...repo.issues.values()]
    .filter(isPull)
    .filter((issue) => issue.pull.merged?.sha === sha || commitsOf(world, repo, issue).some((each) => each.sha === sha))
  return page(ask, pulls, (issue) => presentSimplePull(world, repo, issue))
}

export const commitRoutes: Route[] = [
  { method: 'GET', template: '/repos/{owner}/{repo}/commits', answer: history },
  { method: 'GET', template: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls', answer: pullsWith },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{ref}/status',
    answer(ask) {
      const { repo, commit: at } = commit(ask, 'ref')
      const all = latestStatuses(repo, at.sha)
      const { shown, headers } = slice(ask, all)
      const statuses = shown.map((status) => presentStatus(ask.world, repo, status))
      return { status: 200, body: { ...presentCombined(ask.world, repo, at.sha, all), statuses }, headers }
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{ref}',
    answer(ask) {
      const { repo, commit: at } = commit(ask, 'ref')
      return ok(presentCommitWithFiles(ask.world, repo, at))
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    answer(ask) {
      const { repo, commit: at } = commit(ask, 'commit_sha')
      return ok(presentGitCommit(ask.world, repo, at))
    },
  },
  { method: 'GET', template: '/repos/{owner}/{repo}/compare/{basehead}', answer: compare },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/ref/{ref}',
    answer(ask) {
      const repo = repository(ask, 'read', 'contents')
      const branch = text(ask, 'ref').replace(/^heads\//, '')
      const sha = repo.branches.get(branch)
      if (sha === undefined) throw notFound()
      const git = `${repositoryUrl(ask.world, repo)}/git`
      return ok({
        ref: `refs/heads/${branch}`,
        node_id: nodeId('REF', repo.id) + Buffer.from(branch).toString('base64url'),
        url: `${git}/refs/heads/${branch}`,
        object: { sha, type: 'commit', url: `${git}/commits/${sha}` },
      })
    },
  },
]
