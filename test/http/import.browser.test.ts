import puppeteer, { type Browser, type BrowserContext, type HTTPRequest, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ICON } from '../../src/http/layout/icon.ts'
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from './browser.ts'
import { SHEET } from './fake-imports.ts'
import { type ImportSite, importSite } from './import-site.ts'
import { type SiteStore, startSiteStore } from './site-store.ts'

const executablePath = findChromium()

describe('in a real browser', () => {
  let browser: Browser | undefined
  let postgres: SiteStore | undefined
  let site: ImportSite
  /** What pages complained of: a refused style, script or address, a failed request. */
  let complaints: string[]
  let contexts: BrowserContext[] = []
  /** Pictures that pages asked GitHub for, and whether it has them. */
  let asked: string[]
  let hasPictures: boolean

  beforeAll(async () => {
    if (executablePath === undefined) return console.warn(NO_CHROMIUM)
    browser = await puppeteer.launch({ executablePath, args: CHROMIUM_ARGUMENTS })
    postgres = await startSiteStore()
  })
  afterAll(async () => {
    await browser?.close()
    await postgres?.stop()
  })
  beforeEach(async ({ skip }) => {
    complaints = []
    asked = []
    hasPictures = true
    if (executablePath === undefined) skip(NO_CHROMIUM)
    site = await importSite({ open: true, store: postgres!.store() })
  })
  afterEach(async () => {
    // A page left open goes on asking for events, of a site that is closed, and complains to the next test.
    await Promise.all(contexts.map((context) => context.close()))
    contexts = []
    await site?.close()
    if (complaints.length > 0) throw new Error(`a page complained: ${complaints.join('; ')}`)
  })

  /** A page with cookies of its own. */
  async function newPage({ script = true, width = 1000 } = {}): Promise<Page> {
    const context = await browser!.createBrowserContext()
    contexts.push(context)
    const page = await context.newPage()
    await page.setJavaScriptEnabled(script)
    await page.setViewport({ width, height: 800 })
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    // No test asks anybody outside; the page's policy is held to before.
    await page.setRequestInterception(true)
    page.on('request', (request) => void answerForGithub(request))
    return page
  }

  async function answerForGithub(request: HTTPRequest) {
    if (new URL(request.url()).host !== 'avatars.githubusercontent.com') return request.continue()
    asked.push(`${request.url()} from ${request.headers()['referer'] || 'nobody'}`)
    return hasPictures ? request.respond({ contentType: 'image/svg+xml', body: ICON }) : request.abort()
  }

  /** Which of these texts stand on a page, and which of them in more than one line somewhere. */
  const namesOn = (page: Page, names: string[]) =>
    page.$eval(
      'main',
      (main, sought) => {
        const found = sought.map(() => false)
        const broken: string[] = []
        // 4: the texts.
        const texts = main.ownerDocument.createTreeWalker(main, 4)
        for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
          for (const [n, name] of sought.entries()) {
            const at = node.textContent!.indexOf(name)
            if (at === -1) continue
            found[n] = true
            const range = main.ownerDocument.createRange()
            range.setStart(node, at)
            range.setEnd(node, at + name.length)
            if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(name)
          }
        }
        return { found, broken }
      },
      names,
    )
  const textOf = (page: Page) => page.$eval('main', (main) => main.innerText)
  /** By keyboard, as it also works where no script runs. */
  async function press(page: Page, name: string) {
    await (await page.$(`::-p-aria([name="${name}"])`))!.focus()
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  }
  const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 50 })
  const shows = (page: Page, text: string) => eventually(async () => expect(await textOf(page)).toContain(text))
  const jobOf = (page: Page) => new URL(page.url()).pathname.split('/')[2]!

  async function signIn(page: Page) {
    await page.goto(`${site.url}/import`)
    await press(page, 'Sign in with GitHub')
    expect(await textOf(page)).toContain('Signed in as alice')
  }

  test('somebody signs in, imports, watches it move without loading anything anew, and sees the sheet', async () => {
    const page = await newPage()
    await signIn(page)
    await press(page, 'Import my profile')
    const job = jobOf(page)
    // Gone as soon as the page is loaded again.
    await page.$eval('body', (body) => body.setAttribute('data-same', ''))
    const fromTop = await page.$eval('form', (form) => form.getBoundingClientRect().top)
    site.imports.change(job, { state: 'fetching', progress: { done: 7, of: 18 } })
    await shows(page, '7 of about 18 requests answered')
    expect(await page.$eval('progress', ({ value, max }) => [value, max])).toEqual([7, 18])
    expect(await page.$eval('[aria-current=step]', (step) => step.textContent?.trim())).toBe('Fetching')
    expect(await page.$eval('[role=status]', (status) => status.textContent)).toBe(
      'Fetching what GitHub shows in public.',
    )
    expect(await page.$eval('form', (form) => form.getBoundingClientRect().top)).toBe(fromTop)
    expect(await page.$('body[data-same]')).not.toBeNull()
    site.imports.putSheet()
    site.imports.change(job, { state: 'done', sheet: { handle: 'alice', changed: true } })
    await shows(page, 'See the sheet')
    await press(page, 'See the sheet')
    expect(await textOf(page)).toMatch(/Alice Example[\s\S]*Quality[\s\S]*92 of 100/)
  })

  test('the same without JavaScript: the page loads itself again', async () => {
    const page = await newPage({ script: false })
    await signIn(page)
    await press(page, 'Import my profile')
    const job = jobOf(page)
    site.imports.change(job, { state: 'fetching', progress: { done: 7, of: 18 } })
    await shows(page, '7 of about 18 requests answered')
    site.imports.putSheet()
    site.imports.change(job, { state: 'done', sheet: { handle: 'alice', changed: true } })
    await shows(page, 'See the sheet')
    await press(page, 'See the sheet')
    expect(await textOf(page)).toContain('Alice Example')
  })

  test('somebody cancels, has themself forgotten, and is signed out', async () => {
    const page = await newPage()
    await signIn(page)
    await press(page, 'Import my profile')
    await press(page, 'Cancel it')
    expect(await textOf(page)).toContain('was cancelled')
    site.imports.putSheet()
    await page.goto(`${site.url}/import`)
    await press(page, 'Forget mine…')
    await press(page, 'Forget my profile')
    expect(await textOf(page)).toContain('All that was imported of you is gone')
    expect(site.imports.forgotten).toEqual([1])
    await page.goto(`${site.url}/import`)
    expect(await textOf(page)).toContain('Sign in with GitHub')
  })

  test('a visitor imports a login by keyboard', async () => {
    const page = await newPage()
    await page.goto(`${site.url}/import`)
    await page.focus('input[name=login]')
    await page.keyboard.type('octocat')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(await textOf(page)).toContain('Importing octocat')
  })

  test.each([true, false])(
    'a person’s picture is asked of GitHub without a referrer; whether it has one (%s) moves nothing',
    async (has) => {
      hasPictures = has
      site.imports.putSheet()
      const page = await newPage({ width: 390 })
      await page.goto(`${site.url}/rigs/alice`)
      await eventually(async () => expect(await page.$eval('img', ({ complete }) => complete)).toBe(true))
      expect(asked).toEqual(['https://avatars.githubusercontent.com/u/1?s=160 from nobody'])
      expect(await page.$eval('img', (img) => img.getBoundingClientRect().width)).toBe(80)
      expect(await page.$eval('html', (html) => html.scrollWidth)).toBeLessThanOrEqual(390)
      if (!has) expect(complaints.splice(0)).toEqual([expect.stringContaining('ERR_FAILED')])
    },
  )

  test('on a phone names of projects and accounts stand in one line', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `upstream-90000014-${n}/x${n}`)
    const [longest, login] = [`${'a-very-long-'.repeat(9)}name/of-a-project`, 'an-account-with-a-long-name-1']
    const listed = names.map((name) => `${name} (6)`).join(', ')
    const summary = `Others merged work in ${listed}, ${longest}: https://github.com/${names[0]}`
    const skills = ['command-line-tools', 'continuous-integration', 'release-engineering']
    const search = encodeURIComponent('is:pr is:public reviewed-by:someone -author:someone -user:someone')
    const json = {
      ...SHEET,
      evidence: [
        { dimension: 'quality', score: 0.5, summary },
        { dimension: 'quality', score: 0.4, summary: `Reviewed: https://github.com/search?q=${search}` },
      ],
      skills: {
        primary_languages: [],
        domains: [],
        capabilities: skills.map((capability) => ({
          capability,
          evidence_score: 0.5,
          evidence_summary: `${capability}: ${listed}`,
        })),
      },
      notable_projects: names.map((name) => ({ name, stars: 1, languages: [], role: 'owner', impact_tier: 'small' })),
    }
    site.imports.putSheet({ json, person: { host: 'github.com', login, id: 1 } })
    const evidence = `https://github.com/${names[1]}/pull/12`
    const by = 'a-maintainer-with-a-long-name'
    const stamp = { id: 's', item: 'w-0123456789', title: 'x', scores: {}, by, day: '2026-11-20', evidence }
    const account = { id: 1, login }
    const rig = { handle: login, account, trustLevel: 1, isForgotten: false, stamps: [stamp], total: 1 }
    site.earned.set('alice', rig)
    const page = await newPage({ width: 390 })
    await page.goto(`${site.url}/rigs/alice`)
    const shown = [...names, login, by, 'w-0123456789', ...skills, '-user:someone']
    const drawn = await page.$$eval('a .whole', (parts) =>
      parts.map((part) => part.ownerDocument.defaultView!.getComputedStyle(part).textDecorationLine),
    )
    expect(drawn).toEqual(drawn.map(() => 'underline'))
    expect(drawn.length).toBeGreaterThan(names.length)
    expect(await namesOn(page, shown)).toEqual({ found: shown.map(() => true), broken: [] })
    expect(await page.$eval('html', (html) => html.scrollWidth)).toBeLessThanOrEqual(390)
  })

  test('no script of a hostile sheet runs, and nothing sticks out on a phone', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
    const json: unknown = JSON.parse(JSON.stringify(SHEET), (key, value: unknown) =>
      typeof value === 'string' && key !== 'dimension' ? evil + 'W'.repeat(300) : value,
    )
    site.imports.putSheet({ json })
    const title = evil + 'W'.repeat(300)
    const stamp = {
      id: 's',
      item: 'w-1',
      title,
      scores: { quality: 4 },
      by: title,
      day: '2026-11-20',
      evidence: undefined,
    }
    site.earned.set('bob', {
      handle: 'bob',
      account: undefined,
      trustLevel: 1,
      isForgotten: false,
      stamps: [stamp],
      total: 1,
    })
    const { id } = site.imports.put({ state: 'failed', failure: evil, login: 'W'.repeat(39) })
    for (const path of ['/rigs/alice', '/rigs/bob', `/import/${id}`, '/import', '/rigs/nobody']) {
      const page = await newPage({ width: 390 })
      await page.goto(site.url + path)
      expect(await page.title()).toContain('wasteland-bridge')
      const width = await page.$eval('html', (html) => html.scrollWidth)
      expect(width).toBeLessThanOrEqual(390)
    }
    // The last page is a 404, of which Chromium tells.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('404')])
  })
})
