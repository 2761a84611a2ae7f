import type { Context } from 'hono'
import type { Earned } from '../domain/earned.ts'
import { pagesOf } from '../domain/github-host.ts'
import type { Imports } from '../domain/imports.ts'
import type { SignInApp } from '../github/sign-in.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { Clients } from '../ops/client-address.ts'
import { staleForm } from './layout/stale-form.ts'
import type { FormGuard } from './middleware/csrf.ts'
import { createSessions, type Sessions } from './middleware/sessions.ts'
import { importEvents, importWatch } from './pages/import/event-streams.ts'
import type { Frame } from './pages/import/views.ts'
import { createVisitors, type Visitors } from './pages/import/visitors.ts'
import { siteAt, type Site } from './site.ts'

export interface PageDepsOptions {
  /** For `queries/`. A page writes nothing by itself, except for the counts of its limits. */
  ledger: Ledger
  store: OperationsStore
  imports: Imports
  earned: Earned
  /** Undefined where nobody can sign in. */
  signIn?: SignInApp | undefined
  /** IMPORT_OPEN: anybody may import any login, 5 an hour and 20 a day from one address. */
  open: boolean
  publicUrl?: string | undefined
  clients: Clients
  /** DATA_DIR/hmac.key; each use derives its own from it. */
  key: Buffer
  now(): Date
  /** `github.com`, or a GHES. */
  host: string
  /** The protocol of that host: GHE_PROTOCOL. */
  protocol: string
  log: PageLog
  /** Aborted to end the open event streams, because the server cannot close before. */
  ending: AbortSignal
}

interface PageLog {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** The dependencies of a page that needs the stores. */
export interface PageDeps extends Pick<PageDepsOptions, 'ledger' | 'store' | 'imports' | 'earned' | 'signIn' | 'log'> {
  site: Site
  frame: Frame
  sessions: Sessions
  /** Takes a form only from our own origin and with the token of its session. */
  forms: FormGuard
  visitors: Visitors
  networkOf(context: Context): string
  events: ReturnType<typeof importEvents>
  isOpen: boolean
}

export function createPageDeps(options: PageDepsOptions): PageDeps {
  const { ledger, store, imports, earned, signIn, open, key, now, log, clients } = options
  const site = siteAt(options.publicUrl)
  const sessions = createSessions(key, site, now)
  const missed = (error: unknown) => log.error({ err: error }, 'an import could not be looked at')
  const watch = importWatch((job) => imports.find(job), missed)
  return {
    ledger,
    store,
    imports,
    earned,
    signIn,
    log,
    site,
    frame: {
      base: site.base,
      host: options.host,
      pages: pagesOf(options.host, options.protocol),
      canSignIn: signIn !== undefined,
    },
    sessions,
    forms: { field: 'token', isOwn: sessions.isOwnForm, originOf: site.originOf, stale: staleForm(site.base) },
    visitors: createVisitors(key, store, now, clients),
    networkOf: clients.networkOf,
    events: importEvents(watch, options.ending),
    isOpen: open,
  }
}
