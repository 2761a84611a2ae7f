import { accountById, fullName } from '../access.ts'
import { nodeId } from '../ids.ts'
import type { CommitStatus, Repository, World } from '../world.ts'
import { presentAccount } from './account.ts'
import { presentCommit } from './commit.ts'
import { presentRepository } from './repository.ts'
import { repositoryUrl } from './urls.ts'

/** A status in the combined status of its commit. */
export function presentStatus(world: World, repo: Repository, status: CommitStatus) {
  const { id, sha, state, context, createdAt } = status
  return {
    url: `${repositoryUrl(world, repo)}/statuses/${sha}`,
    avatar_url: presentAccount(world, accountById(world, status.creatorId)).avatar_url,
    id,
    node_id: nodeId('SC', repo.id, id),
    state,
    description: '',
    target_url: null,
    context,
    created_at: createdAt,
    updated_at: createdAt,
  }
}

/** `GET /repos/{owner}/{repo}/commits/{ref}/status`; its statuses come in pages. */
export function presentCombined(world: World, repo: Repository, sha: string, all: readonly CommitStatus[]) {
  const url = `${repositoryUrl(world, repo)}/commits/${sha}`
  const states = all.map(({ state }) => state)
  const isBad = states.includes('failure') || states.includes('error')
  return {
    state: isBad ? 'failure' : all.length === 0 || states.includes('pending') ? 'pending' : 'success',
    total_count: all.length,
    sha,
    repository: presentRepository(world, repo),
    commit_url: url,
    url: `${url}/status`,
  }
}

/** The fields of a `status` webhook. */
export function presentStatusHook(world: World, repo: Repository, status: CommitStatus) {
  const { id, sha, context, state, createdAt } = status
  const shown = presentCommit(world, repo, world.git.get(sha))
  // This webhook is older than `verified_at`.
  const { verified, reason, signature, payload } = shown.commit.verification
  return {
    id,
    sha,
    name: fullName(world, repo),
    avatar_url: presentStatus(world, repo, status).avatar_url,
    target_url: null,
    context,
    description: null,
    state,
    commit: { ...shown, commit: { ...shown.commit, verification: { verified, reason, signature, payload } } },
    branches: [...repo.branches]
      .filter(([, at]) => at === sha)
      .map(([name]) => ({
        name,
        commit: { sha, url: `${repositoryUrl(world, repo)}/commits/${sha}` },
        protected: false,
      })),
    created_at: createdAt,
    updated_at: createdAt,
  }
}
