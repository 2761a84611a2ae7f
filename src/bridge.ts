import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { COMMANDS } from './commands/registry.ts'
import { QUEUES } from './stores.ts'
import { type Config, credentialsOf, readConfig } from './config.ts'
import { EVENT_NAMES } from './github/event-names.ts'
import { apiUrl, webUrl } from './github/github.ts'
import { newChannel } from './github/smee.ts'
import { createClients, trustNobody } from './ops/client-address.ts'
import { ownDataDir } from './ops/data-dir.ts'
import { CLOSES_MS, createCleanup } from './ops/cleanup.ts'
import { sayBeside } from './ops/log.ts'
import { createMetrics } from './ops/metrics.ts'
import { createReadiness, notYet, type Parts } from './ops/readiness.ts'
import { createApp } from './http/app.ts'
import { type OpenSetup, openSetup } from './http/pages/setup/open-setup.ts'
import type { Shell } from './http/page.ts'
import { listen } from './http/server.ts'
import { siteAt } from './http/site.ts'
import { atGitHub, type Clock, type SiteState, type StartContext, compose } from './compose.ts'

/** A running bridge. `stop` ends it within ten seconds; unfinished work is handed back to the queue. */
export interface Bridge {
  url: string
  stop(): Promise<void>
}

const CLOCK: Clock = { now: () => new Date(), pollIntervalMs: 180_000 }

/** The label values of the metrics for events and commands. */
const KNOWN = {
  events: EVENT_NAMES,
  commands: new Set(COMMANDS.map(({ name }) => name)),
  queues: QUEUES,
}

const STARTING: Parts = { start: notYet('not finished yet') }

/** Starts everything that the configuration asks for; set-up pages only when there is no APP_ID. */
export async function startBridge(
  config: Config,
  log: Logger,
  signal = new AbortController().signal,
  clock = CLOCK,
): Promise<Bridge> {
  const cleanup = createCleanup(log)
  try {
    const credentials = credentialsOf(config)
    const owner = ownDataDir(config.dataDir)
    cleanup.add('data directory', async () => owner.release())
    const state: SiteState = {
      parts: STARTING,
      sources: {},
    }
    const isPrivate = credentials === undefined && config.PUBLIC_URL === undefined
    const host = config.HOST ?? (isPrivate ? '127.0.0.1' : '0.0.0.0')
    const clients = createClients(config.TRUST_PROXY ?? trustNobody, () =>
      log.warn('a proxy stands before us that TRUST_PROXY does not name: all who come through it count as one visitor'),
    )
    const readiness = createReadiness(() => state.parts)
    const metrics = createMetrics(KNOWN, () => ({ ...state.sources, readiness }))
    const { outcomeStored } = clock
    const start: StartContext = { config, log, signal, cleanup, clock, metrics, clients, outcomeStored }
    const opened = credentials === undefined ? openSetupAt(start, host, state) : undefined
    const app = createApp({
      shell: shellOf(config, state),
      webhooks: { intake: () => state.intake, networkOf: clients.networkOf, answered: metrics.delivered, log },
      health: { readiness, notes: () => state.notes?.() ?? [], metrics },
      setup: opened?.setup,
      stores: () => state.pages,
      log,
    })
    const server = await listen(app, host, config.PORT)
    cleanup.add('web server', () => server.close(), CLOSES_MS)
    state.port = server.port
    const url = `http://${host === '0.0.0.0' ? 'localhost' : host}:${server.port}`
    log.info({ url }, 'listening')
    opened?.invite(server.port)
    if (credentials !== undefined) await compose(start, credentials, state)
    return { url, stop: () => cleanup.run() }
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

function shellOf(config: Config, state: SiteState): Shell {
  const early = siteAt(config.PUBLIC_URL)
  return {
    site: () => state.pages?.site ?? early,
    host: config.GHE_HOST ?? 'github.com',
    github: webUrl(atGitHub(config)),
    wastelandName: async () => state.wastelandName?.(),
  }
}

/** Until the App is registered there is nothing else to do; then the rest starts, without a restart. */
function openSetupAt(start: StartContext, host: string, state: SiteState): OpenSetup {
  state.parts = { app: notYet('not registered yet: open /setup') }
  const onRegistered = async () => {
    state.parts = STARTING
    const config = readConfig()
    await compose({ ...start, config }, credentialsOf(config)!, state).catch((error: unknown) => {
      state.parts = { start: notYet('failed; the log says why. Start again') }
      throw error
    })
  }
  return openSetup({ ...setupOptions(start, host), onRegistered })
}

function setupOptions({ config, log, clients }: StartContext, host: string) {
  return {
    dataDir: config.dataDir,
    host,
    publicUrl: config.PUBLIC_URL,
    webhookProxyUrl: config.WEBHOOK_PROXY_URL,
    gheUrl: webUrl(atGitHub(config)),
    apiUrl: apiUrl(atGitHub(config)),
    appYml: readFileSync(new URL('../app.yml', import.meta.url), 'utf8'),
    newSmeeChannel: () => newChannel(),
    clients,
    say: sayBeside(log),
    log,
  }
}
