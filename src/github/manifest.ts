import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import { withoutEndSlashes } from '../domain/text.ts'
import { readAppFile } from './app-file.ts'

/** Paths that GitHub is given at registration; the code that serves them imports them from here. */
export const WEBHOOK_PATH = '/api/github/webhooks'
export const SIGNED_IN_PATH = '/import/signed-in'
export const REGISTERED_PATH = '/setup/registered'

/** The address for webhooks: the bridge itself, or a proxy that relays them to it. */
export type HookAddress = { publicUrl: string } | { webhookProxyUrl: string }

/** GitHub's manifest (docs: "Registering a GitHub App from a manifest"). */
export interface AppManifest {
  name: string
  url: string
  description: string
  public: false
  hook_attributes: { url: string; active: true }
  redirect_url: string
  callback_urls: string[]
  setup_url?: string
  default_permissions: Record<string, string>
  default_events: string[]
}

/**
 * The manifest for a bridge at these addresses.
 *
 * `origin` is where the browser reaches the set-up pages now (`http://localhost:3000`); GitHub redirects
 * back there, so it need not be reachable from outside. `setupUrl` is shown after an installation.
 */
export function appManifest(
  options: { appYml: string; origin: string; setupUrl?: string; name?: string } & HookAddress,
): AppManifest {
  const app = readAppFile(options.appYml)
  const home = 'publicUrl' in options ? options.publicUrl : options.origin
  return {
    name: options.name ?? app.name,
    url: 'publicUrl' in options ? options.publicUrl : app.url,
    description: app.description,
    public: false,
    hook_attributes: { url: hookUrl(options), active: true },
    redirect_url: under(options.origin, REGISTERED_PATH),
    callback_urls: [under(home, SIGNED_IN_PATH)],
    ...(options.setupUrl === undefined ? {} : { setup_url: options.setupUrl }),
    default_permissions: Object.fromEntries(app.permissions.map(({ name, access }) => [name, access])),
    default_events: app.events.map(({ name }) => name),
  }
}

/** The full URL that GitHub posts to; a proxy's channel takes them at its own URL. */
export function hookUrl(address: HookAddress): string {
  return 'publicUrl' in address ? under(address.publicUrl, WEBHOOK_PATH) : address.webhookProxyUrl
}

/** An address of ours below PUBLIC_URL, which may have a path of its own. */
export function under(base: string, path: string): string {
  return withoutEndSlashes(base) + path
}

/** The credentials of a registered App, which GitHub gives once. */
export interface NewAppCredentials {
  appId: number
  privateKey: string
  webhookSecret: string
  clientId: string
  clientSecret: string
  slug: string
  htmlUrl: string
  ownerLogin: string
}

/** A failed registration; with `retryable` the same code may work a moment later. */
export class ManifestError extends UserError {
  override name = 'ManifestError'
  readonly retryable: boolean

  constructor(message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, { cause: options.cause })
    this.retryable = options.retryable ?? false
  }
}

const Conversion = z
  .object({
    id: z.int().positive(),
    slug: z.string().min(1),
    html_url: z.url({ protocol: /^https?$/ }),
    owner: z.union([z.object({ login: z.string() }), z.object({ slug: z.string() })]),
    pem: z.string().startsWith('-----BEGIN '),
    webhook_secret: z.string().min(1),
    client_id: z.string().min(1),
    client_secret: z.string().min(1),
  })
  .transform((app): NewAppCredentials => ({
    appId: app.id,
    privateKey: app.pem,
    webhookSecret: app.webhook_secret,
    clientId: app.client_id,
    clientSecret: app.client_secret,
    slug: app.slug,
    htmlUrl: app.html_url,
    ownerLogin: 'login' in app.owner ? app.owner.login : app.owner.slug,
  }))

/**
 * Exchanges the code of GitHub's redirect for the App's credentials; GitHub allows it once, within an hour. `apiUrl` is
 * https://api.github.com or `https://<ghes>/api/v3`. Throws ManifestError.
 */
export async function convertManifestCode(options: { apiUrl: string; code: string }): Promise<NewAppCredentials> {
  if (!/^[\w-]{1,200}$/.test(options.code)) throw expiredCode()
  const answer = await requestConversion(options)
  const credentials = Conversion.safeParse(answer)
  if (!credentials.success) {
    throw new ManifestError(
      'GitHub registered the App but its answer lacks a part of the credentials. Delete the half-made App in ' +
        'GitHub’s developer settings and start again.',
      { cause: credentials.error },
    )
  }
  return credentials.data
}

async function requestConversion({ apiUrl, code }: { apiUrl: string; code: string }): Promise<unknown> {
  const signal = AbortSignal.timeout(20_000)
  // Octokit would log the path of a failed request, and the code is in it.
  const silent = () => undefined
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const octokit = new Octokit({ baseUrl: apiUrl, request: { signal }, log })
  try {
    return (await octokit.rest.apps.createFromManifest({ code })).data
  } catch (cause) {
    throw conversionError(apiUrl, cause)
  }
}

/** Octokit gives a failed connection the status 500 too; only a real answer has a response. */
const Refusal = z.object({ status: z.number(), response: z.object({}) })

function conversionError(apiUrl: string, cause: unknown): ManifestError {
  const refusal = Refusal.safeParse(cause)
  if (!refusal.success) {
    const message = `GitHub could not be reached at ${apiUrl}. Check that this machine can connect to it, then try again.`
    return new ManifestError(message, { cause, retryable: true })
  }
  const { status } = refusal.data
  if (status === 404 || status === 422) return expiredCode(cause)
  const message = `GitHub at ${apiUrl} answered with status ${status}. Wait a minute, then try again.`
  return new ManifestError(message, { cause, retryable: true })
}

function expiredCode(cause?: unknown): ManifestError {
  return new ManifestError(
    'GitHub does not know this code. A code works once and for one hour. If GitHub shows a new App in your ' +
      'developer settings, delete it there, then start again.',
    { cause },
  )
}
