import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { COMMANDS } from './commands/registry.ts'
import { QUEUES } from './stores.ts'
import { type AppCredentials, type Config, credentialsOf, readConfig } from './config.ts'
import { EVENT_NAMES } from './github/event-names.ts'
import { apiUrl, webUrl } from './github/github.ts'
import { newChannel } from './github/smee.ts'
import { createClients, trustNobody } from './ops/client-address.ts'
import { sayBeside } from './ops/log.ts'
import { createMetrics } from './ops/metrics.ts'
import { createReadiness, notYet, type Parts } from './ops/readiness.ts'
import { createApp } from './http/app.ts'
import { type OpenSetup, openSetup } from './http/pages/setup/open-setup.ts'
import type { Shell } from './http/page.ts'
import { siteAt } from './http/site.ts'
import { atGitHub, type SiteState, type StartContext, compose } from './compose.ts'

/** The label values of the metrics for events and commands. */
const KNOWN = {
  events: EVENT_NAMES,
  commands: new Set(COMMANDS.map(({ name }) => name)),
  queues: QUEUES,
}

const STARTING: Parts = { start: notYet('not finished yet') }

/** Context of the start, and what stands before the rest of it. */
export interface BridgeStart extends Omit<StartContext, 'metrics' | 'clients' | 'outcomeStored'> {
  credentials: AppCredentials | undefined
  host: string
  port: number
}

/** Makes what the web server answers with, `serve`s it, and then starts the rest: set-up alone without credentials. */
export async function runBridge(given: BridgeStart, serve: (app: Hono) => void): Promise<void> {
  const { config, log, clock, credentials, host, port } = given
  const state: SiteState = { parts: STARTING, sources: {}, port }
  const clients = createClients(config.TRUST_PROXY ?? trustNobody, () =>
    log.warn('a proxy stands before us that TRUST_PROXY does not name: all who come through it count as one visitor'),
  )
  const readiness = createReadiness(() => state.parts)
  const metrics = createMetrics(KNOWN, () => ({ ...state.sources, readiness }))
  const start: StartContext = { ...given, metrics, clients, outcomeStored: clock.outcomeStored }
  const opened = credentials === undefined ? openSetupAt(start, host, state) : undefined
  serve(
    createApp({
      shell: shellOf(config, state),
      webhooks: { intake: () => state.intake, networkOf: clients.networkOf, answered: metrics.delivered, log },
      health: { readiness, notes: () => state.notes?.() ?? [], metrics },
      setup: opened?.setup,
      stores: () => state.pages,
      log,
    }),
  )
  opened?.invite(port)
  if (credentials !== undefined) await compose(start, credentials, state)
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
