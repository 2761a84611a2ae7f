import { type Context, Hono } from 'hono'
import { receiver, type ReceiveDeps } from '../deliveries/webhook-endpoint.ts'
import { health, type Health } from '../ops/health.ts'
import { pageFrame } from './layout/frame.ts'
import { ICON } from './layout/icon.ts'
import { cacheControl, noStore } from './middleware/cache-control.ts'
import { onlyOwnForms } from './middleware/csrf.ts'
import { answerErrors, type ErrorLog } from './middleware/errors.ts'
import { fallback } from './middleware/fallback.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import type { Needed, Page, Shell } from './page.ts'
import type { PageDeps } from './page-deps.ts'
import { PAGES } from './pages/registry.ts'
import { setupDoor } from './pages/setup/door.ts'
import type { Setup } from './pages/setup/setup.ts'

export interface AppOptions {
  shell: Shell
  webhooks: ReceiveDeps
  health: Health
  /** Set-up, where there were no credentials at the start. */
  setup?: Setup | undefined
  /** The dependencies of pages that need the stores; undefined while the bridge starts. */
  stores(): PageDeps | undefined
  log: ErrorLog
  /** The pages, for tests; by default those of the registry. */
  pages?: readonly Page[]
}

/**
 * The app of the web server. It answers, in this order: webhooks, health, set-up, pages, and a fallback where there is
 * none of these. Every answer has the security headers.
 */
export function createApp(options: AppOptions): Hono {
  const { shell, setup, log, pages = PAGES } = options
  const base = () => shell.site().base
  const nav = pages.flatMap(({ path, nav: label }) => (label === undefined ? [] : [{ path, label }]))
  const missing = fallback({ base, pages, isStarted: () => options.stores() !== undefined })
  const app = new Hono()
    .use(
      securityHeaders(),
      pageFrame(() => ({ base: base(), nav })),
    )
    .onError(answerErrors(base, log))
    .notFound(missing)
    .route('/', receiver(options.webhooks))
    .route('/', health(options.health))
    .use(noStore())
  addFiles(app, base, pages)
  if (setup !== undefined) app.route('/', setupDoor(setup))
  const given: Given = { nothing: () => shell, stores: options.stores, setup: () => setup }
  // Paths without a parameter come first, because `/import/forget` is no `/import/:job`, whatever order the registry
  // has.
  const [named, open] = [
    pages.filter(({ path }) => !path.includes(':')),
    pages.filter(({ path }) => path.includes(':')),
  ]
  for (const page of [...named, ...open]) addPage(app, page, { shell, given, missing })
  return app
}

type Given = { [N in keyof Needed]: () => Needed[N] | undefined }

interface AddPageOptions {
  shell: Shell
  given: Given
  missing: (context: Context) => Response | Promise<Response>
}

function addPage(app: Hono, page: Page, { shell, given, missing }: AddPageOptions): void {
  const { path, needs, get, post } = page
  const deps = given[needs]
  const answer = (handler: NonNullable<Page['get']>) => (context: Context) => {
    const found = deps()
    // `needs` names the dependencies that `page()` typed its handlers with.
    return found === undefined ? missing(context) : handler(found as never, context)
  }
  const headers = [securityHeaders(page.security?.(shell)), cacheControl(page.cache)] as const
  if (get !== undefined) app.get(path, ...headers, answer(get))
  if (post === undefined) return
  const forms = () => {
    const found = deps()
    return found !== undefined && 'forms' in found ? found.forms : undefined
  }
  app.post(
    path,
    ...headers,
    async (context, next) => (deps() === undefined ? missing(context) : next()),
    onlyOwnForms(forms, page.formBytes),
    answer(post),
  )
}

const DAY_S = 86_400

/** Adds the files that browsers and robots request of every site. */
function addFiles(app: Hono, base: () => string, pages: readonly Page[]): void {
  const icon = (context: Context) =>
    context.body(ICON, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': `max-age=${DAY_S}` })
  const left = new Set(pages.filter(({ noRobots }) => noRobots).map(({ path }) => path.split('/')[1]))
  const robots = () => ['User-agent: *', ...[...left].map((part) => `Disallow: ${base()}/${part}`)]
  app
    .get('/favicon.ico', icon)
    .get('/favicon.svg', icon)
    .get('/robots.txt', (context) =>
      context.text(
        robots()
          .map((line) => `${line}\n`)
          .join(''),
      ),
    )
}
