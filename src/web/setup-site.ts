import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { type SetupOptions, setupPages } from './setup.ts'

export interface SetupSiteOptions {
  dataDir: string
  host: string
  publicUrl: string | undefined
  webhookProxyUrl: string | undefined
  gheUrl: string
  apiUrl: string
  appYml: string
  newSmeeChannel: () => Promise<string>
  /** Starts the rest of the program with the new credentials. */
  onRegistered: () => Promise<void>
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
}

export interface SetupSite {
  pages: Hono
  /** What the terminal says once we listen. Never the log: it may carry the token. */
  invitation(port: number): string
}

/** The set-up pages: behind a one-time token wherever others could reach them. */
export function setupSite(options: SetupSiteOptions): SetupSite {
  const { host, publicUrl, webhookProxyUrl, log } = options
  const guarded = !isLoopback(host) || publicUrl !== undefined
  const token = guarded ? randomBytes(24).toString('base64url') : undefined
  const given: SetupOptions = {
    dataDir: options.dataDir,
    gheUrl: options.gheUrl,
    apiUrl: options.apiUrl,
    loopback: isLoopback(host),
    appYml: options.appYml,
    newSmeeChannel: options.newSmeeChannel,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(webhookProxyUrl === undefined ? {} : { webhookProxyUrl }),
    ...(token === undefined ? {} : { token }),
    onRegistered() {
      options.onRegistered().then(
        () => log.info({}, 'registered: the bridge is at work'),
        (error: unknown) =>
          log.error({ err: error }, 'registered, but the bridge did not start: mend this and start again'),
      )
    },
  }
  return {
    pages: setupPages(given),
    invitation(port) {
      const open = new URL(
        token === undefined ? '/setup' : `/setup?token=${token}`,
        publicUrl ?? `http://localhost:${port}`,
      )
      return `There is no GitHub App yet. To register one, open ${open.href}\n`
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
