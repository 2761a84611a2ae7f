import { Octokit } from '@octokit/rest'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { Probot, ProbotOctokit } from 'probot'
import { z } from 'zod'
import { isTenant, pagesOf } from '../domain/github-host.ts'
import type { Account } from '../domain/rig.ts'
import { getGitHubTime } from './app-health.ts'
import { call, callOrNotFound } from './errors.ts'
import { findAccount } from './repositories.ts'
import { conditional } from './conditional.ts'
import { createRateLimitMonitor, type RateLimitMonitor } from './rate-limit-monitor.ts'
import { requestThrottleFor } from './request-throttle.ts'
import { keepTokens, type InstallationTokens } from './tokens.ts'
import type { Client } from './client.ts'

/** The App as it is registered there. `ownerId` is the account whose public repositories are admitted. */
export interface AppIdentity {
  id: number
  slug: string
  ownerId: number | undefined
  ownerLogin: string
}

/** GitHub, or one GitHub Enterprise Server. */
export interface GitHub {
  probot: Probot
  /** `github` or the host of the Enterprise Server, as ids and hop_uri have it. */
  host: string
  identity(): Promise<AppIdentity>
  /** Octokit as the App itself. */
  app(): Promise<Client>
  installation(id: number): Promise<Client>
  /** The installation that covers a repository; undefined where there is none. */
  installationAt(name: { owner: string; repo: string }): Promise<number | undefined>
  limits: RateLimitMonitor['limits']
  isRefused: RateLimitMonitor['isRefused']
  refusing: RateLimitMonitor['refusing']
  /** Breaks off what is being asked and asks nothing more: we end. */
  end(): void
}

/** GitHub as our App reaches it, and who we are there. */
export type GitHubApp = Pick<GitHub, 'installation' | 'identity'>

export interface GitHubOptions {
  appId: string
  privateKey: string
  webhookSecret: string
  /** `host[:port]` of an Enterprise Server. */
  gheHost: string | undefined
  gheProtocol: string
  log: Logger
}

const TIMEOUT_MS = 15_000
/** Milliseconds until the App is asked for again, which may have another name since. */
const IDENTITY_MS = 3_600_000
/** The same where GitHub did not tell. */
const UNKNOWN_MS = 60_000
/** Probot makes a client of an installation each time, which costs more than most of what is asked with it. */
const MOST_CLIENTS = 500

function fetchWithTimeout(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const late = AbortSignal.timeout(TIMEOUT_MS)
  return fetch(url, { ...init, signal: init?.signal == null ? late : AbortSignal.any([init.signal, late]) })
}

/** `fetch` with a time limit, until `ended`. */
function fetchUntil(ended: AbortSignal): typeof fetchWithTimeout {
  return (url, init) =>
    fetchWithTimeout(url, { ...init, signal: init?.signal == null ? ended : AbortSignal.any([init.signal, ended]) })
}

const App = z.object({
  id: z.number(),
  slug: z.string(),
  // An App may belong to an enterprise, which owns no repositories itself.
  owner: z
    .union([z.object({ id: z.number(), login: z.string() }), z.object({ id: z.number(), slug: z.string() })])
    .nullish(),
})

/** Which GitHub: an Enterprise Server, or github.com without one. */
export type GitHubAddress = Pick<GitHubOptions, 'gheHost' | 'gheProtocol'>

/** Where people see it. */
export function webUrl({ gheHost, gheProtocol }: GitHubAddress): string {
  return pagesOf(gheHost ?? 'github.com', gheProtocol)
}

export function apiUrl({ gheHost, gheProtocol }: GitHubAddress): string {
  if (gheHost === undefined) return 'https://api.github.com'
  return isTenant(gheHost) ? `${gheProtocol}://api.${gheHost}` : `${gheProtocol}://${gheHost}/api/v3`
}

export function connectGitHub(options: GitHubOptions): GitHub {
  const tokens = keepTokens()
  const ending = new AbortController()
  const rateLimits = createRateLimitMonitor(Date.now, (owner) =>
    options.log.warn(
      { owner },
      'this account refuses us (IP allow list or SAML): its work waits until an owner lets the App in',
    ),
  )
  const probot = new Probot({
    appId: options.appId,
    privateKey: options.privateKey,
    secret: options.webhookSecret,
    log: options.log,
    Octokit: plainOctokit(tokens),
    ...(options.gheHost === undefined ? {} : { baseUrl: apiUrl(options) }),
    request: { fetch: conditional(fetchUntil(ending.signal)) },
  })
  const throttle = requestThrottleFor(apiUrl(options), tokens.drop)
  let own: Promise<Client> | undefined
  const clients = new LRUCache<number, Client>({
    max: MOST_CLIENTS,
    fetchMethod: async (id) => throttle(id, rateLimits.on(id, await call(probot.auth(id)))),
    // One that is dropped while it is made is used, and not kept.
    ignoreFetchAbort: true,
  })
  // Probot gives the same client each time.
  const app = () => (own ??= call(probot.auth()).then((client) => throttle('app', rateLimits.on('app', client))))
  return {
    probot,
    host: options.gheHost ?? 'github',
    identity: createIdentity(app),
    app,
    installation: (id) => clients.forceFetch(id),
    async installationAt(name) {
      const client = await app()
      const answer = await callOrNotFound(client.request('GET /repos/{owner}/{repo}/installation', { ...name }))
      return answer && z.object({ id: z.number() }).parse(answer.data).id
    },
    limits: rateLimits.limits,
    isRefused: rateLimits.isRefused,
    refusing: rateLimits.refusing,
    end: () => ending.abort(),
  }
}

// Probot's throttle holds comments three seconds apart and its retry hides what GitHub said; a job of ours waits
// as the headers say and is tried again whole. Only the function form of defaults switches them off.
function plainOctokit(tokens: InstallationTokens): typeof ProbotOctokit {
  return ProbotOctokit.defaults((given: { auth?: object }) => ({
    ...given,
    auth: { ...given.auth, cache: tokens },
    throttle: { enabled: false },
    retry: { enabled: false },
  }))
}

/** The identity of the App, which is asked for once an hour. */
function createIdentity(app: () => Promise<Client>): GitHub['identity'] {
  const cache = new LRUCache<'app', AppIdentity>({
    max: 1,
    ttl: IDENTITY_MS,
    ttlResolution: 0,
    async fetchMethod(_, before, { options }) {
      try {
        return await readIdentity(await app())
      } catch (error) {
        // A GitHub that does not answer does not change who we are.
        if (before === undefined) throw error
        options.ttl = UNKNOWN_MS
        return before
      }
    },
  })
  return () => cache.forceFetch('app')
}

async function readIdentity(client: Client): Promise<AppIdentity> {
  const { data } = await call(client.request('GET /app'))
  const app = App.parse(data)
  return { id: app.id, slug: app.slug, ...ownerOf(app.owner) }
}

function ownerOf(owner: z.output<typeof App>['owner']): Pick<AppIdentity, 'ownerId' | 'ownerLogin'> {
  if (owner == null) return { ownerId: undefined, ownerLogin: 'nobody' }
  return 'login' in owner
    ? { ownerId: owner.id, ownerLogin: owner.login }
    : { ownerId: undefined, ownerLogin: owner.slug }
}

/** GitHub's public data, without credentials: 60 requests an hour. */
export interface AnonymousGitHub {
  /** The account that has a login now. */
  getAccount(login: string): Promise<Account | undefined>
  /** GitHub's clock. */
  getTime(): Promise<Date | undefined>
}

/** GitHub without credentials. */
export function connectAnonymously(options: GitHubAddress): AnonymousGitHub {
  // Octokit would print every refusal to the terminal; the caller reports what matters.
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const client = new Octokit({ baseUrl: apiUrl(options), request: { fetch: fetchWithTimeout }, log })
  return { getAccount: (login) => findAccount(client, login), getTime: () => getGitHubTime(client) }
}
