import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import type { ImportView } from '../../src/domain/imports.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import type { OperationsStore } from '../../src/operations/schema.ts'
import { createClients, readTrustedProxies, trustNobody } from '../../src/ops/client-address.ts'
import type { PageDepsOptions } from '../../src/http/page-deps.ts'
import { NOW, SHEET } from './fake-imports.ts'
import { type ImportSite, importSite } from './import-site.ts'
import { formToken } from '../../local-github/visit.ts'
import { type SiteStore, startSiteStore } from './site-store.ts'

let site: ImportSite
async function open(options: Partial<PageDepsOptions> & { canSignIn?: boolean } = {}) {
  site = await importSite(options)
}
afterEach(async () => site.close())

describe('importing one’s own profile', () => {
  test('needs no JavaScript: import, progress, sheet', async () => {
    await open()
    const browser = await site.signedIn()
    const started = await browser.submit('/import', '/import')
    expect(started.status).toBe(303)
    expect(site.imports.asks).toEqual([
      {
        login: 'alice',
        by: { way: 'form', person: { id: 1, login: 'alice', type: 'User' }, token: site.github.secrets[1] },
      },
    ])
    const running = await browser.get(started.location!)
    expect(running.text).toContain('<noscript><meta http-equiv="refresh" content="2" /></noscript>')
    expect(running.text).toContain('Importing alice')
    const job = started.location!.split('/')[2]!
    site.imports.putSheet()
    site.imports.change(job, { state: 'done', sheet: { handle: 'alice', changed: true } })
    const done = await browser.get(started.location!)
    expect(done.text).not.toContain('http-equiv="refresh"')
    expect(done.text).toContain('href="/rigs/alice"')
    expect((await browser.get('/rigs/alice')).text).toContain('Alice Example')
  })

  test('names nobody but the one who is signed in, whatever the form says', async () => {
    await open({ open: true })
    const browser = await site.signedIn()
    await browser.submit('/import', '/import', { login: 'bob' })
    expect(site.imports.asks.map(({ login }) => login)).toEqual(['alice'])
  })

  test('a refusal is shown as it is, and nothing is begun', async () => {
    await open()
    const browser = await site.signedIn()
    site.imports.refusal = 'alice was imported today. It can be refreshed from 10:00 UTC tomorrow <b>.'
    const page = await browser.submit('/import', '/import')
    expect(page.status).toBe(400)
    expect(page.text).toContain('It can be refreshed from 10:00 UTC tomorrow &lt;b&gt;.')
  })

  test('a sheet that is there can be refreshed or forgotten', async () => {
    await open()
    site.imports.putSheet()
    const { text } = await (await site.signedIn()).get('/import')
    expect(text).toContain('Read on 21 November 2026, 10:00 UTC')
    expect(text).toContain('Refresh it')
    expect(text).toContain('href="/import/forget"')
  })
})

test.each([
  ['github.com', 'in public on GitHub, with evidence', 'a login on github.com', 'and GitHub tells us who you are'],
  [
    '127.0.0.1:36569',
    'in public on the GitHub at 127.0.0.1:36569, with evidence',
    'a login on 127.0.0.1:36569',
    'and the GitHub at 127.0.0.1:36569 tells us who you are',
  ],
])('the first words of the page of %s name its GitHub as people do', async (host, lead, field, signIn) => {
  await open({ host, open: true })
  const text = (await site.visit().get('/import')).text.replaceAll(/\s+/g, ' ')
  for (const words of [lead, field, signIn]) expect(text).toContain(words)
  expect(text).not.toContain('also when you are signed in')
})

describe('importing without signing in', () => {
  let postgres: SiteStore
  let store: OperationsStore
  beforeAll(async () => void (postgres = await startSiteStore()))
  beforeEach(() => void (store = postgres.store()))
  afterAll(() => postgres?.stop())

  test('takes a login where it is open, and says of whom it is only a code', async () => {
    await open({ open: true, canSignIn: false, store })
    const browser = site.visit()
    const started = await browser.submit('/import', '/import', { login: ' @Octo-Cat ' })
    expect(started.location).toMatch(/^\/import\/[\da-f-]{36}$/)
    const visitor: unknown = expect.stringMatching(/^[\da-f]{64}$/)
    expect(site.imports.asks).toEqual([{ login: 'Octo-Cat', by: { way: 'open form', visitor } }])
  })

  test.each(['', 'a b', 'a/b', 'a'.repeat(40), 'dependabot[bot]', '<script>', 'ä'])('%j is no login', async (login) => {
    await open({ open: true, store })
    const page = await site.visit().submit('/import', '/import', { login })
    expect(page.status).toBe(400)
    expect(page.text).toContain('That is no login')
    expect(page.text).not.toContain('<script>')
    expect(site.imports.asks).toEqual([])
  })

  test('is not taken where it is not open', async () => {
    await open({ open: false })
    const stranger = site.visit()
    const token = formToken((await stranger.get('/import')).text)
    expect(token).toBe('')
    const page = await stranger.post('/import', { token, login: 'bob' })
    expect(page.status).toBe(403)
    expect(site.imports.asks).toEqual([])
  })

  test('takes five an hour and twenty a day from one address', async () => {
    await open({ open: true, store })
    const ask = () => site.visit().submit('/import', '/import', { login: 'bob' })
    const hour = async () => {
      for (let n = 0; n < 5; n += 1) expect((await ask()).status).toBe(303)
      const refused = await ask()
      expect(refused.status).toBe(400)
      return refused.text
    }
    expect(await hour()).toContain('The next one can begin in 1 hour')
    for (let n = 0; n < 3; n += 1) {
      site.pass(61)
      await hour()
    }
    site.pass(61)
    expect((await ask()).text).toContain('The next one can begin in 19 hours')
    site.pass(20 * 60)
    expect((await ask()).status).toBe(303)
    expect(site.imports.asks).toHaveLength(21)
  })

  test('takes five an hour from one address, however many replicas it comes to', async () => {
    await open({ open: true, store })
    const other = await importSite({ open: true, store })
    const ask = async (replica: ImportSite) =>
      (await replica.visit().submit('/import', '/import', { login: 'bob' })).status
    const answers = []
    for (let n = 0; n < 4; n++) answers.push(await ask(site), await ask(other))
    await other.close()
    expect(answers).toEqual([303, 303, 303, 303, 303, 400, 400, 400])
  })

  test('takes none while the store that counts them is away, and says so', async () => {
    const away = openOperations('postgres://nobody:secret@127.0.0.1:1/nothing')
    await open({ open: true, store: { db: away, wasteland: 'commons' } })
    const page = await site.visit().submit('/import', '/import', { login: 'bob' })
    await away.destroy()
    expect([page.status, page.text.includes('The bridge cannot look now')]).toEqual([503, true])
    expect(site.imports.asks).toEqual([])
  })

  test.each([
    {
      title: 'behind a proxy that TRUST_PROXY names, the last entry of its list is the address',
      trust: '127.0.0.1',
      one: '9.9.9.9, 1.1.1.1',
      other: '9.9.9.9, 2.2.2.2',
      same: false,
    },
    {
      title: 'what comes before that may be made up',
      trust: '127.0.0.1',
      one: '7.7.7.7, 1.1.1.1',
      other: '8.8.8.8, 1.1.1.1',
      same: true,
    },
    {
      title: 'without TRUST_PROXY, no list is believed',
      trust: undefined,
      one: '1.1.1.1',
      other: '2.2.2.2',
      same: true,
    },
    {
      title: 'a network’s /64 is one address',
      trust: '1',
      one: '2001:db8::1',
      other: '2001:db8:0:0:ffff::2',
      same: true,
    },
    {
      title: 'another /64 is another',
      trust: '1',
      one: '2001:db8::1',
      other: '2001:db8:0:1::1',
      same: false,
    },
  ])('$title', async ({ trust, one, other, same }) => {
    const publicUrl = 'https://x.example'
    const clients = createClients(trust === undefined ? trustNobody : readTrustedProxies(trust))
    await open({ open: true, publicUrl, clients, store })
    for (const list of [one, other]) {
      const browser = site.visit({ 'x-forwarded-for': list })
      const { text, headers } = await browser.get('/import')
      const cookie = headers.getSetCookie()[0]!.split(';')[0]!
      const origin = publicUrl
      expect((await browser.post('/import', { token: formToken(text), login: 'bob' }, { origin, cookie })).status).toBe(
        303,
      )
    }
    const [first, second] = site.imports.asks.map(({ by }) => (by.way === 'open form' ? by.visitor : ''))
    expect(first === second).toBe(same)
  })

  test('where neither is possible, the page names the other ways', async () => {
    await open({ canSignIn: false })
    const { text } = await site.visit().get('/import')
    expect(text).toContain('/wl import')
    expect(text).toContain('Import a character sheet')
    expect(text).toContain('wasteland-bridge import LOGIN')
    expect(text).not.toContain('<form')
  })
})

describe('the page of an import', () => {
  test.each<[string, Partial<ImportView>, string[]]>([
    ['queued', { queue: { before: 3, seconds: 130 } }, ['3 imports are before it. It begins in about 2 minutes.']],
    ['next in line', { queue: { before: 0, seconds: 0 } }, ['It is the next one.']],
    [
      'fetching',
      { state: 'fetching', progress: { done: 7, of: 18 } },
      ['7 of about 18 requests answered', 'value="7"'],
    ],
    [
      'waiting',
      { state: 'fetching', waitsUntil: new Date('2026-11-21T14:05:00Z') },
      ['It goes on by itself at 14:05 UTC.'],
    ],
    ['scoring', { state: 'scoring', progress: { done: 18, of: 18 } }, ['Scoring what was found.']],
    ['writing', { state: 'writing' }, ['Writing the sheet.']],
    ['done', { state: 'done', sheet: { handle: 'alice', changed: true } }, ['alice is imported', 'href="/rigs/alice"']],
    ['unchanged', { state: 'done', sheet: { handle: 'alice', changed: false } }, ['Nothing has changed']],
    ['failed', { state: 'failed', failure: 'alice is an <organization>.' }, ['alice is an &lt;organization&gt;.']],
    ['cancelled', { state: 'cancelled' }, ['The import of alice was cancelled']],
  ])('%s', async (_, view, texts) => {
    await open()
    const { id } = site.imports.put(view)
    const { text } = await site.visit().get(`/import/${id}`)
    for (const expected of texts) expect(text).toContain(expected)
  })

  test('that is done says what was found, how sure that is, and leads to the sheet and back', async () => {
    await open()
    const { id } = site.imports.put({ state: 'done', sheet: { handle: 'alice', changed: true } })
    const read = async () => (await site.visit().get(`/import/${id}`)).text.replaceAll(/\s+/g, ' ')
    const buttons =
      '<a class="button" href="/rigs/alice">See the sheet</a> <a class="button second" href="/import">Back to the import</a>'
    site.imports.putSheet()
    expect(await read()).toContain(
      'The sheet is written. Found: 4 pieces of evidence, 3 skills, 1 notable project. Confidence 85 of 100.</p>',
    )
    expect(await read()).toContain(buttons)
    site.imports.putSheet({ json: { ...SHEET, evidence: [], skills: {}, not_enough_evidence: true } })
    expect(await read()).toContain(
      'Found: 0 pieces of evidence, 0 skills, 1 notable project. That is too little to score the work.</p>',
    )
    await site.imports.erase({ id: 1, login: 'alice', type: 'User' })
    expect(await read()).toContain('The sheet is written. </p>')
    expect(await read()).toContain(buttons)
  })

  test('that came to nothing leads back', async () => {
    await open()
    const { id } = site.imports.put({ state: 'failed', failure: 'alice is an organization.' })
    const { text } = await site.visit().get(`/import/${id}`)
    expect(text).toContain('<a class="button second" href="/import">Back to the import</a>')
    expect(text).not.toContain('See the sheet')
  })

  test('lets whoever asked cancel it, and nobody else', async () => {
    await open()
    const { id } = site.imports.put({ askedBy: 1 })
    expect((await site.visit().get(`/import/${id}`)).text).not.toContain('Cancel it')
    const owner = await site.signedIn()
    site.github.person = { id: 2, login: 'mallory', type: 'User' }
    const other = await site.signedIn()
    expect((await other.get(`/import/${id}`)).text).not.toContain('Cancel it')
    const token = formToken((await other.get('/import')).text)
    await other.post(`/import/${id}/cancel`, { token })
    expect((await owner.get(`/import/${id}`)).text).toContain('Importing alice')
    expect((await owner.submit(`/import/${id}`, `/import/${id}/cancel`)).location).toBe(`/import/${id}`)
    expect((await owner.get(`/import/${id}`)).text).toContain('was cancelled')
  })

  test.each(['nothing', '3f2b8c1e-1111-4222-8333-123456789abc', '..%2f..', '%00'])(
    '%s is no import, in words',
    async (id) => {
      await open()
      const page = await site.visit().get(`/import/${id}`)
      expect(page.status).toBe(404)
      expect(page.text).toContain('There is no such import')
    },
  )
})

describe('faults of ours', () => {
  test('a store that is away and a fault of ours are said in words, without their text', async () => {
    await open()
    site.imports.sheet = () => Promise.reject(new Unavailable('the pile at 10.0.0.3 is away'))
    const away = await site.visit().get('/rigs/alice')
    expect([away.status, away.text.includes('The bridge cannot look now')]).toEqual([503, true])
    site.imports.sheet = () => Promise.reject(new Error('SELECT secret'))
    const broken = await site.visit().get('/rigs/alice')
    expect([broken.status, broken.text.includes('SELECT')]).toEqual([500, false])
    expect(site.logged()).toContain('SELECT secret')
  })

  test('under a path of PUBLIC_URL every link and redirect keeps it', async () => {
    await open({ publicUrl: 'https://x.example/bridge/', open: true })
    site.imports.putSheet({ fetchedAt: NOW })
    for (const path of ['/import', '/rigs/alice', '/import/nothing']) {
      const { text } = await site.visit().get(path)
      const ours = [...text.matchAll(/(?:href|action)="(\/[^"]*)"/g)].map((match) => match[1])
      expect(ours.length).toBeGreaterThan(0)
      for (const link of ours) expect(link).toMatch(/^\/bridge\//)
    }
    const away = new URL((await site.visit().get('/sign-in')).location!)
    expect(away.searchParams.get('redirect_uri')).toBe('https://x.example/bridge/import/signed-in')
  })
})
