import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type ApplicationFunction, createNodeMiddleware, Probot, ProbotOctokit } from 'probot'
import type { LocalGitHub } from '../../local-github/local-github.ts'
import { PROBE, spansOf } from '../bridge.ts'
import type { Span } from '../spans.ts'

/** A Probot app in a process of its own. */
export interface Forked {
  url: string
  pid: number
  /** Whom it waited for since the last time, where it is `probed`. */
  spans(): Promise<Span[]>
  stop(): void
}

/** Starts `file`, which calls `serveApp`. */
export async function startApp(
  file: string,
  gh: LocalGitHub,
  { args = [], probed = false }: { args?: string[]; probed?: boolean } = {},
): Promise<Forked> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...(probed ? ['--import', PROBE] : [])],
    // Its log goes where the bridge's goes: it is read and dropped.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      APP_ID: String(gh.app.id),
      PRIVATE_KEY: gh.app.privateKey,
      WEBHOOK_SECRET: gh.app.webhookSecret,
      BASE_URL: `${gh.url}/api/v3`,
    },
  })
  child.stdout!.resume()
  const [url] = (await once(child, 'message')) as [string]
  return { url, pid: child.pid!, spans: () => spansOf(child), stop: () => void child.kill() }
}

/**
 * Serves an app as Probot's documentation tells it, and says where. Only its throttle and its retries are off: they
 * would hold comments three seconds apart.
 */
export async function serveApp(app: ApplicationFunction): Promise<void> {
  const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, BASE_URL } = process.env
  const probot = new Probot({
    appId: APP_ID!,
    privateKey: PRIVATE_KEY!,
    secret: WEBHOOK_SECRET!,
    baseUrl: BASE_URL!,
    Octokit: ProbotOctokit.defaults((given: object) => ({
      ...given,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  })
  const middleware = await createNodeMiddleware(app, { probot })
  const server = createServer((request, response) => void middleware(request, response))
  server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
}
