import type { Logger } from 'pino'
import type { Clock } from './compose.ts'
import { type Config, credentialsOf } from './config.ts'
import { type App, listen } from './http/server.ts'
import { CLOSES_MS, createCleanup } from './ops/cleanup.ts'
import { ownDataDir } from './ops/data-dir.ts'
import { loadPart } from './ops/load-part.ts'
import { type Servers, startServers } from './servers.ts'

/** A running bridge. `stop` ends it within ten seconds; unfinished work is handed back to the queue. */
export interface Bridge {
  url: string
  stop(): Promise<void>
}

const CLOCK: Clock = { now: () => new Date(), pollIntervalMs: 180_000 }

/**
 * Starts everything that the configuration asks for; set-up pages only when there is no APP_ID. What takes longest comes
 * first: the servers of the stores start while the rest of the program is loaded, which is most of it.
 */
export async function startBridge(
  config: Config,
  log: Logger,
  signal = new AbortController().signal,
  clock = CLOCK,
): Promise<Bridge> {
  const cleanup = createCleanup(log)
  const app = Promise.withResolvers<App>()
  app.promise.catch(() => {})
  let servers: Servers | undefined
  try {
    const credentials = credentialsOf(config)
    const owner = ownDataDir(config.dataDir)
    cleanup.add('data directory', async () => owner.release())
    const isPrivate = credentials === undefined && config.PUBLIC_URL === undefined
    const host = config.HOST ?? (isPrivate ? '127.0.0.1' : '0.0.0.0')
    const server = await listen(app.promise, host, config.PORT)
    cleanup.add('web server', () => server.close(), CLOSES_MS)
    const url = `http://${host === '0.0.0.0' ? 'localhost' : host}:${server.port}`
    log.info({ url }, 'listening')
    if (credentials !== undefined) servers = startServers({ config, log, cleanup })
    const { runBridge } = await loadPart('The bridge', () => import('./run-bridge.ts'))
    const start = { config, log, signal, cleanup, clock, servers, credentials, host, port: server.port }
    await runBridge(start, app.resolve)
    return { url, stop: () => cleanup.run() }
  } catch (error) {
    app.reject(error)
    // What still starts would outlive the cleaning up.
    await Promise.allSettled(Object.values(servers ?? {}))
    await cleanup.run()
    throw error
  }
}
