import type { InstallationRef } from '../domain/refs.ts'
import { clientOf, type AppAccess, type Client, type Installations } from './client.ts'
import { z } from 'zod'
import { call } from './errors.ts'
import { type RepositoryFacts, repositoryFacts, RepositoryShape } from './pull-requests.ts'

/** The App's registration at GitHub. */
export interface RegisteredApp {
  slug: string
  permissions: Record<string, string>
  events: string[]
  url: string
}

const AppShape = z.object({
  slug: z.string(),
  permissions: z.record(z.string(), z.string().optional()),
  events: z.array(z.string()),
  html_url: z.string(),
})

export async function getApp(github: AppAccess): Promise<RegisteredApp> {
  const client = await github.app()
  const { data } = await call(client.request('GET /app'))
  const { slug, permissions, events, html_url: url } = AppShape.parse(data)
  const given = Object.entries(permissions).filter((one): one is [string, string] => one[1] !== undefined)
  return { slug, permissions: Object.fromEntries(given), events, url }
}

const HookShape = z.object({
  url: z.string().default(''),
  content_type: z.string().default('form'),
  insecure_ssl: z.union([z.string(), z.number()]).default('0'),
})

/** The address to which GitHub sends the App's webhooks, and its settings. */
export async function getHook(github: AppAccess): Promise<{ url: string; isJson: boolean; isUnchecked: boolean }> {
  const client = await github.app()
  const { data } = await call(client.request('GET /app/hook/config'))
  const { url, content_type, insecure_ssl } = HookShape.parse(data)
  return { url, isJson: content_type === 'json', isUnchecked: String(insecure_ssl) === '1' }
}

export interface Installed {
  id: number
  account: string
  suspended: boolean
  permissions: Record<string, string>
}

const InstallationsShape = z.array(
  z.object({
    id: z.number(),
    account: z.object({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
    suspended_at: z.string().nullish(),
    permissions: z.record(z.string(), z.string()),
  }),
)

export async function listInstallations(github: AppAccess): Promise<Installed[]> {
  const client = await github.app()
  const data = await call(client.paginate('GET /app/installations', { per_page: 100 }))
  return InstallationsShape.parse(data).map(({ id, account, suspended_at, permissions }) => ({
    id,
    account: account?.login ?? account?.slug ?? 'unknown',
    suspended: suspended_at != null,
    permissions,
  }))
}

/** The repositories that an installation reaches. */
export async function listInstalledRepositories(
  github: Installations,
  at: InstallationRef,
): Promise<RepositoryFacts[]> {
  const client = await clientOf(github, at)
  const data: unknown[] = await call(client.paginate('GET /installation/repositories', { per_page: 100 }))
  return z.array(RepositoryShape).parse(data).map(repositoryFacts)
}

/** GitHub's clock, from the Date header of an answer. */
export async function getGitHubTime(client: Pick<Client, 'request'>): Promise<Date | undefined> {
  const headers = await client.request('GET /rate_limit').then(
    (answer) => answer.headers,
    (error: { response?: { headers?: { date?: string } } }) => error.response?.headers,
  )
  return headers?.date === undefined ? undefined : new Date(headers.date)
}
