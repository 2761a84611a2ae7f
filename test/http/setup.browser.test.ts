import { readFile, mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClients, trustNobody } from '../../src/ops/client-address.ts'
import { createSetup } from '../../src/http/pages/setup/setup.ts'
import { oneTimeToken } from '../../src/http/pages/setup/guard.ts'
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from './browser.ts'
import { testApp } from './test-app.ts'

const executablePath = findChromium()
let browser: Browser
let server: ServerType
let dataDir: string
let address: string

beforeAll(async () => {
  if (executablePath === undefined) return console.warn(NO_CHROMIUM)
  dataDir = await mkdtemp(join(tmpdir(), 'setup-'))
  const token = oneTimeToken()
  const setup = createSetup({
    dataDir,
    gheUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    token,
    clients: createClients(trustNobody),
    loopback: true,
    appYml: await readFile(new URL('../../app.yml', import.meta.url), 'utf8'),
    newSmeeChannel: async () => 'https://smee.io/abc',
    onRegistered: () => {},
  })
  server = serve({ fetch: testApp({ setup }).fetch, hostname: '127.0.0.1', port: 0 })
  if (!server.listening) await new Promise((listening) => server.once('listening', listening))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/setup?token=${token.current()}`
  browser = await puppeteer.launch({ executablePath, args: CHROMIUM_ARGUMENTS })
})
afterAll(async () => {
  if (executablePath === undefined) return
  await browser.close()
  await new Promise((closed) => server.close(closed))
  await rm(dataDir, { recursive: true, force: true })
})

const fits = async (page: Page) => expect(await page.$eval('html', (html) => html.scrollWidth)).toBeLessThanOrEqual(390)
const textOf = (page: Page) => page.$eval('main', (main) => main.innerText)

it.skipIf(executablePath === undefined)(
  'set-up fits a phone, names the fault below its field, and asks what the App is called',
  async () => {
    const page = await browser.newPage()
    await page.setViewport({ width: 390, height: 800 })
    await page.goto(address)
    await page.waitForSelector('#app-name')
    await fits(page)
    const send = async () => Promise.all([page.waitForNavigation(), page.click('button[type=submit]')])
    await page.type('#app-name', 'W'.repeat(80))
    await page.type('#public-url', 'https://bridge.example.org')
    await send()
    await fits(page)
    const below = await page.$eval('#app-name + [role=alert]', (fault) => fault.textContent)
    expect(below).toContain('up to 34 characters, and this one has 80')
    expect(await page.$eval('#app-name', ({ ariaInvalid }) => ariaInvalid)).toBe('true')
    await page.$eval('#app-name', (field) => field.setAttribute('value', ''))
    await page.type('#app-name', 'Gas Town')
    await send()
    await fits(page)
    expect(await textOf(page)).toMatch(/Name\s+Gas Town\s+Owner\s+your own account/)
  },
)
