import { z } from 'zod'
import { accountByLogin, isOrgMember, standing, type Standing } from '../access.ts'
import { commitTo } from '../acts/commits.ts'
import { legacyPermission } from '../acts/repositories.ts'
import { blobSha, contentOf, type File } from '../git.ts'
import { presentAccount } from '../present/account.ts'
import { presentGitCommit } from '../present/commit.ts'
import { presentFullRepository, presentPermissions } from '../present/repository.ts'
import { repositoryPage, repositoryUrl } from '../present/urls.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Repository, World } from '../world.ts'
import { body, covered, doer, ok, query, repository, text, type Answer, type Ask, type Route } from './ask.ts'
import { resolveRef } from './commits.ts'

function standingOfCaller(ask: Ask, repo: Repository): Standing {
  if (ask.caller.kind === 'user') return standing(ask.world, repo, ask.caller.account)
  return covered(ask, repo) ? { role: 'write', name: 'write' } : { role: 'read', name: 'read' }
}

/** On a public repository a stranger has `read`, on a private one `none`; both are answers, not 404. */
function permission(ask: Ask): Answer {
  const { world } = ask
  const repo = repository(ask, 'read', 'metadata')
  if (ask.caller.kind === 'none') throw new Refusal(401, 'Requires authentication')
  const account = accountByLogin(world, text(ask, 'username'))
  if (!account || account.kind === 'Organization') throw new Refusal(404, `${text(ask, 'username')} is not a user`)
  if (ask.caller.kind === 'user' && ask.caller.account !== account) demandPush(world, repo, ask)
  const found = standing(world, repo, account)
  return ok({
    permission: legacyPermission(found.role),
    user: { ...presentAccount(world, account), permissions: presentPermissions(found), role_name: found.name },
    role_name: found.name,
  })
}

function demandPush(world: World, repo: Repository, ask: Ask): void {
  if (ask.caller.kind !== 'user') return
  const { role } = standing(world, repo, ask.caller.account)
  if (role === 'none' || role === 'read' || role === 'triage') {
    throw new Refusal(403, 'Must have push access to view collaborator permission.')
  }
}

function presentFile(world: World, repo: Repository, ref: string, path: string, file: File) {
  const sha = blobSha(file)
  const url = `${repositoryUrl(world, repo)}/contents/${path}?ref=${ref}`
  const gitUrl = `${repositoryUrl(world, repo)}/git/blobs/${sha}`
  const page = `${repositoryPage(world, repo)}/blob/${ref}/${path}`
  return {
    type: 'file',
    name: path.split('/').at(-1),
    path,
    sha,
    size: Buffer.byteLength(contentOf(file)),
    url,
    html_url: page,
    git_url: gitUrl,
    download_url: `${repositoryPage(world, repo)}/raw/${ref}/${path}`,
    _links: { self: url, git: gitUrl, html: page },
  }
}

function contents(ask: Ask): Answer {
  const { world } = ask
  const repo = repository(ask, 'read', 'contents')
  const ref = query(ask, 'ref') ?? repo.defaultBranch
  const { files } = world.git.get(resolveRef(ask, repo, ref))
  const path = text(ask, 'path').replace(/\/$/, '')
  const file = files.get(path)
  if (file !== undefined) {
    const encoded = Buffer.from(contentOf(file))
      .toString('base64')
      .replace(/(.{60})/g, '$1\n')
    return ok({ ...presentFile(world, repo, ref, path, file), content: encoded, encoding: 'base64' })
  }
  // A folder lists its files; folders inside of it are left out.
  const inside = [...files].filter(
    ([name]) => name.startsWith(`${path}/`) && !name.slice(path.length + 1).includes('/'),
  )
  if (inside.length === 0) throw notFound()
  return ok(inside.map(([name, one]) => presentFile(world, repo, ref, name, one)))
}

const contentBody = z.object({
  message: z.string(),
  content: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
})

function putContents(ask: Ask): Answer {
  const { world } = ask
  const repo = repository(ask, 'write', 'contents')
  const { message, content, sha, branch = repo.defaultBranch } = body(ask, contentBody)
  const path = text(ask, 'path')
  const tip = repo.branches.get(branch)
  if (tip === undefined) throw new Refusal(404, `Branch ${branch} not found`)
  const old = world.git.get(tip).files.get(path)
  if (old !== undefined && sha === undefined) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  if (sha !== undefined && (old === undefined || blobSha(old) !== sha))
    throw new Refusal(409, `${path} does not match ${sha}`)
  const fresh = Buffer.from(content, 'base64').toString()
  const commit = commitTo(world, doer(ask), repo, branch, { message, files: { [path]: fresh } })
  const answer = {
    content: presentFile(world, repo, branch, path, fresh),
    commit: presentGitCommit(world, repo, world.git.get(commit)),
  }
  return { status: old === undefined ? 201 : 200, body: answer }
}

export const repositoryRoutes: Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}',
    answer(ask) {
      const repo = repository(ask, 'read', 'metadata')
      return ok(presentFullRepository(ask.world, repo, standingOfCaller(ask, repo)))
    },
  },
  { method: 'GET', template: '/repos/{owner}/{repo}/collaborators/{username}/permission', answer: permission },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/collaborators/{username}',
    answer(ask) {
      const repo = repository(ask, 'read', 'metadata')
      const account = accountByLogin(ask.world, text(ask, 'username'))
      const belongs = account && (repo.ownerId === account.id || repo.collaborators.has(account.id))
      if (!belongs && !(account && isOrgMember(ask.world, repo, account))) throw notFound()
      return { status: 204 }
    },
  },
  { method: 'GET', template: '/repos/{owner}/{repo}/contents/{path}', answer: contents },
  { method: 'PUT', template: '/repos/{owner}/{repo}/contents/{path}', answer: putContents },
]
