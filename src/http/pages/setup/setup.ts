/**
 * Set-up registers the App through GitHub's manifest flow, where there are no credentials.
 *
 *   GET  /setup             what will be made, a form          (guarded, see guard.ts)
 *   POST /setup/review      a form that carries the manifest to GitHub, with a state   (guarded)
 *   GET  /setup/registered  GitHub's redirect: code → credentials → DATA_DIR/app.env   (the state guards)
 *
 * Once app.env is there, all of them answer 410 and nothing is written again.
 */
import { readAppFile, type AppDescription } from '../../../github/app-file.ts'
import type { HookAddress } from '../../../github/manifest.ts'
import type { Clients } from '../../../ops/client-address.ts'
import type { FormGuard } from '../../middleware/csrf.ts'
import { newSecret, sameSecret } from '../../secrets.ts'
import type { AppEnvironment } from './credentials.ts'
import { staleFormPage } from './faults.ts'
import type { Choices } from './form.ts'
import { type OneTimeToken, setupGuard, type SetupGuard } from './guard.ts'
import { pendingRegistrations, type Pending } from './pending.ts'

export interface SetupOptions {
  dataDir: string
  publicUrl?: string
  webhookProxyUrl?: string
  /** https://github.com, or the GHES. */
  gheUrl: string
  /** https://api.github.com, or `<gheUrl>/api/v3`. */
  apiUrl: string
  /** The token that is printed to the terminal, as `/setup?token=…`. */
  token: OneTimeToken
  clients: Clients
  /** Whether the server is bound to a loopback address. */
  loopback: boolean
  /** The text of app.yml. */
  appYml: string
  newSmeeChannel?: () => Promise<string>
  /**
   * Called once, when app.env is written and before the last page is sent. It starts the rest of the bridge in the
   * background.
   */
  onRegistered: (registered: AppEnvironment) => void
}

export interface Registration {
  choices: Choices
  hook: HookAddress
}

/** The dependencies of the pages of set-up. */
export interface Setup {
  options: SetupOptions
  app: AppDescription
  guard: SetupGuard
  pending: Pending<Registration>
  /** The CSRF token in each form, so that no foreign page can post one. */
  formKey: string
  forms: FormGuard
  /** The webhook address, where the environment sets it. */
  fixedHook: HookAddress | undefined
  newChannel: (() => Promise<string>) | undefined
}

export function createSetup(options: SetupOptions): Setup {
  const formKey = newSecret()
  return {
    options,
    app: readAppFile(options.appYml),
    guard: setupGuard(options),
    pending: pendingRegistrations(),
    formKey,
    forms: {
      field: 'key',
      isOwn: (_context, key) => sameSecret(typeof key === 'string' ? key : undefined, formKey),
      stale: staleFormPage(),
    },
    fixedHook: hookFromEnvironment(options),
    newChannel: once(options.newSmeeChannel),
  }
}

function hookFromEnvironment({ publicUrl, webhookProxyUrl }: SetupOptions): HookAddress | undefined {
  if (webhookProxyUrl !== undefined) return { webhookProxyUrl }
  return publicUrl === undefined ? undefined : { publicUrl }
}

/** Makes one channel for every attempt; a failed attempt to make one is not kept. */
function once(make: (() => Promise<string>) | undefined): (() => Promise<string>) | undefined {
  if (make === undefined) return undefined
  let made: string | undefined
  return async () => (made ??= await make())
}
