import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createClients, trustNobody } from '../../src/ops/client-address.ts'
import { createSetup, type SetupOptions } from '../../src/http/pages/setup/setup.ts'
import { oneTimeToken } from '../../src/http/pages/setup/guard.ts'
import { openSetup } from '../../src/http/pages/setup/open-setup.ts'
import { testApp } from './test-app.ts'

const appYml = await readFile(new URL('../../app.yml', import.meta.url), 'utf8')
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' })
const conversion = {
  id: 7,
  slug: 'octoapp',
  html_url: 'https://github.com/apps/octoapp',
  owner: { login: 'octo' },
  pem,
  webhook_secret: 'whs',
  client_id: 'Iv1.1',
  client_secret: 'cs',
}

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'setup-'))
  nock.disableNetConnect()
})
afterEach(async () => {
  vi.useRealTimers()
  nock.cleanAll()
  nock.enableNetConnect()
  await rm(dataDir, { recursive: true, force: true })
})

function setup(given: Partial<SetupOptions> = {}) {
  const onRegistered = vi.fn<SetupOptions['onRegistered']>()
  const github = { gheUrl: 'https://github.com', apiUrl: 'https://api.github.com' }
  const token = oneTimeToken()
  const clients = createClients(trustNobody)
  const options = { dataDir, ...github, loopback: true, appYml, onRegistered, token, clients, ...given }
  const app = testApp({ github: options.gheUrl, setup: createSetup(options) })
  const host = given.publicUrl === undefined ? 'localhost:3000' : new URL(given.publicUrl).host
  /** Of somebody who has nothing but the address. */
  const come = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { host, ...headers } })
  let cookie: string | undefined
  /** Of the operator's browser, which took the token. */
  const get = async (path: string, headers: Record<string, string> = {}) => {
    cookie ??= cookieOf(await come(`/setup?token=${token.current()}`))
    return come(path, { cookie, ...headers })
  }
  const key = async () => field(await (await get('/setup')).text(), 'key')
  const review = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const form = new URLSearchParams({ key: await key(), ...fields })
    return app.request('/setup/review', { method: 'POST', headers: { host, cookie: cookie!, ...headers }, body: form })
  }
  /** The state that goes to GitHub. */
  const stateFor = async (fields: Record<string, string> = PERSONAL) => {
    const action = actionOf(await (await review(fields)).text())
    return new URL(action).searchParams.get('state') ?? ''
  }
  return { app, token, come, get, review, stateFor, onRegistered }
}

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''
const PERSONAL = { owner: 'personal', hook: 'public', publicUrl: 'https://bridge.example.org' }
const github = () => nock('https://api.github.com').post('/app-manifests/c0de/conversions')
const field = (page: string, name: string) => unescape(new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1])
const actionOf = (page: string) => unescape(/action="([^"]*)"/.exec(page)?.[1])
const manifestOf = (page: string): unknown => JSON.parse(field(page, 'manifest'))

function unescape(text = ''): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

describe('who may see set-up', () => {
  test.each([
    ...['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'localhost'].map((host) => ({
      title: `a visit from loopback as ${host}, which a plain proxy makes as well,`,
      headers: { host },
      options: {},
    })),
    { title: 'a visit with a proxy’s header', headers: { 'x-forwarded-for': '203.0.113.9' }, options: {} },
    { title: 'a visit from loopback as a proxy says', headers: { 'x-forwarded-for': '127.0.0.1' }, options: {} },
    { title: 'a public name', headers: {}, options: { publicUrl: 'https://bridge.example.org' } },
    {
      title: 'a local name where a public one is set',
      headers: { host: 'localhost:3000' },
      options: { publicUrl: 'https://bridge.example.org' },
    },
    { title: 'a visit to an open port', headers: {}, options: { loopback: false } },
  ])('$title needs the token', async ({ headers, options }) => {
    const { come, token } = setup(options)
    const secret = token.current()
    for (const query of ['', '?token=', '?token=wrong', '?token=undefined', `?token=${secret}x`]) {
      expect((await come(`/setup${query}`, headers)).status).toBe(403)
    }
    const admitted = await come(`/setup?token=${secret}`, headers)
    expect(admitted.status).toBe(200)
    const cookie = admitted.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/; HttpOnly/i)
    expect(cookie).toMatch(/; SameSite=Strict/i)
    expect(cookie).not.toContain(secret)
    const name = cookieOf(admitted)
    expect(await (await come('/setup', { ...headers, cookie: name })).text()).toContain('What the App may do')
    expect((await come('/setup', { ...headers, cookie: `${name}x` })).status).toBe(403)
  })

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:3000', 'a@localhost', ''])(
    'a page that rebinds %j to this machine may not, on any path',
    async (host) => {
      const { come, token } = setup()
      const secret = token.current()
      for (const path of ['/setup', `/setup?token=${secret}`, '/setup/registered?code=c0de&state=x']) {
        expect((await come(path, { host })).status).toBe(403)
      }
      expect(token.current()).toBe(secret)
    },
  )

  test('a token is good once: the address in a history or a log opens nothing', async () => {
    const { come, get, token } = setup()
    const secret = token.current()
    expect((await come(`/setup?token=${secret}`)).status).toBe(200)
    expect((await come(`/setup?token=${secret}`)).status).toBe(403)
    expect((await get('/setup')).status).toBe(200)
  })

  test('looking whether the address exists does not use the token up', async () => {
    const { app, come, token } = setup()
    const path = `/setup?token=${token.current()}`
    expect((await app.request(path, { method: 'HEAD', headers: { host: 'localhost' } })).status).toBe(403)
    expect((await come(path)).status).toBe(200)
  })

  test('the cookie travels by https only where PUBLIC_URL says so', async () => {
    const { come, token } = setup({ publicUrl: 'https://bridge.example.org' })
    const admitted = await come(`/setup?token=${token.current()}`)
    expect(admitted.headers.get('set-cookie')).toMatch(/; Secure/i)
  })

  test('no form is taken without the cookie, not even with the key of the page', async () => {
    const { app, get } = setup()
    const key = field(await (await get('/setup')).text(), 'key')
    const form = { method: 'POST', headers: { host: 'localhost' }, body: new URLSearchParams({ key, ...PERSONAL }) }
    expect((await app.request('/setup/review', form)).status).toBe(403)
  })

  test.each([
    { publicUrl: undefined, warnings: 1, base: 'http://localhost:3000' },
    { publicUrl: 'https://bridge.example.org/wl/', warnings: 0, base: 'https://bridge.example.org/wl' },
  ])('the terminal names the token and the log never does (PUBLIC_URL $publicUrl)', async (given) => {
    const { publicUrl, warnings, base } = given
    const said: string[] = []
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const opened = openSetup({
      dataDir,
      host: '127.0.0.1',
      publicUrl,
      webhookProxyUrl: undefined,
      appYml,
      log,
      gheUrl: 'https://github.com',
      apiUrl: 'https://api.github.com',
      clients: createClients(trustNobody),
      newSmeeChannel: async () => '',
      say: (text) => void said.push(text),
      onRegistered: async () => {},
    })
    opened.invite(3000)
    const app = testApp({ setup: opened.setup })
    expect(log.warn).toHaveBeenCalledTimes(warnings)
    const links = () => said.map((text) => /\S+\/setup\?token=[\w-]{32}/.exec(text)?.[0] ?? '')
    const host = publicUrl === undefined ? 'localhost:3000' : 'bridge.example.org'
    for (const turn of [0, 1]) {
      const link = links()[turn]!
      expect(link.startsWith(`${base}/setup?`)).toBe(true)
      expect((await app.request(link.slice(base.length), { headers: { host } })).status).toBe(200)
    }
    expect(new Set(links()).size).toBe(3)
    expect(JSON.stringify([log.info.mock.calls, log.warn.mock.calls])).not.toContain('token')
  })

  test('a form that our page did not make is refused', async () => {
    const { review } = setup()
    expect((await review({ ...PERSONAL, key: 'guess' })).status).toBe(403)
  })
})

describe('the form', () => {
  test('the page gives each permission with its reason and has no script', async () => {
    const response = await setup().get('/setup')
    const text = await response.text()
    expect(text).toContain('Pull requests: read and write')
    expect(text).toContain('Commit statuses: read-only')
    expect(text).toContain('Members (of the organization): read-only')
    expect(text).toContain('.github/wasteland.yml')
    expect(text).not.toMatch(/<script/i)
    expect(response.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*form-action 'self' https:\/\/github\.com;/,
    )
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  test('a personal App goes to the account’s settings with the manifest', async () => {
    const page = await (await setup().review(PERSONAL)).text()
    expect(actionOf(page)).toMatch(/^https:\/\/github\.com\/settings\/apps\/new\?state=[\w-]{43}$/)
    expect(manifestOf(page)).toMatchObject({
      hook_attributes: { url: 'https://bridge.example.org/api/github/webhooks' },
      redirect_url: 'http://localhost:3000/setup/registered',
    })
  })

  test('an organization’s App goes to its settings, on a GHES too', async () => {
    const { review } = setup({ gheUrl: 'https://ghes.example', publicUrl: 'http://localhost:3000' })
    const page = await (await review({ owner: 'organization', organization: ' Gas-Town1 ' })).text()
    expect(actionOf(page)).toMatch(/^https:\/\/ghes\.example\/organizations\/Gas-Town1\/settings\/apps\/new\?state=/)
  })

  test.each([
    ['', 'wasteland-bridge'],
    ['  ', 'wasteland-bridge'],
    [' Gas Town <b>Wasteland</b> ', 'Gas Town <b>Wasteland</b>'],
    ['Ödland 1', 'Ödland 1'],
    ['a'.repeat(34), 'a'.repeat(34)],
  ])('the App’s name %j is in the manifest as %j', async (appName, expected) => {
    const page = await (await setup().review({ ...PERSONAL, appName })).text()
    expect(manifestOf(page)).toMatchObject({ name: expected })
    expect(page).not.toContain('<b>Wasteland')
  })

  test.each([
    ['a'.repeat(35), 'GitHub takes names of up to 34 characters, and this one has 35.'],
    ['a'.repeat(3000), 'and this one has 3000'],
    ['–', 'a letter or a digit'],
    ['two\nlines', 'An App’s name is one line'],
    ['turned \u202e round', 'An App’s name is one line'],
  ])('the App’s name %j is refused at its field, and shown back', async (appName, words) => {
    const newSmeeChannel = vi.fn(async () => 'https://smee.io/abc')
    const response = await setup({ newSmeeChannel }).review({ owner: 'personal', hook: 'smee', appName })
    const page = await response.text()
    expect(response.status).toBe(400)
    const whole = /<legend>What the App is called<\/legend>[^]*?<\/fieldset>/.exec(page)![0]
    expect(whole).toContain(words)
    expect(whole).toMatch(/aria-invalid="true"\s+aria-describedby="fault"/)
    expect(/id="app-name"[^]*?value="([^"]*)"/.exec(whole)![1]).toBe(appName)
    expect(newSmeeChannel).not.toHaveBeenCalled()
  })

  test.each(['', '../octo', 'a/b', 'a?b', '-a', 'x'.repeat(40), 'ö', 'a"><script>alert(1)</script>', 'a\nb'])(
    'the organization name %j is refused and shown back escaped',
    async (organization) => {
      const response = await setup().review({ ...PERSONAL, owner: 'organization', organization })
      const page = await response.text()
      expect(response.status).toBe(400)
      expect(page).not.toContain('<script')
      expect(page).toContain('role="alert"')
      expect(actionOf(page)).toBe('review')
    },
  )

  test.each([
    [
      'a public address',
      { ...PERSONAL, publicUrl: 'https://b.example/?a' },
      'public-url',
      'without a name, a password, a ? or a # in it',
    ],
    [
      'an address of this machine',
      { ...PERSONAL, publicUrl: 'http://localhost' },
      'public-url',
      'GitHub cannot reach this machine by that name.',
    ],
    [
      'an organization',
      { ...PERSONAL, owner: 'organization', organization: 'a/b' },
      'organization',
      'has up to 39 letters, digits and hyphens',
    ],
    [
      'no organization',
      { ...PERSONAL, owner: 'organization' },
      'organization',
      'Give the organization’s name as it stands in its address',
    ],
    ['a name of the App', { ...PERSONAL, appName: '?' }, 'app-name', 'with a letter or a digit in it'],
  ])('a fault in %s stands right below its field, in words', async (_, fields, id, words) => {
    const page = await (await setup().review(fields)).text()
    const [, marks, after] = new RegExp(`<input\\s+id="${id}"([^>]*)>\\s*(<p[^>]*>[^<]*)`).exec(page)!
    expect(marks).toContain('aria-invalid="true" aria-describedby="fault"')
    expect(after).toContain('class="fault" role="alert" id="fault"')
    expect(after).toContain(words)
    expect(page.match(/role="alert"/g)).toHaveLength(1)
  })

  test('a name beside the other choice is no word that is dropped: the fault stands at its field', async () => {
    const response = await setup().review({ ...PERSONAL, organization: 'octo' })
    const page = await response.text()
    expect(response.status).toBe(400)
    const at = page.indexOf('An organization is named here')
    expect(at).toBeGreaterThan(page.indexOf('id="organization"'))
    expect(at).toBeLessThan(page.indexOf('</fieldset>', page.indexOf('id="organization"')))
    expect(page).toContain('aria-invalid="true"')
  })

  test.each([
    '',
    'bridge',
    'ftp://b.example',
    'https://u:p@b.example',
    'https://b.example/?a',
    'http://localhost:3000',
    'http://127.0.0.1',
  ])('the public address %j is refused', async (publicUrl) => {
    expect((await setup().review({ ...PERSONAL, publicUrl })).status).toBe(400)
  })

  test('one smee channel serves every attempt, with the word that it can be read', async () => {
    const newSmeeChannel = vi.fn(async () => 'https://smee.io/abc')
    const { get, review } = setup({ newSmeeChannel })
    expect(await (await get('/setup')).text()).toContain('can read every payload')
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const page = await (await review({ owner: 'personal', hook: 'smee' })).text()
      expect(manifestOf(page)).toMatchObject({ hook_attributes: { url: 'https://smee.io/abc' } })
      expect(page).toContain('can read every payload')
    }
    expect(newSmeeChannel).toHaveBeenCalledTimes(1)
  })

  test('no question is asked that the environment answers', async () => {
    const page = await (await setup({ webhookProxyUrl: 'https://smee.io/env' }).get('/setup')).text()
    expect(page).toContain('https://smee.io/env')
    expect(page).not.toContain('name="publicUrl"')
  })
})

describe('the answer of GitHub', () => {
  test('the credentials are written so that they read back exactly, for the owner only', async () => {
    const { get, stateFor, onRegistered } = setup()
    github().reply(201, conversion)
    const response = await get(`/setup/registered?code=c0de&state=${await stateFor()}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('https://github.com/apps/octoapp/installations/new')
    const file = join(dataDir, 'app.env')
    expect(parseEnv(await readFile(file, 'utf8'))).toEqual({
      APP_ID: '7',
      PRIVATE_KEY: pem,
      WEBHOOK_SECRET: 'whs',
      GITHUB_CLIENT_ID: 'Iv1.1',
      GITHUB_CLIENT_SECRET: 'cs',
      PUBLIC_URL: 'https://bridge.example.org',
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(dataDir)).toEqual(['app.env'])
    expect(onRegistered).toHaveBeenCalledTimes(1)
    expect(onRegistered.mock.calls[0]?.[0].credentials.appId).toBe(7)
  })

  test('the smee channel is kept for the next start', async () => {
    const { get, stateFor } = setup({ newSmeeChannel: async () => 'https://smee.io/abc' })
    github().reply(201, conversion)
    await get(`/setup/registered?code=c0de&state=${await stateFor({ owner: 'personal', hook: 'smee' })}`)
    const written = parseEnv(await readFile(join(dataDir, 'app.env'), 'utf8'))
    expect(written).toMatchObject({ WEBHOOK_PROXY_URL: 'https://smee.io/abc' })
  })

  test('needs no cookie, for a strict one does not cross sites', async () => {
    const { come, stateFor } = setup({ loopback: false })
    const state = await stateFor()
    github().reply(201, conversion)
    expect((await come(`/setup/registered?code=c0de&state=${state}`)).status).toBe(200)
  })

  test.each(['', '?code=c0de', '?code=c0de&state=', '?code=c0de&state=guess'])(
    'without its state (%j) nothing is asked of GitHub',
    async (query) => {
      const { get, stateFor } = setup()
      await stateFor()
      expect((await get(`/setup/registered${query}`)).status).toBe(403)
      expect(await readdir(dataDir)).toEqual([])
    },
  )

  test('a replayed state is refused', async () => {
    const { get, stateFor } = setup()
    const state = await stateFor()
    github().reply(404, { message: 'Not Found' })
    expect((await get(`/setup/registered?code=c0de&state=${state}`)).status).toBe(502)
    const replayed = await get(`/setup/registered?code=c0de&state=${state}`)
    expect(replayed.status).toBe(403)
    const text = await replayed.text()
    expect(text).toContain('This link is not valid any more')
    expect(text).toContain('If GitHub shows a new App in your developer settings, delete it there, then start again.')
    expect(text).toContain('href="../setup"')
  })

  test('a state older than an hour is refused', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { get, stateFor } = setup()
    const state = await stateFor()
    vi.setSystemTime(Date.now() + 3_600_001)
    expect((await get(`/setup/registered?code=c0de&state=${state}`)).status).toBe(403)
  })

  test('an expired code is told, with a way to start again and none to retry', async () => {
    const { get, stateFor, onRegistered } = setup()
    github().reply(404, { message: 'Not Found' })
    const page = await (await get(`/setup/registered?code=c0de&state=${await stateFor()}`)).text()
    expect(page).toContain('for one hour')
    expect(page).toContain('href="../setup"')
    expect(page).not.toContain('Try again')
    expect(onRegistered).not.toHaveBeenCalled()
    expect(await readdir(dataDir)).toEqual([])
  })

  test('after GitHub was out of reach the same code can be tried again, once', async () => {
    const { get, stateFor } = setup()
    github().replyWithError('ECONNREFUSED')
    const page = await (await get(`/setup/registered?code=c0de&state=${await stateFor()}`)).text()
    expect(page).toContain('could not be reached')
    const again = unescape(/href="(registered\?[^"]*)"/.exec(page)?.[1])
    github().reply(201, conversion)
    expect((await get(`/setup/${again}`)).status).toBe(200)
  })

  test('a folder that cannot be written is found before the code is used', async () => {
    const file = join(dataDir, 'file')
    await writeFile(file, '')
    const { get, stateFor } = setup({ dataDir: join(file, 'below') })
    const page = await (await get(`/setup/registered?code=c0de&state=${await stateFor()}`)).text()
    expect(page).toContain('cannot write to its folder')
    expect(page).toContain('Try again')
  })
})

describe('after registration', () => {
  test('every page is gone, the token is useless, and app.env stays as it is', async () => {
    const { app, token, come, get, stateFor } = setup()
    const [first, second] = [await stateFor(), await stateFor()]
    github().reply(201, conversion)
    await get(`/setup/registered?code=c0de&state=${first}`)
    const written = await readFile(join(dataDir, 'app.env'), 'utf8')
    github().reply(201, { ...conversion, id: 8 })
    const withToken = `/setup?token=${token.current()}`
    for (const path of ['/setup', withToken, `/setup/registered?code=c0de&state=${second}`]) {
      const response = await come(path)
      expect(response.status).toBe(410)
      expect(response.headers.get('set-cookie')).toBeNull()
      expect(await response.text()).toContain('The App is registered already')
    }
    const posted = await app.request('/setup/review', { method: 'POST', headers: { host: 'localhost' } })
    expect(posted.status).toBe(410)
    expect(await readFile(join(dataDir, 'app.env'), 'utf8')).toBe(written)
  })

  test('of two answers at once one is written and the other is told to delete its App', async () => {
    const { get, stateFor, onRegistered } = setup()
    const states = [await stateFor(), await stateFor()]
    github().delay(50).reply(201, conversion)
    github()
      .delay(50)
      .reply(201, { ...conversion, id: 8 })
    const pages = await Promise.all(states.map(async (state) => get(`/setup/registered?code=c0de&state=${state}`)))
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200, 502]))
    const refused = pages.find(({ status }) => status === 502)
    expect(await refused?.text()).toContain('Delete the new App')
    expect(onRegistered).toHaveBeenCalledTimes(1)
    const { APP_ID } = parseEnv(await readFile(join(dataDir, 'app.env'), 'utf8'))
    expect(APP_ID).toBe(String(onRegistered.mock.calls[0]?.[0].credentials.appId))
  })

  test('an app.env that was there before is never touched', async () => {
    await mkdir(dataDir, { recursive: true })
    await writeFile(join(dataDir, 'app.env'), 'APP_ID=1\n')
    expect((await setup().get('/setup')).status).toBe(410)
    expect(await readFile(join(dataDir, 'app.env'), 'utf8')).toBe('APP_ID=1\n')
  })
})
