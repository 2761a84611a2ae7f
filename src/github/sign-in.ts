/**
 * GitHub's web application flow for a person who signs in through the App (docs: "Generating a user access token for a
 * GitHub App"). The token reads public data; it may do no more than both the App and the person may.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import type { Account } from '../domain/rig.ts'
import { withoutEndSlashes } from '../domain/text.ts'
import { apiUrl, type GitHubAddress, webUrl } from './github.ts'

export interface SignInApp {
  clientId: string
  clientSecret: string
  /** https://github.com, or the GHES. */
  gheUrl: string
  /** https://api.github.com, or `<gheUrl>/api/v3`. */
  apiUrl: string
}

/** Undefined where the App's client is not configured. */
export function signInApp({
  id,
  secret,
  ...at
}: GitHubAddress & { id: string | undefined; secret: string | undefined }): SignInApp | undefined {
  if (id === undefined || secret === undefined) return undefined
  return { clientId: id, clientSecret: secret, gheUrl: webUrl(at), apiUrl: apiUrl(at) }
}

export interface SignedIn {
  person: Account
  /** A secret: must not reach a log or an error. */
  token: string
}

/** GitHub refused the sign-in. The message is a sentence for the person; `cause` has neither code nor token. */
export class SignInError extends UserError {
  override name = 'SignInError'
}

const ANSWER_MS = 10_000

/**
 * The address that the browser is sent to. `verifier` is the secret half of PKCE (RFC 7636), of which GitHub gets the
 * hash.
 */
export function authorizeUrl(app: SignInApp, ask: { redirectUri: string; state: string; verifier: string }): string {
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: ask.redirectUri,
    state: ask.state,
    code_challenge: createHash('sha256').update(ask.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return `${withoutEndSlashes(app.gheUrl)}/login/oauth/authorize?${query.toString()}`
}

const Token = z.object({ access_token: z.string().min(1) })
const Refusal = z.object({ error: z.string() })
const User = z.object({
  id: z.int().positive(),
  login: z.string().min(1).max(100),
  type: z.enum(['User', 'Bot', 'Organization']),
})

/** Exchanges the code of GitHub's redirect, which GitHub allows once and within ten minutes. Throws SignInError. */
export async function signInWith(
  app: SignInApp,
  answer: { code: string; redirectUri: string; verifier: string },
): Promise<SignedIn> {
  const body = new URLSearchParams({
    client_id: app.clientId,
    client_secret: app.clientSecret,
    code: answer.code,
    redirect_uri: answer.redirectUri,
    code_verifier: answer.verifier,
  })
  const given = await ask(`${withoutEndSlashes(app.gheUrl)}/login/oauth/access_token`, { body })
  // GitHub refuses with status 200.
  const refusal = Refusal.safeParse(given)
  if (refusal.success) throw new SignInError(refusalInWords(refusal.data.error))
  const token = understood(Token, given).access_token
  const user = await ask(`${withoutEndSlashes(app.apiUrl)}/user`, { token })
  return { person: understood(User, user), token }
}

/** The sentence for the `error` in GitHub's redirect, or in its answer to a code. */
export function refusalInWords(error: string): string {
  switch (error) {
    case 'access_denied':
      return 'You did not let the App know who you are, so you are not signed in. Nothing was read and nothing is stored.'
    case 'bad_verification_code':
      return 'GitHub does not know this sign-in any more: it is good once and for ten minutes. Sign in again.'
    case 'redirect_uri_mismatch':
      return (
        'GitHub does not send people back to this address. Whoever runs this bridge must add it, with /import/signed-in ' +
        'at its end, to the callback URLs on the App’s settings page, or set PUBLIC_URL to the address that stands there.'
      )
    case 'incorrect_client_credentials':
      return (
        'GitHub does not accept this bridge’s own credentials. Whoever runs it must set GITHUB_CLIENT_ID and ' +
        'GITHUB_CLIENT_SECRET to those on the App’s settings page.'
      )
    case 'application_suspended':
      return 'GitHub has suspended this bridge’s App, so nobody can sign in. Tell whoever runs it.'
    case 'unverified_user_email':
      return 'GitHub lets in only who has verified their e-mail address there. Do that in your GitHub settings, then sign in again.'
    default:
      return 'GitHub did not sign you in and gave no reason that we know. Sign in again; if it stays so, tell whoever runs this bridge.'
  }
}

/** Sends a request: POST where there is a body, else GET. */
async function ask(url: string, { body, token }: { body?: URLSearchParams; token?: string }): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'wasteland-bridge' })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const request: RequestInit = body === undefined ? {} : { method: 'POST', body }
  const signal = AbortSignal.timeout(ANSWER_MS)
  const response = await fetch(url, { ...request, headers, signal, redirect: 'error' }).catch((cause: unknown) => {
    throw new SignInError('GitHub cannot be reached now. Wait a minute, then sign in again.', { cause })
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok && answer !== undefined) return answer
  throw new SignInError(`GitHub answered with status ${response.status}. Wait a minute, then sign in again.`)
}

/** Validates an answer. The schema's own error is dropped, because it holds the token. */
function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer)
  if (read.success) return read.data
  throw new SignInError(
    'GitHub’s answer is not one that we understand. Sign in again; if it stays so, tell whoever runs this bridge.',
  )
}
