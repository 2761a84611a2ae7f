import { z } from 'zod'
import { repositoriesOf } from '../acts/installations.ts'
import { accountByLogin, installationOf, repositoryByName, standing } from '../access.ts'
import { presentApp } from '../present/account.ts'
import { presentInstallation } from '../present/installation.ts'
import { presentPermissions, presentRepository } from '../present/repository.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Installation, Repository } from '../world.ts'
import { body, covered, inaccessible, made, number, ok, page, pageIn, text, type Ask, type Route } from './ask.ts'

export function demandApp({ caller }: Ask): void {
  if (caller.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded')
}

function installationById(ask: Ask): Installation {
  demandApp(ask)
  const installation = ask.world.installations.get(number(ask, 'installation_id'))
  if (!installation) throw notFound()
  return installation
}

const tokenBody = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
})

function limitsOf(ask: Ask, installation: Installation) {
  const { repositories, repository_ids: ids, permissions } = body(ask, tokenBody)
  const all = repositoriesOf(ask.world, installation)
  const chosen = all.filter((repo) => repositories?.includes(repo.name) || ids?.includes(repo.id))
  const asked = repositories ?? ids
  if (asked && chosen.length < asked.length) {
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  }
  const held = ask.world.app.permissions
  for (const [name, level] of Object.entries(permissions ?? {})) {
    if (held[name] !== 'write' && held[name] !== level) {
      throw new Refusal(422, 'The permissions requested are not granted to this installation.')
    }
  }
  return { chosen: asked ? chosen : null, permissions: permissions ?? held }
}

const withPermissions = (ask: Ask) => (repo: Repository) => ({
  ...presentRepository(ask.world, repo),
  permissions: presentPermissions(
    ask.caller.kind === 'user' ? standing(ask.world, repo, ask.caller.account) : { role: 'read', name: 'read' },
  ),
})

export const appRoutes: Route[] = [
  {
    method: 'GET',
    template: '/app',
    answer(ask) {
      demandApp(ask)
      return ok({ ...presentApp(ask.world), installations_count: ask.world.installations.size })
    },
  },
  {
    method: 'GET',
    template: '/app/installations',
    answer(ask) {
      demandApp(ask)
      return page(ask, [...ask.world.installations.values()], (each) => presentInstallation(ask.world, each))
    },
  },
  {
    method: 'GET',
    template: '/app/installations/{installation_id}',
    answer: (ask) => ok(presentInstallation(ask.world, installationById(ask))),
  },
  {
    method: 'POST',
    template: '/app/installations/{installation_id}/access_tokens',
    answer(ask) {
      const installation = installationById(ask)
      if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
      const { chosen, permissions } = limitsOf(ask, installation)
      const repositoryIds = chosen && new Set(chosen.map((repo) => repo.id))
      const { token, expiresAt } = ask.tokens.issue(installation, { repositoryIds, permissions })
      return made({
        token,
        expires_at: expiresAt,
        permissions,
        repository_selection: chosen ? 'selected' : installation.selection,
        ...(chosen ? { repositories: chosen.map((repo) => presentRepository(ask.world, repo)) } : {}),
      })
    },
  },
  {
    method: 'GET',
    template: '/installation/repositories',
    answer(ask) {
      if (ask.caller.kind !== 'installation') throw inaccessible()
      const { world, caller } = ask
      const repositories = repositoriesOf(world, caller.installation).filter((repo) => covered(ask, repo))
      const answer = pageIn(ask, 'repositories', repositories, withPermissions(ask))
      return { ...answer, body: { ...(answer.body as object), repository_selection: caller.installation.selection } }
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/installation',
    answer(ask) {
      demandApp(ask)
      const repo = repositoryByName(ask.world, `${text(ask, 'owner')}/${text(ask, 'repo')}`)
      const installation = repo && installationOf(ask.world, repo)
      if (!installation) throw notFound()
      return ok(presentInstallation(ask.world, installation))
    },
  },
  ...(['orgs/{org}', 'users/{username}'] as const).map((of): Route => ({
    method: 'GET',
    template: `/${of}/installation`,
    answer(ask) {
      demandApp(ask)
      const account = accountByLogin(ask.world, text(ask, 'org') || text(ask, 'username'))
      const found = ask.world.installations.values().find((each) => each.accountId === account?.id)
      if (!found) throw notFound()
      return ok(presentInstallation(ask.world, found))
    },
  })),
  {
    method: 'GET',
    template: '/rate_limit',
    answer: (ask) => {
      const core = { limit: 5000, remaining: 5000, reset: Math.floor(ask.world.clock.now() / 1000) + 3600, used: 0 }
      return ok({ resources: { core, search: core, graphql: core }, rate: core })
    },
  },
]
