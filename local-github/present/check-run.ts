import { accountById } from '../access.ts'
import { nodeId } from '../ids.ts'
import type { CheckRun, Repository, World } from '../world.ts'
import { presentAccount, presentApp } from './account.ts'
import { presentRepository } from './repository.ts'
import { repositoryPage, repositoryUrl } from './urls.ts'

export function presentCheckRun(world: World, repo: Repository, run: CheckRun) {
  const url = `${repositoryUrl(world, repo)}/check-runs/${run.id}`
  return {
    id: run.id,
    node_id: nodeId('CR', repo.id, run.id),
    name: run.name,
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(world, repo)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${repositoryPage(world, repo)}/runs/${run.id}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: presentMakerOf(world, run),
    pull_requests: [],
  }
}

function presentMakerOf(world: World, { viaApp }: CheckRun) {
  const app = presentApp(world)
  return viaApp ? app : { ...app, id: 15368, slug: 'github-actions', name: 'GitHub Actions' }
}

/** `check_run` in webhooks: its suite in full. */
export function presentHookCheckRun(world: World, repo: Repository, run: CheckRun) {
  const { client_id: _, ...app } = {
    ...presentMakerOf(world, run),
    owner: presentAccount(world, accountById(world, repo.ownerId)),
  }
  const branch = [...repo.branches].find(([, sha]) => sha === run.sha)?.[0] ?? null
  return {
    ...presentCheckRun(world, repo, run),
    app,
    check_suite: {
      id: run.suiteId,
      node_id: nodeId('CS', repo.id, run.suiteId),
      head_branch: branch,
      head_sha: run.sha,
      status: run.status,
      conclusion: run.conclusion,
      url: `${repositoryUrl(world, repo)}/check-suites/${run.suiteId}`,
      before: null,
      after: run.sha,
      pull_requests: [],
      app,
      created_at: run.startedAt,
      updated_at: run.completedAt ?? run.startedAt,
    },
  }
}

/** A check suite that was created by hand, with no run yet. */
export function presentCheckSuite(world: World, repo: Repository, sha: string) {
  const known = repo.suites.get(sha) ?? world.id('checkSuite')
  repo.suites.set(sha, known)
  const commit = world.git.get(sha)
  const url = `${repositoryUrl(world, repo)}/check-suites/${known}`
  return {
    id: known,
    node_id: nodeId('CS', repo.id, known),
    head_branch: [...repo.branches].find(([, at]) => at === sha)?.[0] ?? null,
    head_sha: sha,
    status: 'queued',
    conclusion: null,
    url,
    before: null,
    after: sha,
    pull_requests: [],
    app: presentApp(world),
    repository: presentRepository(world, repo),
    created_at: world.clock.iso(),
    updated_at: world.clock.iso(),
    latest_check_runs_count: 0,
    check_runs_url: `${url}/check-runs`,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.author.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
  }
}

/** `check_suite` in webhooks, by the last of its runs. */
export function presentHookCheckSuite(world: World, repo: Repository, last: CheckRun, runs: number) {
  const { check_suite: suite } = presentHookCheckRun(world, repo, last)
  const commit = world.git.get(last.sha)
  return {
    ...suite,
    conclusion: last.conclusion === 'skipped' ? 'neutral' : last.conclusion,
    latest_check_runs_count: runs,
    check_runs_url: `${suite.url}/check-runs`,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.author.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
  }
}
