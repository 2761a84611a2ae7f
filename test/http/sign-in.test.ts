import { afterEach, describe, expect, test } from 'vitest'
import type { PageDepsOptions } from '../../src/http/page-deps.ts'
import { type ImportSite, importSite } from './import-site.ts'

let site: ImportSite
async function open(options: Partial<PageDepsOptions> & { canSignIn?: boolean } = {}) {
  site = await importSite(options)
}
afterEach(async () => site.close())

const cookieOf = (headers: Headers, name: string) =>
  headers.getSetCookie().find((cookie) => cookie.split('=')[0]?.endsWith(name)) ?? ''

describe('signing in with GitHub', () => {
  test('ends where it was meant to, claims the sheet, and shows who is signed in', async () => {
    await open()
    site.imports.putSheet()
    const browser = site.visit()
    const page = await browser.follow('/sign-in?to=/import')
    expect(page.status).toBe(200)
    expect(page.text).toMatch(/Signed in as <strong>alice<\/strong>/)
    expect(site.imports.claims).toEqual([1])
  })

  test('asks GitHub with a state, PKCE and our own address, as registered', async () => {
    await open()
    const away = new URL((await site.visit().get('/sign-in')).location ?? '')
    expect(`${away.origin}${away.pathname}`).toBe(`${site.github.url}/login/oauth/authorize`)
    expect(Object.fromEntries(away.searchParams)).toEqual({
      client_id: 'Iv1.abc',
      redirect_uri: `${site.url}/import/signed-in`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test.each([
    ['/import', '/import'],
    ['/import/forget', '/import/forget'],
    ['/rigs/alice', '/rigs/alice'],
    ['/import/3f2b8c1e-1111-4222-8333-123456789abc', '/import/3f2b8c1e-1111-4222-8333-123456789abc'],
    ['https://evil.example/import', '/import'],
    ['//evil.example/import', '/import'],
    ['/\\evil.example', '/import'],
    ['/import/..//evil.example', '/import'],
    ['/rigs/alice/../../x', '/import'],
    ['/rigs/%2e%2e', '/import'],
    ['/rigs/alice\nSet-Cookie: a=b', '/import'],
    ['/sign-out', '/import'],
    ['javascript:alert(1)', '/import'],
    ['', '/import'],
  ])('asked to go on to %j goes on to %s', async (to, end) => {
    await open()
    const browser = site.visit()
    const away = await browser.get(`/sign-in?to=${encodeURIComponent(to)}`)
    const back = await browser.get(away.location!)
    expect((await browser.get(back.location!)).location).toBe(end)
  })

  test.each([
    { title: 'https', publicUrl: 'https://bridge.example.org', prefix: '__Host-', secure: true },
    { title: 'http', publicUrl: undefined, prefix: '', secure: false },
  ])(
    'the cookies over $title are http-only, lax, short and bound to the host',
    async ({ publicUrl, prefix, secure }) => {
      await open({ publicUrl })
      const browser = site.visit()
      const away = await browser.get('/sign-in')
      const back = new URL((await browser.get(away.location!)).location!)
      expect(back.origin).toBe(publicUrl ?? site.url)
      const arrived = await browser.get(back.pathname + back.search)
      const given = [
        [cookieOf(away.headers, 'wasteland-sign-in'), 600],
        [cookieOf(arrived.headers, 'wasteland-session'), 1800],
      ] as const
      for (const [cookie, seconds] of given) {
        expect(cookie).toMatch(new RegExp(`^${prefix}wasteland-`))
        expect(cookie).toContain(`Max-Age=${seconds}`)
        expect(cookie).toMatch(/; Path=\/(;|$)/)
        expect(cookie).toMatch(/; HttpOnly/)
        expect(cookie).toMatch(/; SameSite=Lax/)
        expect(/; Secure/.test(cookie)).toBe(secure)
        expect(cookie).not.toMatch(/; Domain/i)
      }
    },
  )

  test('nobody can read the token in the cookie, and no log names code or token', async () => {
    await open()
    const browser = await site.signedIn()
    site.github.error = 'bad_verification_code'
    await site.visit().follow('/sign-in')
    const kept = [...browser.cookies.values()].map(
      (value) => value + Buffer.from(value, 'base64url').toString('latin1'),
    )
    expect(site.github.secrets.length).toBeGreaterThanOrEqual(4)
    for (const secret of [...site.github.secrets, 'client-secret']) {
      expect(kept.join('\n')).not.toContain(secret)
      expect(site.logged()).not.toContain(secret)
    }
    expect(site.logged()).toContain('nobody could be signed in')
  })

  test('an answer with another state, or to another browser, signs nobody in', async () => {
    await open()
    const browser = site.visit()
    const away = await browser.get('/sign-in')
    const back = new URL((await browser.get(away.location!)).location!)
    const elsewhere = await site.visit().get(back.pathname + back.search)
    expect(elsewhere.status).toBe(403)
    expect(elsewhere.text).toContain('does not belong to a sign-in that this browser began')
    back.searchParams.set('state', 'x'.repeat(43))
    const wrong = await browser.get(back.pathname + back.search)
    expect(wrong.status).toBe(403)
    expect(browser.cookies.has('wasteland-session')).toBe(false)
    expect(site.imports.claims).toEqual([])
  })

  test('an answer counts once, and within ten minutes', async () => {
    await open()
    const browser = site.visit()
    const answer = async () => {
      const away = await browser.get('/sign-in')
      const back = new URL((await browser.get(away.location!)).location!)
      return back.pathname + back.search
    }
    const first = await answer()
    expect((await browser.get(first)).status).toBe(303)
    expect((await browser.get(first)).status).toBe(403)
    const late = await answer()
    site.pass(11)
    expect((await browser.get(late)).status).toBe(403)
  })

  test.each([
    ['access_denied', 'You did not let the App know who you are'],
    ['redirect_uri_mismatch', 'callback URLs'],
    ['application_suspended', 'has suspended this bridge’s App'],
    ['<script>', 'gave no reason that we know'],
  ])('GitHub sending people back with %s is said in words', async (error, words) => {
    await open()
    const page = await site.visit().get(`/import/signed-in?error=${encodeURIComponent(error)}&state=x`)
    expect(page.status).toBe(403)
    expect(page.text).toContain(words)
    expect(page.text).not.toContain('<script>')
  })

  test.each([
    ['bad_verification_code', 'good once and for ten minutes'],
    ['incorrect_client_credentials', 'GITHUB_CLIENT_SECRET'],
    ['redirect_uri_mismatch', 'callback URLs'],
    ['unverified_user_email', 'verified their e-mail address'],
  ])('GitHub answering a code with %s is said in words', async (error, words) => {
    await open()
    site.github.error = error
    const page = await site.visit().follow('/sign-in')
    expect(page.status).toBe(502)
    expect(page.text).toContain(words)
  })

  test('a GitHub that is away is said in words', async () => {
    await open()
    const browser = site.visit()
    const away = await browser.get('/sign-in')
    const back = new URL((await browser.get(away.location!)).location!)
    await site.github.close()
    const page = await browser.get(back.pathname + back.search)
    expect(page.status).toBe(502)
    expect(page.text).toContain('GitHub cannot be reached now')
  })

  test('a store that is away keeps nobody from signing in', async () => {
    await open()
    site.imports.claim = () => Promise.reject(new Error('away'))
    expect((await site.visit().follow('/sign-in')).text).toContain('Signed in as')
    expect(site.logged()).toContain('a sheet was not claimed')
  })

  test('without the App’s credentials the page says so', async () => {
    await open({ canSignIn: false })
    const page = await site.visit().get('/sign-in')
    expect(page.status).toBe(404)
    expect(page.text).toContain('GITHUB_CLIENT_ID')
  })
})

describe('a session', () => {
  test('ends after half an hour', async () => {
    await open()
    const browser = await site.signedIn()
    site.pass(29)
    expect((await browser.get('/import')).text).toContain('Signed in as')
    site.pass(2)
    expect((await browser.get('/import')).text).not.toContain('Signed in as')
  })

  test('ends by signing out', async () => {
    await open()
    const browser = await site.signedIn()
    expect((await browser.submit('/import', '/sign-out')).location).toBe('/import')
    expect((await browser.get('/import')).text).not.toContain('Signed in as')
  })

  test('of another key, or with a byte changed, is none', async () => {
    await open()
    const browser = await site.signedIn()
    const sealed = Buffer.from(browser.cookies.get('wasteland-session')!, 'base64url')
    for (const place of [0, 12, 30, sealed.length - 1]) {
      const changed = Buffer.from(sealed)
      changed[place]! ^= 1
      const other = site.visit()
      other.cookies.set('wasteland-session', changed.toString('base64url'))
      expect((await other.get('/import')).text).not.toContain('Signed in as')
    }
    await site.close()
    await open({ key: Buffer.alloc(32, 8) })
    const stranger = site.visit()
    stranger.cookies.set('wasteland-session', sealed.toString('base64url'))
    expect((await stranger.get('/import')).text).not.toContain('Signed in as')
  })

  test('what is sealed for the way to GitHub is no session', async () => {
    await open()
    const browser = site.visit()
    await browser.get('/sign-in')
    browser.cookies.set('wasteland-session', browser.cookies.get('wasteland-sign-in')!)
    expect((await browser.get('/import')).text).not.toContain('Signed in as')
  })
})
