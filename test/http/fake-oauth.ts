import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Grant {
  challenge: string
  redirectUri: string
  token: string
}

export interface FakeOauth {
  url: string
  /** Who says yes at the next authorization. */
  person: { id: number; login: string; type: string }
  /** What the next exchange of a code answers instead of a token. */
  error: string | undefined
  /** Every code and token that was ever given. */
  secrets: string[]
  close(): Promise<void>
}

/**
 * GitHub's side of the web flow, strict where GitHub is: credentials, the redirect address, PKCE by S256, a code good
 * once. https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
export async function fakeOauth(app: { clientId: string; clientSecret: string }): Promise<FakeOauth> {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, FakeOauth['person']>()

  const authorize = (query: URLSearchParams): string => {
    const back = new URL(query.get('redirect_uri') ?? '')
    back.searchParams.set('state', query.get('state') ?? '')
    if (query.get('client_id') !== app.clientId || query.get('code_challenge_method') !== 'S256') {
      back.searchParams.set('error', 'access_denied')
      return back.href
    }
    const code = secret('c0de')
    const token = secret('ghu_')
    tokens.set(token, { ...fake.person })
    grants.set(code, { challenge: query.get('code_challenge') ?? '', redirectUri: query.get('redirect_uri')!, token })
    back.searchParams.set('code', code)
    return back.href
  }

  const exchange = (form: URLSearchParams) => {
    if (fake.error !== undefined) return { error: fake.error, error_description: 'as ordered' }
    const isUs = form.get('client_id') === app.clientId && form.get('client_secret') === app.clientSecret
    if (!isUs) return { error: 'incorrect_client_credentials' }
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (grant?.challenge !== challenge) return { error: 'bad_verification_code' }
    if (grant.redirectUri !== form.get('redirect_uri')) return { error: 'redirect_uri_mismatch' }
    return { access_token: grant.token, token_type: 'bearer', scope: '', expires_in: 28_800 }
  }

  const secret = (prefix: string) => {
    const made = prefix + crypto.randomUUID().replaceAll('-', '')
    fake.secrets.push(made)
    return made
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, fake.url)
    if (url.pathname === '/login/oauth/authorize') {
      response.writeHead(302, { location: authorize(url.searchParams) }).end()
      return
    }
    const body = Buffer.concat(await request.toArray()).toString()
    const user = tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
    const answer = url.pathname === '/login/oauth/access_token' ? exchange(new URLSearchParams(body)) : user
    response.writeHead(answer === undefined ? 401 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? { message: 'Bad credentials' }))
  })
  const fake: FakeOauth = {
    url: '',
    person: { id: 1, login: 'alice', type: 'User' },
    error: undefined,
    secrets: [],
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return fake
}
