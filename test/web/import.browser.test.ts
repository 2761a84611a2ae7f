import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from './browser.ts'
import { SHEET } from './fake-imports.ts'
import { type ImportSite, importSite } from './import-site.ts'

const executablePath = findChromium()

describe('in a real browser', () => {
  let browser: Browser | undefined
  let site: ImportSite
  /** What pages complained of: a refused style, script or address, a failed request. */
  let complaints: string[]
  let contexts: BrowserContext[] = []

  beforeAll(async () => {
    if (executablePath === undefined) console.warn(NO_CHROMIUM)
    else browser = await puppeteer.launch({ executablePath, args: CHROMIUM_ARGUMENTS })
  })
  afterAll(() => browser?.close())
  beforeEach(async ({ skip }) => {
    complaints = []
    if (executablePath === undefined) skip(NO_CHROMIUM)
    site = await importSite({ open: true })
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
    return page
  }

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
