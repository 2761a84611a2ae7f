import { createHash, randomBytes } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import { accountByLogin } from './access.ts'
import { layout } from './layout.ts'
import { ghostId } from './present/account.ts'
import type { Tokens } from './rest/auth.ts'
import type { World } from './world.ts'

/** Lifetime of a code, in milliseconds; it works once. */
const CODE_LIFE = 600_000

interface Code {
  accountId: number
  redirectUri: string
  challenge: string | undefined
  expiresAt: number
}

type Asked = Record<string, string>

/**
 * Sign-in to the App, GitHub's user-to-server web flow: a page to choose an account, the redirect back with a code, and
 * the exchange of the code for a `ghu_` token. Errors of a code have status 200, as at GitHub.
 */
export function createSignIn(world: World, tokens: Tokens): Hono {
  const codes = new Map<string, Code>()
  const pages = new Hono()
  pages.get('/authorize', (c) => {
    const asked = c.req.query()
    return refused(world, c, asked) ?? c.html(choice(world, asked))
  })
  pages.post('/authorize', async (c) => {
    const asked = c.req.query()
    const refusal = refused(world, c, asked)
    if (refusal) return refusal
    const { login } = (await c.req.parseBody()) as Asked
    const account = login ? accountByLogin(world, login) : undefined
    if (account?.kind !== 'User') return c.redirect(back(world, asked, { error: 'access_denied' }))
    const code = randomBytes(10).toString('hex')
    codes.set(code, {
      accountId: account.id,
      redirectUri: returnTo(world, asked) ?? '',
      challenge: asked['code_challenge'],
      expiresAt: world.clock.now() + CODE_LIFE,
    })
    return c.redirect(back(world, asked, { code }))
  })
  pages.post('/access_token', async (c) => {
    const answer = exchange(world, tokens, codes, await readBody(c))
    const isJson = c.req.header('accept')?.includes('json') === true
    return isJson ? c.json(answer) : c.body(new URLSearchParams(answer as Asked).toString())
  })
  return pages
}

/** The address that the browser is sent back to; undefined for one that the App did not register. */
function returnTo({ app }: World, { redirect_uri: asked }: Asked): string | undefined {
  return asked === undefined ? app.callbackUrls[0] : app.callbackUrls.find((url) => url === asked)
}

function back(world: World, asked: Asked, what: Asked): string {
  const url = new URL(returnTo(world, asked) ?? world.app.callbackUrls[0]!)
  const state = asked['state'] === undefined ? {} : { state: asked['state'] }
  for (const [name, value] of Object.entries({ ...what, ...state })) url.searchParams.set(name, value)
  return url.href
}

function refused(world: World, c: Context, asked: Asked): Response | undefined {
  if (asked['client_id'] !== world.app.clientId) return c.text('Not Found', 404)
  if (world.app.callbackUrls.length === 0) return c.text('This App has no callback URL: register one to sign in.', 400)
  if (returnTo(world, asked) === undefined) return c.redirect(back(world, asked, { error: 'redirect_uri_mismatch' }))
  return undefined
}

function choice(world: World, { login: suggested }: Asked) {
  const people = [...world.accounts.values()].filter(
    ({ kind, deleted, id, login }) => kind === 'User' && !deleted && id !== ghostId && login !== 'web-flow',
  )
  const first = people.toSorted((a, b) => Number(b.login === suggested) - Number(a.login === suggested))
  return layout(
    `Sign in to ${world.app.name}`,
    html`<h1>Sign in to ${world.app.name}</h1>
      <form method="post">
        ${first.map(({ login }) => html`<p><button name="login" value="${login}">${login}</button></p>`)}
        <p><button>Cancel</button></p>
      </form>`,
  )
}

async function readBody(c: Context): Promise<Asked> {
  if (!c.req.header('content-type')?.includes('json'))
    return { ...c.req.query(), ...((await c.req.parseBody()) as Asked) }
  const body: unknown = await c.req.json().catch(() => ({}))
  return { ...c.req.query(), ...(body as Asked) }
}

function exchange(world: World, tokens: Tokens, codes: Map<string, Code>, asked: Asked) {
  const { app, clock } = world
  if (asked['client_id'] !== app.clientId || asked['client_secret'] !== app.clientSecret)
    return wrong('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.')
  const code = codes.get(asked['code'] ?? '')
  codes.delete(asked['code'] ?? '')
  if (!code || code.expiresAt <= clock.now() || !isProven(code, asked['code_verifier']))
    return wrong('bad_verification_code', 'The code passed is incorrect or expired.')
  if (asked['redirect_uri'] !== undefined && asked['redirect_uri'] !== code.redirectUri)
    return wrong(
      'redirect_uri_mismatch',
      'The redirect_uri MUST match the registered callback URL for this application.',
    )
  const { token, expiresIn } = tokens.issueUser(code.accountId)
  return { access_token: token, expires_in: expiresIn, scope: '', token_type: 'bearer' }
}

/** Checks PKCE by S256, where the sign-in began with it. */
function isProven({ challenge }: Code, verifier: string | undefined): boolean {
  if (challenge === undefined) return true
  return verifier !== undefined && createHash('sha256').update(verifier).digest('base64url') === challenge
}

const wrong = (error: string, description: string) => ({ error, error_description: description })
