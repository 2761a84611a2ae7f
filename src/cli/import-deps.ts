import { type Config, credentialsOf } from '../config.ts'
import { storeRevisit } from '../deliveries/work.ts'
import { Unavailable } from '../domain/errors.ts'
import { connectGitHub } from '../github/github.ts'
import { importDeps, type ImportDeps } from '../imports/deps.ts'
import { openOptOuts } from '../operations/tables/opt-outs.ts'
import { hmacKey } from '../ops/data-dir.ts'
import { createLog } from '../ops/log.ts'
import { createReplier } from '../replies/replier.ts'
import type { OpenedStores } from '../stores.ts'

/** The dependencies of imports, for a subcommand. */
export async function importDepsFor(config: Config, opened: OpenedStores): Promise<ImportDeps> {
  const { GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol } = config
  const key = hmacKey(config.dataDir)
  const log = createLog('silent')
  const credentials = credentialsOf(config)
  const github = credentials && connectGitHub({ ...credentials, gheHost, gheProtocol, log })
  return importDeps({
    config: { ...config, GHE_HOST: config.GHE_HOST && opened.host },
    key,
    log,
    ledger: opened.ledger,
    revisit: (item) => storeRevisit(opened.queue, item),
    store: opened.store,
    profiles: await opened.startProfileStore(),
    queue: opened.imports,
    optOuts: await openOptOuts(opened.store, config.dataDir, key),
    installation: github?.installation ?? waitForTheApp,
    reply: github === undefined ? waitForTheApp : createReplier(opened.store, opened.host, github, key, log),
    now: () => new Date(),
  })
}

async function waitForTheApp(): Promise<never> {
  throw new Unavailable('there is no APP_ID here, and what was asked for on GitHub is answered there')
}
