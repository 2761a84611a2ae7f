import { accountById } from '../access.ts'
import { nodeId } from '../ids.ts'
import type { Account, App, Team, World } from '../world.ts'
import { apiUrl, templates } from './urls.ts'

/** GitHub's stand-in for deleted accounts. */
export const ghostId = 10137

export function presentAccount(world: World, account: Account) {
  const url = `${apiUrl(world)}/users/${encodeURIComponent(account.login)}`
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.kind === 'Organization' ? 'O' : account.kind === 'Bot' ? 'BOT' : 'U', account.id),
    avatar_url: `${world.url}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: htmlUrl(world, account),
    ...templates(url, {
      followers_url: '/followers',
      following_url: '/following{/other_user}',
      gists_url: '/gists{/gist_id}',
      starred_url: '/starred{/owner}{/repo}',
      subscriptions_url: '/subscriptions',
      organizations_url: '/orgs',
      repos_url: '/repos',
      events_url: '/events{/privacy}',
      received_events_url: '/received_events',
    }),
    type: account.kind,
    site_admin: false,
  }
}

function htmlUrl(world: World, account: Account): string {
  if (account.kind === 'Bot') return `${world.url}/apps/${account.login.replace(/\[bot\]$/, '')}`
  return `${world.url}/${account.login}`
}

/** The author of an issue, pull request or comment; a deleted one is shown as the ghost. */
export function presentAuthor(world: World, id: number) {
  const account = accountById(world, id)
  return presentAccount(world, account.deleted ? accountById(world, ghostId) : account)
}

/** Reviews, review comments and events of a deleted account have no user at all. */
export function presentAuthorOrNull(world: World, id: number | null) {
  const account = id === null ? null : accountById(world, id)
  return account && !account.deleted ? presentAccount(world, account) : null
}

/** `GET /users/{login}` */
export function presentProfile(world: World, account: Account) {
  const repositories = [...world.repositories.values()].filter((repo) => !repo.deleted && repo.ownerId === account.id)
  const person = world.people.byId(account.id)
  return {
    ...presentAccount(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: person?.location ?? null,
    email: null,
    hireable: null,
    bio: person?.bio ?? null,
    twitter_username: null,
    public_repos: repositories.filter((repo) => repo.visibility === 'public').length,
    public_gists: 0,
    followers: person?.character.followers ?? 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  }
}

export function presentOrganization(world: World, account: Account) {
  const url = `${apiUrl(world)}/orgs/${account.login}`
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('O', account.id),
    url,
    ...templates(url, {
      repos_url: '/repos',
      events_url: '/events',
      hooks_url: '/hooks',
      issues_url: '/issues',
      members_url: '/members{/member}',
      public_members_url: '/public_members{/member}',
    }),
    avatar_url: `${world.url}/avatars/u/${account.id}?v=4`,
    description: '',
  }
}

export function presentOrgMembership(world: World, org: Account, account: Account) {
  const url = `${apiUrl(world)}/orgs/${org.login}`
  return {
    url: `${url}/memberships/${account.login}`,
    state: 'active',
    role: org.members.get(account.id),
    organization_url: url,
    organization: presentOrganization(world, org),
    user: presentAccount(world, account),
  }
}

export function presentTeamMembership(world: World, org: Account, team: Team, account: Account) {
  return {
    url: `${apiUrl(world)}/organizations/${org.id}/team/${team.id}/memberships/${account.login}`,
    role: team.members.get(account.id),
    state: 'active',
  }
}

export function presentTeam(world: World, org: Account, team: Team) {
  const url = `${apiUrl(world)}/organizations/${org.id}/team/${team.id}`
  return {
    id: team.id,
    node_id: nodeId('T', org.id, team.id),
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    permission: 'pull',
    url,
    html_url: `${world.url}/orgs/${org.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
  }
}

export function presentApp(world: World, app: App = world.app) {
  const owner = world.accounts.values().find((account) => account.login === app.ownerLogin)
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: app.nodeId,
    owner: owner && presentAccount(world, owner),
    name: app.name,
    description: '',
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  }
}

/** The App as shown in things that it made; webhooks have it without client_id. */
export function presentMaker(world: World, viaApp: boolean) {
  if (!viaApp) return null
  const { client_id: _, ...app } = presentApp(world)
  return app
}
