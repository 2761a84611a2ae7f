import type { Context } from 'hono'
import type { SecurityNeeds } from './middleware/security-headers.ts'
import type { FormGuard } from './middleware/csrf.ts'
import type { PageDeps } from './page-deps.ts'
import type { Setup } from './pages/setup/setup.ts'
import type { Site } from './site.ts'

/** What is known before any store is up. */
export interface Shell {
  /** Set-up may have asked for PUBLIC_URL since the start. */
  site(): Site
  /** `github.com`, or a GHES. */
  host: string
  /** Where people see it: `https://github.com`. */
  github: string
  /** As `init --name` wrote it; undefined where that was not done, or the ledger is not open. */
  wastelandName(): Promise<string | undefined>
}

/** What a page is given, by what it says it needs. */
export interface Needed {
  /** It answers from the first moment on. */
  nothing: Shell
  /** It answers once ledger and operations store are open; until then the bridge says that it starts. */
  stores: PageDeps
  /** It answers where set-up is: without credentials at the start. */
  setup: Setup
}
export type Needs = keyof Needed

type Answer<N extends Needs> = (deps: Needed[N], context: Context) => Response | Promise<Response>

/** A page: its path and what it answers. A file below `pages/`, and its line in `pages/registry.ts`. */
export interface PageOf<N extends Needs> {
  /** As Hono writes one: `/rigs/:handle`. */
  path: string
  needs: N
  /** What it is called in the navigation; without it, it is not there. */
  nav?: string
  /** robots.txt asks robots to leave out all below the first part of its path. */
  noRobots?: true
  /** Beyond the policy that all pages have. */
  security?: (shell: Shell) => SecurityNeeds
  /** Its Cache-Control: `no-store` where it does not say otherwise. */
  cache?: string
  get?: Answer<N>
  /** Reached only by forms of ours, with their token. */
  post?: Needed[N] extends { forms: FormGuard } ? Answer<N> : never
  /** The most bytes of such a form. */
  formBytes?: number
}

/** Any of them. Which deps it takes, only `page()` and the app need to know. */
export type Page = Omit<PageOf<Needs>, 'get' | 'post'> & {
  get?: ((deps: never, context: Context) => Response | Promise<Response>) | undefined
  post?: ((deps: never, context: Context) => Response | Promise<Response>) | undefined
}

export function page<N extends Needs>(definition: PageOf<N>): PageOf<N> {
  return definition
}
