import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from '../http/browser.ts'

const executablePath = findChromium()
const ROOT = new URL('../../', import.meta.url).pathname

let demo: ChildProcess
let said = ''
let browser: Browser

beforeAll(async () => {
  if (executablePath === undefined) return console.warn(NO_CHROMIUM)
  demo = spawn('npm', ['run', '--silent', 'demo'], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  demo.stdout!.on('data', (text) => (said += String(text)))
  await vi.waitUntil(() => said.includes('Running until Ctrl-C'), { timeout: 100_000, interval: 200 })
  browser = await puppeteer.launch({ executablePath, args: CHROMIUM_ARGUMENTS })
})
afterAll(async () => {
  await browser?.close()
  if (demo === undefined) return
  process.kill(-demo.pid!, 'SIGTERM')
  await once(demo, 'exit')
})

const address = (name: string) => new RegExp(`^${name} +(\\S+)`, 'm').exec(said)![1]!
const textOf = (page: Page) => page.$eval('main', (main) => main.innerText)
/** By keyboard, as people without a mouse do. */
async function press(page: Page, name: string) {
  await (await page.$(`::-p-aria([name="${name}"])`))!.focus()
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

it.skipIf(executablePath === undefined)(
  'leaves its pages running: a sheet, and a form that makes another',
  async () => {
    const page = await browser.newPage()
    await page.goto(address('Sheet'))
    expect(await textOf(page)).toMatch(/carol[\s\S]*Quality/)

    await page.goto(address('Import'))
    await press(page, 'Sign in with GitHub')
    await press(page, 'bob')
    await press(page, 'Import my profile')
    await vi.waitFor(async () => expect(await textOf(page)).toContain('See the sheet'), {
      timeout: 60_000,
      interval: 100,
    })
    await press(page, 'See the sheet')
    // Bob of the demo is nobody yet on his GitHub.
    expect(await textOf(page)).toMatch(/bob[\s\S]*Not enough public evidence/i)
  },
)

it.skipIf(executablePath === undefined)(
  'can be played with: a comment as somebody is answered, on a phone as well',
  async () => {
    const page = await browser.newPage()
    await page.setViewport({ width: 390, height: 800 })
    await page.goto(address('GitHub'))
    const width = await page.$eval('html', (html) => html.scrollWidth)
    expect(width).toBeLessThanOrEqual(390)
    await page.select('select[name=who]', 'bob')
    await page.type('textarea[name=body]', '/wl board')
    await press(page, 'Comment')
    await vi.waitFor(async () => expect(await textOf(page)).toMatch(/no open items|open item/i), {
      timeout: 30_000,
      interval: 500,
    })
  },
)
