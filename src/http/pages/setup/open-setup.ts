import { withoutEndSlashes } from '../../../domain/text.ts'
import type { Clients } from '../../../ops/client-address.ts'
import { createSetup, type Setup, type SetupOptions } from './setup.ts'
import { oneTimeToken } from './guard.ts'

export interface OpenSetupOptions {
  dataDir: string
  host: string
  publicUrl: string | undefined
  webhookProxyUrl: string | undefined
  gheUrl: string
  apiUrl: string
  appYml: string
  newSmeeChannel: () => Promise<string>
  clients: Clients
  /**
   * Prints a sentence to the operator, whatever LOG_LEVEL is. It may have the token in it, so it is no line of the log.
   */
  say(text: string): void
  /** Starts the rest of the program with the new credentials. */
  onRegistered: () => Promise<void>
  log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export interface OpenSetup {
  setup: Setup
  /** Prints to the terminal where set-up opens, once the server listens. */
  invite(port: number): void
}

/** Opens set-up, behind a one-time token. */
export function openSetup(options: OpenSetupOptions): OpenSetup {
  const { host, publicUrl, webhookProxyUrl, log } = options
  let base = publicUrl ?? 'http://localhost'
  const link = () => `${withoutEndSlashes(base)}/setup?token=${token.current()}`
  const token = oneTimeToken(() =>
    options.say(
      `Set-up was opened in a browser. If that was not you, stop the bridge. For another browser: ${link()}\n`,
    ),
  )
  const given: SetupOptions = {
    dataDir: options.dataDir,
    gheUrl: options.gheUrl,
    apiUrl: options.apiUrl,
    loopback: isLoopback(host),
    appYml: options.appYml,
    newSmeeChannel: options.newSmeeChannel,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(webhookProxyUrl === undefined ? {} : { webhookProxyUrl }),
    token,
    clients: options.clients,
    onRegistered() {
      options.onRegistered().then(
        () => log.info({}, 'registered: the bridge is at work'),
        (error: unknown) =>
          log.error({ err: error }, 'registered, but the bridge did not start: mend this and start again'),
      )
    },
  }
  return {
    setup: createSetup(given),
    invite(port) {
      if (publicUrl === undefined) {
        base = `http://localhost:${port}`
        log.warn({}, 'PUBLIC_URL is not set. Set it if anybody but you can reach this port, such as through a proxy')
      }
      options.say(`There is no GitHub App yet. To register one, open ${link()}\n`)
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
