import { accountById, atLeast, fullName, type Standing } from '../access.ts'
import { nodeId } from '../ids.ts'
import type { Repository, World } from '../world.ts'
import { presentAccount, presentOrganization } from './account.ts'
import { repositoryPage, repositoryUrl, templates } from './urls.ts'

const links = {
  forks_url: '/forks',
  keys_url: '/keys{/key_id}',
  collaborators_url: '/collaborators{/collaborator}',
  teams_url: '/teams',
  hooks_url: '/hooks',
  issue_events_url: '/issues/events{/number}',
  events_url: '/events',
  assignees_url: '/assignees{/user}',
  branches_url: '/branches{/branch}',
  tags_url: '/tags',
  blobs_url: '/git/blobs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  git_refs_url: '/git/refs{/sha}',
  trees_url: '/git/trees{/sha}',
  statuses_url: '/statuses/{sha}',
  languages_url: '/languages',
  stargazers_url: '/stargazers',
  contributors_url: '/contributors',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  commits_url: '/commits{/sha}',
  git_commits_url: '/git/commits{/sha}',
  comments_url: '/comments{/number}',
  issue_comment_url: '/issues/comments{/number}',
  contents_url: '/contents/{+path}',
  compare_url: '/compare/{base}...{head}',
  merges_url: '/merges',
  archive_url: '/{archive_format}{/ref}',
  downloads_url: '/downloads',
  issues_url: '/issues{/number}',
  pulls_url: '/pulls{/number}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  labels_url: '/labels{/name}',
  releases_url: '/releases{/id}',
  deployments_url: '/deployments',
}

/** The repository of webhooks and lists. */
export function presentRepository(world: World, repo: Repository) {
  const url = repositoryUrl(world, repo)
  const page = repositoryPage(world, repo)
  const host = new URL(world.url).host
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open').length
  const forks = [...world.repositories.values()].filter((other) => other.parentId === repo.id && !other.deleted).length
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: fullName(world, repo),
    private: repo.visibility !== 'public',
    owner: presentAccount(world, accountById(world, repo.ownerId)),
    html_url: page,
    description: null,
    fork: repo.parentId !== null,
    url,
    ...templates(url, links),
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    pushed_at: repo.pushedAt,
    git_url: `git://${host}/${fullName(world, repo)}.git`,
    ssh_url: `git@${host}:${fullName(world, repo)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.visibility,
    forks,
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
    custom_properties: {},
  }
}

/** `GET /repos/{owner}/{repo}` */
export function presentFullRepository(world: World, repo: Repository, standing: Standing) {
  const owner = accountById(world, repo.ownerId)
  const parent = repo.parentId === null ? undefined : world.repositories.get(repo.parentId)
  const source = parent && !parent.deleted ? presentRepository(world, parent) : undefined
  return {
    ...presentRepository(world, repo),
    permissions: presentPermissions(standing),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    ...(owner.kind === 'Organization' ? { organization: presentAccount(world, owner) } : {}),
    ...(source ? { parent: source, source } : {}),
    network_count: 0,
    subscribers_count: 0,
  }
}

export function presentPermissions({ role }: Standing) {
  return {
    admin: atLeast(role, 'admin'),
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  }
}

/** The `organization` of a webhook, for repositories of one. */
export function presentOrganizationOf(world: World, ownerId: number) {
  const owner = accountById(world, ownerId)
  return owner.kind === 'Organization' ? { organization: presentOrganization(world, owner) } : {}
}

/** The short form in installation events. */
export function presentRepositoryName(world: World, repo: Repository) {
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: fullName(world, repo),
    private: repo.visibility !== 'public',
  }
}
