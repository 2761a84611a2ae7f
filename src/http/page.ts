import type { Context } from 'hono'
import type { SecurityNeeds } from './middleware/security-headers.ts'
import type { FormGuard } from './middleware/csrf.ts'
import type { PageDeps } from './page-deps.ts'
import type { Setup } from './pages/setup/setup.ts'
import type { Site } from './site.ts'

/** The dependencies of a page that needs no store. */
export interface Shell {
  /** The site as it is now: set-up may have asked for PUBLIC_URL since the start. */
  site(): Site
  /** `github.com`, or a GHES. */
  host: string
  /** The address of its pages for people: `https://github.com`. */
  github: string
  /** The name that `init --name` wrote; undefined where that was not done, or the ledger is not open. */
  wastelandName(): Promise<string | undefined>
}

/** The dependencies of a page, by what it says it needs. */
export interface Needed {
  /** The page answers from the first moment on. */
  nothing: Shell
  /** The page answers once ledger and operations store are open; until then the bridge says that it starts. */
  stores: PageDeps
  /** The page answers where set-up is: without credentials at the start. */
  setup: Setup
}
export type Needs = keyof Needed

type Answer<N extends Needs> = (deps: Needed[N], context: Context) => Response | Promise<Response>

/** A page: its path and what it answers. Each has a file below `pages/` and a line in `pages/registry.ts`. */
export interface PageOf<N extends Needs> {
  /** The path as Hono writes it: `/rigs/:handle`. */
  path: string
  needs: N
  /** Its name in the navigation; without a name it is not there. */
  nav?: string
  /** robots.txt asks robots to leave out all below the first part of its path. */
  noRobots?: true
  /** The exceptions from the policy of all pages. */
  security?: (shell: Shell) => SecurityNeeds
  /** Its Cache-Control: `no-store` where it does not say otherwise. */
  cache?: string
  get?: Answer<N>
  /** Reached only by forms of ours, with their token. */
  post?: Needed[N] extends { forms: FormGuard } ? Answer<N> : never
  /** The most bytes of such a form. */
  formBytes?: number
}

/** A page of any kind. Only `page()` and the app need to know which dependencies it takes. */
export type Page = Omit<PageOf<Needs>, 'get' | 'post'> & {
  get?: ((deps: never, context: Context) => Response | Promise<Response>) | undefined
  post?: ((deps: never, context: Context) => Response | Promise<Response>) | undefined
}

export function page<N extends Needs>(definition: PageOf<N>): PageOf<N> {
  return definition
}
