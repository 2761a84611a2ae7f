import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { EarnedSheet } from '../../src/domain/earned.ts'
import { pagesOf } from '../../src/domain/github-host.ts'
import { createClients, trustNobody } from '../../src/ops/client-address.ts'
import { createLog } from '../../src/ops/log.ts'
import { createPageDeps, type PageDeps, type PageDepsOptions } from '../../src/http/page-deps.ts'
import { type FakeImports, fakeImports, NOW } from './fake-imports.ts'
import { type FakeOauth, fakeOauth } from './fake-oauth.ts'
import { type Visit, visit } from '../../local-github/visit.ts'
import { testApp } from './test-app.ts'

const APP = { clientId: 'Iv1.abc', clientSecret: 'client-secret' }

export interface ImportSite {
  url: string
  deps: PageDeps
  imports: FakeImports
  /** What rigs earned, by handle. */
  earned: Map<string, EarnedSheet>
  github: FakeOauth
  /** A browser without JavaScript, with cookies of its own. */
  visit(headers?: Record<string, string>): Visit
  /** One that is signed in, as whom GitHub says. */
  signedIn(): Promise<Visit>
  /** Moves the clock on. */
  pass(minutes: number): void
  /** All that was logged. */
  logged(): string
  end(): void
  close(): Promise<void>
}

/** The pages on a port of their own, with imports in memory and a GitHub that says yes. */
export async function importSite(given: Partial<PageDepsOptions> & { canSignIn?: boolean } = {}): Promise<ImportSite> {
  const { canSignIn = true, ...options } = given
  const github = await fakeOauth(APP)
  const imports = fakeImports()
  const earned = new Map<string, EarnedSheet>()
  let logged = ''
  const log = createLog('info', { write: (line) => void (logged += line) })
  const ending = new AbortController()
  let now = NOW
  const deps = createPageDeps({
    // None of these pages reads them.
    ledger: undefined as never,
    store: undefined as never,
    imports,
    earned: {
      find: async (who) =>
        typeof who === 'string' ? earned.get(who) : [...earned.values()].find(({ account }) => account?.id === who.id),
    },
    signIn: canSignIn ? { ...APP, gheUrl: github.url, apiUrl: github.url } : undefined,
    open: false,
    clients: createClients(trustNobody),
    key: Buffer.alloc(32, 7),
    now: () => now,
    host: 'github.com',
    protocol: 'https',
    log,
    ending: ending.signal,
    ...options,
  })
  const { publicUrl, host = 'github.com', protocol = 'https' } = options
  const app = testApp({ publicUrl, host, github: pagesOf(host, protocol), stores: () => deps, log })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  if (!server.listening) await new Promise((listening) => server.once('listening', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const site: ImportSite = {
    url,
    deps,
    imports,
    earned,
    github,
    visit: (headers = {}) => visit(url, headers),
    async signedIn() {
      const browser = site.visit()
      await browser.follow('/sign-in?to=/import')
      return browser
    },
    pass: (minutes) => (now = new Date(now.getTime() + minutes * 60_000)),
    logged: () => logged,
    end: () => ending.abort(),
    async close() {
      ending.abort()
      await github.close()
      await new Promise<void>((closed) => {
        server.close(() => closed())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    },
  }
  return site
}
