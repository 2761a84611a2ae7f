import { accountByLogin, needAccount, needRepository } from './access.ts'
import { identityOf } from './acts/commits.ts'
import { makeLabel } from './acts/labels.ts'
import { forget } from './acts/repositories.ts'
import { createClock } from './clock.ts'
import { createGit } from './git.ts'
import { createAccount, createApp, type AppOptions } from './github-app.ts'
import { createIds } from './ids.ts'
import { createPeople, type About as Told, type PeopleOptions } from './people/people.ts'
import { ghostId } from './present/account.ts'
import type { Account, Grant, Repository, Role, World } from './world.ts'

/** Sets up the world before anybody acts: no webhooks are sent. Accounts that are named are created as needed. */
export type Building = {
  user(login: string, about?: { name?: string; emails?: string[]; id?: number; bot?: boolean }): Account
  organization(
    login: string,
    about?: { members?: Record<string, 'admin' | 'member'>; basePermission?: Role | 'none'; id?: number },
  ): Account
  team(org: string, slug: string, about: { members?: string[]; repositories?: Record<string, Grant> }): void
  repository(
    fullName: string,
    about?: {
      private?: boolean
      visibility?: Repository['visibility']
      defaultBranch?: string
      files?: Record<string, string>
      collaborators?: Record<string, Grant>
      labels?: string[]
    },
  ): Repository
  /** The public data of a person, who is created where needed: the name of a character (`reviewer`), or more. */
  person(login: string, about: string | Told): Account
  renameUser(login: string, newLogin: string): void
  /** Deletes a user, their repositories and forks too. */
  deleteUser(login: string): void
}

export function createWorld(options: AppOptions | undefined, people: PeopleOptions | undefined): World {
  const clock = createClock()
  const accounts = new Map<number, Account>()
  const lastIds = {}
  const world = {
    url: '',
    clock,
    id: createIds(lastIds),
    lastIds,
    git: createGit(),
    accounts,
    people: createPeople({ accounts, clock }, people),
    repositories: new Map<number, Repository>(),
    installations: new Map(),
    emit: () => {},
  }
  createAccount(world, 'ghost', 'User', { id: ghostId })
  createAccount(world, 'web-flow', 'User', { id: 19_864_447, name: 'GitHub Web Flow', emails: ['noreply@github.com'] })
  const app = createApp(world, options)
  createAccount(world, app.ownerLogin, 'User', {})
  return { ...world, app }
}

export function building(world: World): Building {
  const known = (login: string, kind: Account['kind'], about: Parameters<typeof createAccount>[3] = {}) =>
    accountByLogin(world, login) ?? createAccount(world, login, kind, about)
  const idOf = (login: string) => known(login, 'User').id
  return {
    user: (login, { bot = false, ...about } = {}) => known(login, bot ? 'Bot' : 'User', about),
    organization(login, { members = {}, basePermission = 'read', id } = {}) {
      const org = known(login, 'Organization', { id })
      org.kind = 'Organization'
      org.basePermission = basePermission
      for (const [member, role] of Object.entries(members)) org.members.set(idOf(member), role)
      return org
    },
    team(org, slug, { members = [], repositories = {} }) {
      needAccount(world, org).teams.push({
        id: world.id('team'),
        slug,
        name: slug,
        members: new Map(members.map((login) => [idOf(login), 'member'])),
        repositories: new Map(
          Object.entries(repositories).map(([name, grant]) => [needRepository(world, name).id, grant]),
        ),
      })
    },
    repository(fullName, about = {}) {
      const [owner = '', name = ''] = fullName.split('/')
      const repo = createRepository(world, known(owner, 'User'), name, about)
      for (const [login, grant] of Object.entries(about.collaborators ?? {})) repo.collaborators.set(idOf(login), grant)
      return repo
    },
    person(login, said) {
      const about: Told = typeof said === 'string' ? { as: said } : said
      const account = known(login, about.kind ?? 'User', {
        id: about.id,
        ...(about.name !== undefined && { name: about.name }),
      })
      world.people.tell(account, about)
      return account
    },
    renameUser: (login, newLogin) => void (needAccount(world, login).login = newLogin),
    deleteUser(login) {
      const gone = needAccount(world, login)
      gone.deleted = true
      for (const repo of world.repositories.values()) if (repo.ownerId === gone.id) forget(world, repo)
    },
  }
}

type About = NonNullable<Parameters<Building['repository']>[1]>

function createRepository(world: World, owner: Account, name: string, about: About): Repository {
  const { defaultBranch = 'main', files = { 'README.md': `# ${name}\n` }, labels = [] } = about
  const now = world.clock.iso()
  const author = identityOf(world, owner)
  const first = world.git.commit({
    parents: [],
    files: new Map(Object.entries(files)),
    author,
    committer: author,
    message: 'Initial commit',
  })
  const repo: Repository = {
    id: world.id('repository'),
    ownerId: owner.id,
    name,
    visibility: about.visibility ?? (about.private ? 'private' : 'public'),
    archived: false,
    deleted: false,
    defaultBranch,
    parentId: null,
    formerNames: new Set(),
    collaborators: new Map(),
    labels: labels.map((label) => makeLabel(world, label)),
    branches: new Map([[defaultBranch, first.sha]]),
    issues: new Map(),
    goneIssues: new Map(),
    checkRuns: [],
    opensSuites: true,
    suites: new Map(),
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  }
  world.repositories.set(repo.id, repo)
  return repo
}
