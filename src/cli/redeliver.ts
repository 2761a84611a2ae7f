import { type Config, credentialsOf } from '../config.ts'
import { bringMissed, type Redelivered } from '../deliveries/redeliver.ts'
import { storeDelivery } from '../deliveries/work.ts'
import { Unavailable, UserError } from '../domain/errors.ts'
import { forgetDeaths } from '../operations/queue/job-deaths.ts'
import { GitHubRefused } from '../github/errors.ts'
import { connectGitHub } from '../github/github.ts'
import { readArguments } from './arguments.ts'
import { JSON_OPTION, say, sayJson } from './output.ts'
import { openStoresForCommand, type OpenedStores } from '../stores.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

export const redeliver: Subcommand = {
  name: 'redeliver',
  usage: 'wasteland-bridge redeliver [--json]',
  summary: 'brings in the deliveries of the last three days that did not reach the bridge',
  async run(args, context) {
    const { values } = readArguments(args, redeliver.usage, JSON_OPTION)
    const config = context.readConfig()
    const app = reach(config, context)
    const stores = await openStoresForCommand(config, context.createLog('silent'))
    try {
      const done = await bring(stores, app)
      if (values.json) sayJson(documentOf(done, stores.isRunning))
      else for (const line of report(done, stores.isRunning)) say(line)
      if (done.stopped !== undefined) throw whyNot(done.stopped) ?? done.stopped
      return done.lost.now.length + done.lost.before.length === 0 ? 0 : 1
    } finally {
      await stores.close()
    }
  },
}

function reach(config: Config, { createLog }: CliContext) {
  const credentials = credentialsOf(config)
  if (credentials === undefined)
    throw new UserError('There is no APP_ID yet, so nothing was ever delivered. Set the App up first: npm start')
  const { GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol } = config
  return connectGitHub({ ...credentials, gheHost, gheProtocol, log: createLog('silent') }).app
}

async function bring({ ledger, store, queue, isRunning }: OpenedStores, app: ReturnType<typeof reach>) {
  // The operator has mended what killed the process, or wants to know whether it still does.
  await forgetDeaths(store.db)
  const deps = {
    ledger,
    store,
    queue,
    app,
    // A running server invalidates its own caches, when it works on the delivery.
    receive: (delivery: Parameters<typeof storeDelivery>[2]) =>
      storeDelivery(queue, { invalidate: async () => {} }, delivery),
    now: () => new Date(),
  }
  return bringMissed(deps, { listening: isRunning, urgent: true, signal: new AbortController().signal })
}

/**
 * The error for a refusal by GitHub, or for GitHub being away, with what the operator can do; undefined for other
 * errors.
 */
function whyNot(error: unknown): UserError | undefined {
  if (error instanceof GitHubRefused)
    return new UserError(
      `${error.message}: it does not show us the App’s deliveries. ` +
        'APP_ID and the private key must be of this App, and its webhook active; wasteland-bridge doctor tells which is wrong.',
    )
  if (!(error instanceof Unavailable)) return undefined
  const until = error.retryAt === undefined ? 'a little later' : `after ${error.retryAt.toISOString()}`
  return new UserError(
    `Stopped: ${error.message}. Run it again ${until}, it goes on where it was; a running bridge does so by itself. ` +
      'If this stays so, wasteland-bridge doctor looks for the reason.',
  )
}

const SHOWN = 20

function report({ asked, fetched, waiting, lost, stopped }: Redelivered, isRunning: boolean): string[] {
  const gone = [...lost.now, ...lost.before]
  const lines = [
    ...(asked > 0 ? [`Asked GitHub to send ${deliveries(asked)} again.`] : []),
    ...(fetched > 0
      ? [
          `Fetched ${deliveries(fetched)} from GitHub’s list.${isRunning ? '' : ' The bridge works on them when it runs.'}`,
        ]
      : []),
    ...(waiting > 0 ? [`${deliveries(waiting)} asked for before may still come; look again in a few minutes.`] : []),
    ...(gone.length > 0
      ? [
          `GitHub does not give ${deliveries(gone.length)} again: ${gone.slice(0, SHOWN).join(', ')}${gone.length > SHOWN ? ' …' : ''}.`,
          'wasteland-bridge reconcile --repo owner/name brings their pull requests up to date; lost commands must be written again.',
        ]
      : []),
  ]
  return lines.length === 0 && stopped === undefined ? ['Nothing is missing.'] : lines
}

/** The document of `--json`: the numbers of the report, and every GUID that is lost. */
function documentOf({ asked, fetched, waiting, lost, stopped }: Redelivered, isRunning: boolean) {
  return { asked, fetched, waiting, lost: [...lost.now, ...lost.before], stopped: stopped !== undefined, isRunning }
}

function deliveries(n: number): string {
  return n === 1 ? '1 delivery' : `${n} deliveries`
}
