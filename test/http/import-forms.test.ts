import { afterEach, describe, expect, test } from 'vitest'
import type { PageDepsOptions } from '../../src/http/page-deps.ts'
import { type ImportSite, importSite } from './import-site.ts'
import { formToken } from '../../local-github/visit.ts'

let site: ImportSite
async function open(options: Partial<PageDepsOptions> = {}) {
  site = await importSite(options)
}
afterEach(async () => site.close())

describe('forms', () => {
  const PATHS = ['/import', '/import/forget', '/import/3f2b8c1e-1111-4222-8333-123456789abc/cancel', '/sign-out']

  test.each(PATHS)('%s takes nothing from another site, though it knew the token', async (path) => {
    await open()
    const browser = await site.signedIn()
    const token = formToken((await browser.get('/import')).text)
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      {},
    ] as Record<string, string>[]
    for (const headers of foreign) expect((await browser.post(path, { token }, headers)).status).toBe(403)
    expect((await browser.get('/import')).text).toContain('Signed in as')
    expect([site.imports.asks, site.imports.forgotten]).toEqual([[], []])
  })

  test.each(PATHS)('%s takes nothing without the token of the session', async (path) => {
    await open()
    const [browser, other] = [await site.signedIn(), await site.signedIn()]
    const theirs = formToken((await other.get('/import')).text)
    for (const token of ['', 'x', theirs]) {
      const page = await browser.post(path, { token })
      expect(page.status).toBe(403)
      expect(page.text).toContain('This form is out of date')
    }
    expect((await browser.get('/import')).text).toContain('Signed in as')
    expect([site.imports.asks, site.imports.forgotten]).toEqual([[], []])
  })

  test('of a session that is over change nothing', async () => {
    await open({ open: true })
    const browser = await site.signedIn()
    const token = formToken((await browser.get('/import')).text)
    site.pass(31)
    expect((await browser.post('/import', { token, login: 'bob' })).status).toBe(403)
    expect(site.imports.asks).toEqual([])
  })

  test('the browser is told to load nothing of others, to be framed by nobody, and to send our forms’ origin', async () => {
    await open()
    const { id } = site.imports.put({})
    for (const [path, script] of [
      ['/import', ''],
      [`/import/${id}`, ` script-src 'sha256-[^ ]+'; connect-src 'self';`],
    ] as const) {
      const { headers } = await site.visit().get(path)
      const policy = headers.get('content-security-policy')
      expect(policy).toMatch(new RegExp(`^default-src 'none'; style-src 'sha256-[^ ]+';${script} img-src`))
      expect(policy).toContain(`form-action 'self';`)
      expect(policy).toContain(`frame-ancestors 'none'`)
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('forgetting', () => {
  test('says first what goes and what stays, then what was proved, and ends the session', async () => {
    await open()
    site.imports.putSheet()
    const browser = await site.signedIn()
    const asked = await browser.get('/import/forget')
    expect(asked.text).toMatch(/What goes[\s\S]*What stays/)
    expect(asked.text.replaceAll(/\s+/g, ' ')).toContain(
      '<strong>Forget my profile</strong> removes what was imported, and nothing else: you go on taking part. ' +
        '<strong>Forget it, and leave</strong> also takes you out: no claim, no work and no stamp of yours is recorded',
    )
    expect(site.imports.forgotten).toEqual([])
    const done = await browser.submit('/import/forget', '/import/forget')
    expect(site.imports.forgotten).toEqual([1])
    expect(site.imports.declined).toEqual([])
    expect(done.text).toContain('All that was imported of you is gone')
    expect(done.text).toContain('You go on taking part')
    expect(done.text).toContain('AS OF finds no row.')
    expect((await browser.get('/import')).text).not.toContain('Signed in as')
  })

  test('is one choice, and taking no further part another', async () => {
    await open()
    site.imports.putSheet()
    const browser = await site.signedIn()
    const { text } = await browser.get('/import/forget')
    expect(text).toMatch(/name="choice" value="profile">Forget my profile</)
    expect(text).toMatch(/name="choice" value="part">Forget it, and leave</)
    const done = await browser.submit('/import/forget', '/import/forget', { choice: 'part' })
    expect([site.imports.forgotten, site.imports.declined]).toEqual([[1], [1]])
    expect(done.text).toContain('You take no further part')
    expect(done.text).toContain('<code>/wl join</code>')
  })

  test('asks who is not signed in to sign in', async () => {
    await open()
    expect((await site.visit().get('/import/forget')).location).toBe('/sign-in?to=/import/forget')
  })
})
