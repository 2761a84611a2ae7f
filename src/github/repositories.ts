import type { InstallationRef, RepositoryRef } from '../domain/refs.ts'
import { clientOf, reach, type Client, type Installations } from './client.ts'
import { z } from 'zod'
import { type Account, readAccountType } from '../domain/rig.ts'
import { ask, type GitHubAnswer } from './github-answer.ts'
import { call, callOrNotFound, callRetryingNotFound, GitHubRefused } from './errors.ts'
import { type RepositoryFacts, repositoryFacts, RepositoryShape } from './pull-requests.ts'

/**
 * The role of an account, by the booleans of `user.permissions`: the legacy `permission` folds maintain into write, and
 * `role_name` may be a custom name.
 */
export interface RepositoryPermission {
  admin: boolean
  maintain: boolean
  write: boolean
  /** For display only. */
  roleName: string | undefined
}

const NO_PERMISSION: RepositoryPermission = { admin: false, maintain: false, write: false, roleName: 'none' }

const PermissionShape = z.object({
  permission: z.string(),
  role_name: z.string().nullish(),
  user: z
    .object({
      id: z.number(),
      permissions: z
        .object({ admin: z.boolean(), maintain: z.boolean().optional(), push: z.boolean().optional() })
        .optional(),
    })
    .nullish(),
})

/** An account's role in a repository, uncached. An account that GitHub does not know there has none. */
export async function getPermission(
  github: Installations,
  at: RepositoryRef,
  account: Account,
): Promise<RepositoryPermission> {
  const { client, name } = await reach(github, at)
  const answer = await callOrNotFound(
    client.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      ...name,
      username: account.login,
    }),
  )
  if (answer === undefined) return NO_PERMISSION
  const { user, role_name, permission } = PermissionShape.parse(answer.data)
  // Another account may have the login since the event.
  if (user?.id !== account.id) return NO_PERMISSION
  // Without the booleans only roles are believed that the legacy word cannot hide: it folds maintain into write.
  const legacy = { admin: permission === 'admin', push: permission === 'write' }
  const { admin, maintain = false, push = false } = user.permissions ?? { ...legacy, maintain: false }
  return { admin, maintain, write: push || maintain || admin, roleName: role_name || permission }
}

/** A repository as it is now; undefined when it, or our right to see it, is gone. */
export async function getRepository(github: Installations, at: RepositoryRef): Promise<RepositoryFacts | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await callRetryingNotFound(() => client.request('GET /repos/{owner}/{repo}', { ...name }))
  return answer && repositoryFacts(RepositoryShape.parse(answer.data))
}

/** The same without a retry, for a repository that no event told of: one 404 is believed. */
export async function findRepository(github: Installations, at: RepositoryRef): Promise<RepositoryFacts | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await callOrNotFound(client.request('GET /repos/{owner}/{repo}', { ...name }))
  return answer && repositoryFacts(RepositoryShape.parse(answer.data))
}

const ContentShape = z.object({
  sha: z.string(),
  type: z.string().optional(),
  encoding: z.string().optional(),
  content: z.string().optional(),
  size: z.number(),
})
const MAX_FILE = 64 * 1024

/** A file of the default branch. */
export interface RepositoryFile {
  /** The SHA of the blob. */
  sha: string
  /** Undefined for anything but a plain file, and for one larger than 64 KiB. */
  text: string | undefined
}

/** A file of the default branch, or of the commit `ref`, as text; undefined when there is none, or a folder. */
export async function readFile(
  github: Installations,
  at: RepositoryRef,
  path: string,
  ref?: string,
): Promise<RepositoryFile | undefined> {
  const { client, name } = await reach(github, at)
  const version = ref === undefined ? {} : { ref }
  const answer = await callOrNotFound(
    client.request('GET /repos/{owner}/{repo}/contents/{path}', { ...name, path, ...version }),
  )
  const file = ContentShape.safeParse(answer?.data)
  if (!file.success) return undefined
  const { sha, type, encoding, content = '', size } = file.data
  const isReadable = type === 'file' && encoding === 'base64' && size <= MAX_FILE
  return { sha, text: isReadable ? Buffer.from(content, 'base64').toString('utf8') : undefined }
}

/** The commit of the default branch that last changed a path. */
export async function lastChangeOf(
  github: Installations,
  at: RepositoryRef,
  path: string,
): Promise<string | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await callOrNotFound(
    client.request('GET /repos/{owner}/{repo}/commits', { ...name, path, per_page: 1 }),
  )
  return answer && z.array(z.object({ sha: z.string() })).parse(answer.data)[0]?.sha
}

/** Whether somebody is in a team of an organization. */
export async function isInTeam(
  github: Installations,
  at: InstallationRef,
  org: string,
  team: string,
  account: Account,
): Promise<GitHubAnswer<boolean>> {
  const client = await clientOf(github, at)
  const answer = await ask(
    client.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org,
      team_slug: team,
      username: account.login,
    }),
  )
  // GitHub answers 404 for a person who is not in the team, and for a team that does not exist.
  if ('refused' in answer) return answer.refused.why === 'hidden' ? { known: false } : answer
  return { known: z.object({ state: z.literal('active') }).safeParse(answer.known.data).success }
}

const UserShape = z.object({ id: z.number(), login: z.string(), type: z.string() })

/** The account that has this login now. */
export async function getAccount(
  github: Installations,
  at: InstallationRef,
  login: string,
): Promise<Account | undefined> {
  return findAccount(await clientOf(github, at), login)
}

/** The same, asked by a client. */
export async function findAccount(client: Pick<Client, 'request'>, login: string): Promise<Account | undefined> {
  const answer = await callOrNotFound(client.request('GET /users/{username}', { username: login }))
  if (answer === undefined) return undefined
  const user = UserShape.parse(answer.data)
  return { id: user.id, login: user.login, type: readAccountType(user.type) }
}

const IssueShape = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user: UserShape.nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
  pull_request: z.unknown().optional(),
  html_url: z.string(),
})

export interface Issue {
  id: number
  number: number
  title: string
  body: string
  open: boolean
  authorId: number | undefined
  labels: string[]
  url: string
}

export async function getIssue(github: Installations, at: RepositoryRef, number: number): Promise<Issue | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await callRetryingNotFound(() =>
    client.request('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...name, issue_number: number }),
  )
  if (answer === undefined) return undefined
  return toIssue(IssueShape.parse(answer.data))
}

/** The open issues that have a label, oldest first; no pull requests. */
export async function listIssues(github: Installations, at: RepositoryRef, label: string): Promise<Issue[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/issues', {
      ...name,
      labels: label,
      state: 'open',
      direction: 'asc',
      per_page: 100,
    }),
  )
  return z
    .array(IssueShape)
    .parse(data)
    .filter((issue) => issue.pull_request == null)
    .map(toIssue)
}

function toIssue(issue: z.output<typeof IssueShape>): Issue {
  return {
    id: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    open: issue.state === 'open',
    authorId: issue.user?.id,
    labels: issue.labels.flatMap((label) => {
      const labelName = typeof label === 'string' ? label : label.name
      return labelName == null ? [] : [labelName]
    }),
    url: issue.html_url,
  }
}

/**
 * Puts a label on an issue, and creates it where the repository has none. False when GitHub refuses (archived, no
 * right).
 */
export async function addLabel(
  github: Installations,
  at: RepositoryRef,
  number: number,
  label: string,
): Promise<boolean> {
  const { client, name } = await reach(github, at)
  try {
    await call(
      client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        ...name,
        issue_number: number,
        labels: [label],
      }),
    )
    return true
  } catch (error) {
    if (error instanceof GitHubRefused) return false
    throw error
  }
}
