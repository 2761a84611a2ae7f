import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { startLocalGitHub, type LocalGitHub } from '../../local-github/local-github.ts'

const running: LocalGitHub[] = []
afterEach(async () => {
  for (const gh of running.splice(0)) await gh.close()
})

const home = 'https://bridge.example/auth/github'

async function start() {
  const gh = await startLocalGitHub({ app: { callbackUrls: [home] } })
  running.push(gh)
  gh.user('alice')
  gh.organization('acme')
  const address = (asked: Record<string, string> = {}) => {
    const query = new URLSearchParams({ client_id: gh.app.clientId, redirect_uri: home, state: 'xyz', ...asked })
    return `${gh.url}/login/oauth/authorize?${query.toString()}`
  }
  /** Where GitHub sends the browser when this person is chosen. */
  const choose = async (login: string, asked: Record<string, string> = {}) => {
    const body = new URLSearchParams({ login })
    const answer = await fetch(address(asked), { method: 'POST', body, redirect: 'manual' })
    const url = new URL(answer.headers.get('location')!)
    const told: Record<string, string> = Object.fromEntries(url.searchParams)
    return { ...told, to: url.origin + url.pathname } as Record<string, string>
  }
  const exchange = async (asked: Record<string, string>) => {
    const { clientId: client_id, clientSecret: client_secret } = gh.app
    const answer = await fetch(`${gh.url}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, client_secret, ...asked }),
    })
    expect(answer.status).toBe(200)
    return (await answer.json()) as Record<string, string>
  }
  const whoIs = async (token: string) => {
    const answer = await fetch(`${gh.url}/api/v3/user`, { headers: { authorization: `Bearer ${token}` } })
    return answer.status === 200 ? ((await answer.json()) as { login: string }).login : answer.status
  }
  return { gh, address, choose, exchange, whoIs }
}

test('somebody chooses who they are, and the App gets a token of theirs for eight hours', async () => {
  const { gh, address, choose, exchange, whoIs } = await start()
  const page = await (await fetch(address())).text()
  expect(page).toContain('value="alice"')
  expect(page).not.toContain('value="acme"')
  const { to, state, code } = await choose('alice')
  expect([to, state]).toEqual([home, 'xyz'])
  const { access_token: token = '', ...rest } = await exchange({ code: code! })
  expect(rest).toEqual({ expires_in: 28_800, scope: '', token_type: 'bearer' })
  expect(token).toMatch(/^ghu_/)
  expect(await whoIs(token)).toBe('alice')
  gh.clock.advance(28_800)
  expect(await whoIs(token)).toBe(401)
})

test('a code serves once, and for ten minutes', async () => {
  const { gh, choose, exchange } = await start()
  const { code } = await choose('alice')
  expect(await exchange({ code: code! })).toHaveProperty('access_token')
  expect(await exchange({ code: code! })).toMatchObject({ error: 'bad_verification_code' })
  const late = await choose('alice')
  gh.clock.advance(600)
  expect(await exchange({ code: late['code']! })).toMatchObject({ error: 'bad_verification_code' })
})

test('the App must prove itself, and an address must be the registered one', async () => {
  const { choose, exchange, address } = await start()
  const { code = '' } = await choose('alice')
  expect(await exchange({ code, client_secret: 'wrong' })).toMatchObject({ error: 'incorrect_client_credentials' })
  expect(await exchange({ code, redirect_uri: `${home}/else` })).toMatchObject({ error: 'redirect_uri_mismatch' })
  expect(await choose('alice', { redirect_uri: 'https://evil.example/' })).toMatchObject({
    to: home,
    error: 'redirect_uri_mismatch',
  })
  expect((await fetch(address({ client_id: 'Iv23other' }))).status).toBe(404)
})

test('who cancels, or is no user, goes back without a code', async () => {
  const { choose } = await start()
  for (const login of ['', 'acme', 'nobody']) {
    const back = await choose(login)
    expect(back).toMatchObject({ to: home, error: 'access_denied', state: 'xyz' })
    expect(back).not.toHaveProperty('code')
  }
})

test('a code that began with PKCE is worth nothing without its verifier', async () => {
  const { choose, exchange } = await start()
  const verifier = 'v'.repeat(43)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const begin = async () =>
    (await choose('alice', { code_challenge: challenge, code_challenge_method: 'S256' }))['code']!
  expect(await exchange({ code: await begin() })).toMatchObject({ error: 'bad_verification_code' })
  expect(await exchange({ code: await begin(), code_verifier: 'w'.repeat(43) })).toMatchObject({
    error: 'bad_verification_code',
  })
  expect(await exchange({ code: await begin(), code_verifier: verifier })).toHaveProperty('access_token')
})
