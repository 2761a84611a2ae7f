import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { formToken } from '../../local-github/visit.ts'
import { Unavailable } from '../../src/domain/errors.ts'
import { html } from 'hono/html'
import { type Page, page } from '../../src/http/page.ts'
import { PAGES } from '../../src/http/pages/registry.ts'
import { oneTimeToken } from '../../src/http/pages/setup/guard.ts'
import { createSetup } from '../../src/http/pages/setup/setup.ts'
import { createClients, trustNobody } from '../../src/ops/client-address.ts'
import { createLog } from '../../src/ops/log.ts'
import { type ImportSite, importSite } from './import-site.ts'
import { testApp, type TestAppOptions } from './test-app.ts'

const HOST = 'localhost:3000'
const dataDir = mkdtempSync(join(tmpdir(), 'app-'))
const appYml = await readFile(new URL('../../app.yml', import.meta.url), 'utf8')
let site: ImportSite
beforeAll(async () => {
  site = await importSite({ open: true })
})
afterAll(async () => {
  await site.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const token = oneTimeToken()
const setup = createSetup({
  dataDir,
  gheUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  loopback: true,
  appYml,
  onRegistered: () => {},
  token,
  clients: createClients(trustNobody),
})

/** With everything that a page could need. */
const wholeApp = (given: TestAppOptions = {}) => testApp({ stores: () => site.deps, setup, ...given })
const pathOf = ({ path }: { path: string }) => path.replaceAll(/:\w+/g, 'x')
const body = html`<p>Here.</p>`
const HTML = { accept: 'text/html' }

describe('every route of the app', () => {
  test.each([
    ['with everything there', wholeApp()],
    ['while it starts', testApp()],
  ])('%s has the security headers, and so has an address without a page', async (_, app) => {
    const routes = app.routes.filter(({ method }) => method !== 'ALL')
    const paths = new Set(routes.map(({ path }) => path))
    for (const { path } of PAGES) expect(paths).toContain(path)
    for (const path of ['/healthz', '/metrics', '/api/github/webhooks', '/favicon.ico']) expect(paths).toContain(path)
    for (const route of [...routes, { method: 'GET', path: '/nothing' }, { method: 'DELETE', path: '/rigs/alice' }]) {
      const answer = await app.request(pathOf(route), { method: route.method, headers: { host: HOST } })
      const headers = Object.fromEntries(answer.headers)
      await answer.body?.cancel()
      expect({ ...route, ...headers }).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^ ]+'; .*base-uri 'none'; frame-ancestors 'none'$/,
        ),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': expect.stringMatching(/^(no-referrer|same-origin)$/),
      })
    }
  })

  test('is kept by no cache, unless its page says otherwise and it is no fault', async () => {
    const kept = page({
      path: '/kept',
      needs: 'nothing',
      cache: 'max-age=60',
      get: (_, c) => c.render({ title: 'x', body }),
    })
    const broken = page({ ...kept, path: '/broken', get: () => Promise.reject(new Error('no')) })
    const app = testApp({ pages: [...PAGES, kept, broken] })
    const cacheOf = async (path: string) => (await app.request(path)).headers.get('cache-control')
    for (const path of ['/', '/import', '/nothing', '/robots.txt', '/broken'])
      expect(await cacheOf(path)).toBe('no-store')
    expect(await cacheOf('/kept')).toBe('max-age=60')
    expect(await cacheOf('/favicon.ico')).toBe('max-age=86400')
  })
})

describe('every form of a page', () => {
  const FORMS = PAGES.filter(({ post }) => post !== undefined)
  const post = vi.fn<() => Response>(() => new Response('taken'))
  const app = wholeApp({ pages: PAGES.map((one): Page => (one.post === undefined ? one : { ...one, post })) })
  let cookie: string
  beforeAll(async () => {
    const admitted = await app.request(`/setup?token=${token.current()}`, { headers: { host: HOST } })
    const browser = await site.signedIn()
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`)
    cookie = [...cookies, admitted.headers.get('set-cookie')!.split(';')[0]].join('; ')
    const key = setup.formKey
    good = { token: formToken((await browser.get('/import')).text), key }
  })
  afterEach(() => post.mockClear())
  let good: Record<string, string>
  const send = (form: Page, fields: Record<string, string> | string, origin = `http://${HOST}`) =>
    app.request(pathOf(form), {
      method: 'POST',
      headers: { host: HOST, origin, cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    })

  test('is one of those that there are', () => {
    expect(FORMS.map(({ path }) => path)).toEqual([
      '/import',
      '/import/forget',
      '/import/:job/cancel',
      '/sign-out',
      '/setup/review',
    ])
  })

  test.each(FORMS.map((form) => [form.path, form] as const))(
    '%s is refused without its token, and reaches its page with it',
    async (_, form) => {
      for (const fields of [
        {},
        { token: '', key: '' },
        { token: 'x', key: 'x' },
        { token: good['key']!, key: good['token']! },
      ]) {
        const refused = await send(form, fields)
        expect([refused.status, await refused.text()]).toEqual([
          403,
          expect.stringContaining('This form is out of date'),
        ])
      }
      expect((await send(form, `token=${'x'.repeat(20_000)}`)).status).toBe(413)
      expect(post).not.toHaveBeenCalled()
      expect(await (await send(form, good)).text()).toBe('taken')
    },
  )

  test('that is no form at all is refused, and is no fault of ours', async () => {
    const headers = { host: HOST, origin: `http://${HOST}`, cookie, 'content-type': 'multipart/form-data; boundary=x' }
    const refused = await app.request('/import', { method: 'POST', headers, body: 'rubbish' })
    expect(refused.status).toBe(403)
  })

  test('of a page that needs no store would be refused too', async () => {
    const bare = { path: '/bare', needs: 'nothing', post } satisfies Page
    const answer = await testApp({ pages: [bare] }).request('/bare', {
      method: 'POST',
      body: new URLSearchParams(good),
    })
    expect(answer.status).toBe(403)
    expect(post).not.toHaveBeenCalled()
  })
})

describe('a page that throws', () => {
  const secret = 'postgres://root:hunter2@10.0.0.3'
  const throwing = (fault: Error) =>
    page({
      path: '/people/:login',
      needs: 'nothing',
      nav: 'People',
      get() {
        throw fault
      },
    })
  const ask = async (fault: Error, accept: string) => {
    let logged = ''
    const log = createLog('info', { write: (line) => void (logged += line) })
    const answer = await testApp({ pages: [throwing(fault)], log }).request('/people/jane-doe?email=jane@doe.example', {
      headers: { accept, cookie: 'wasteland-session=sealed', 'x-forwarded-for': '192.0.2.7' },
    })
    return { answer, text: await answer.text(), logged }
  }

  test('answers 500 with a page in the frame, and a line of the log that names the route and nobody', async () => {
    const { answer, text, logged } = await ask(new Error(secret), 'text/html,*/*;q=0.8')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'text/html; charset=UTF-8'])
    expect(text).toContain('Something is wrong on our side')
    expect(text).toContain('People</a>')
    expect(text).not.toMatch(/hunter2|app\.test|\bat /)
    expect(logged.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(logged)).toMatchObject({ level: 50, route: '/people/:login', msg: 'a page failed' })
    expect(logged).not.toMatch(/jane|doe|sealed|192\.0\.2\.7/)
  })

  test('answers JSON to who asks for that', async () => {
    const { answer, text } = await ask(new Error(secret), 'application/json')
    expect(answer.status).toBe(500)
    expect(JSON.parse(text)).toEqual({
      error: 'Something is wrong on our side',
      message: 'The bridge’s log says what. Whoever runs it can look there.',
    })
  })

  test('as a store is away says so, and logs nothing: /readyz tells of it', async () => {
    const { answer, text, logged } = await ask(new Unavailable(secret), 'text/html')
    expect([answer.status, logged]).toEqual([503, ''])
    expect(text).toContain('The bridge cannot look now')
    expect(text).not.toContain('hunter2')
  })
})

describe('the navigation', () => {
  const pages = [
    page({ path: '/', needs: 'nothing', get: (_, c) => c.render({ title: 'First', body }) }),
    page({ path: '/board', needs: 'nothing', nav: 'Board', get: (_, c) => c.render({ title: 'Board', body }) }),
  ]
  const navOf = async (path: string, publicUrl?: string) =>
    /<nav[^]*?<\/nav>/.exec(await (await testApp({ pages, publicUrl }).request(path, { headers: HTML })).text())?.[0]

  test('has the pages that say so, below PUBLIC_URL’s path, and marks the one that is shown', async () => {
    expect(await navOf('/', 'https://a.example/b/')).toMatch(/<a href="\/b\/board" >Board<\/a>/)
    expect(await navOf('/board')).toMatch(/<a href="\/board" aria-current="page">Board<\/a>/)
    expect((await navOf('/'))?.match(/<a /g)).toHaveLength(1)
    expect(await navOf('/nothing')).toContain('Board')
  })

  test('is not on pages of set-up, which know no path of PUBLIC_URL', async () => {
    const closed = await wholeApp().request('/setup', { headers: { host: HOST, ...HTML } })
    expect(await closed.text()).not.toContain('<nav')
  })
})

test('a page is found whatever pages with parameters come before it', async () => {
  const say = (title: string, path: string) =>
    page({ path, needs: 'nothing', get: (_, c) => c.render({ title, body }) })
  const app = testApp({ pages: [say('any', '/items/:id'), say('new', '/items/new')] })
  expect(await (await app.request('/items/new')).text()).toContain('<bdi>new</bdi>')
  expect(await (await app.request('/items/7')).text()).toContain('<bdi>any</bdi>')
})
