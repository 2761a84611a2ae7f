import type { Account } from '../domain/rig.ts'
import type { Queue } from '../operations/queue/queue.ts'
import type { OptOuts } from '../operations/tables/opt-outs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ProfileStore } from '../ledger/profiles/profile-store.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { type PullRequestPlace, releaseItemsOf } from '../operations/tables/pull-request-items.ts'
import type { Replier } from '../replies/replier.ts'
import { apiUrl, webUrl } from '../github/github.ts'
import { createSafe, type Safe } from './sealed.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { Installations } from '../github/client.ts'

/** A job in the queue of imports: the id of a row, without personal data. */
export interface ImportJob {
  import: string
}

export interface ImportDeps extends Installations {
  /** The host in `hop_uri`: `github`, or a GHES. */
  host: string
  /** `github.com`, or a GHES. */
  webHost: string
  /** GitHub's pages: `https://github.com`. */
  webUrl: string
  /** `https://api.github.com`, or `https://<host>/api/v3`. */
  apiUrl: string
  store: OperationsStore
  profiles: ProfileStore
  optOuts: OptOuts
  queue: Pick<Queue<ImportJob>, 'put'>
  /** Encrypts the tokens of people who signed in. */
  safe: Safe
  /** The value of IMPORT_TOKEN. */
  token: string | undefined
  reply: Replier
  /** Releases the open claims and work of a person who takes no part any more. */
  releaseWorkOf(person: number): Promise<void>
  /** The handle of a person's rig in the commons. */
  rigOf(person: Pick<Account, 'id' | 'login'>): Promise<string | undefined>
  /** The value of PUBLIC_URL, under which pages are found. */
  publicUrl: string | undefined
  now(): Date
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

type ImportDepsInput = Omit<
  ImportDeps,
  'host' | 'webHost' | 'webUrl' | 'apiUrl' | 'safe' | 'token' | 'publicUrl' | 'releaseWorkOf' | 'rigOf'
> & {
  ledger: Pick<Ledger, 'read'>
  revisit(item: PullRequestPlace): Promise<void>
  config: {
    GHE_HOST?: string | undefined
    GHE_PROTOCOL: 'https' | 'http'
    IMPORT_TOKEN?: string | undefined
    PUBLIC_URL?: string | undefined
  }
  /** The key in DATA_DIR/hmac.key. */
  key: Buffer
}

/** Adds the dependencies that follow from the configuration. */
export function importDeps({ config, key, ledger, revisit, ...deps }: ImportDepsInput): ImportDeps {
  const { GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol } = config
  const host = gheHost ?? 'github'
  return {
    ...deps,
    host,
    webHost: gheHost ?? 'github.com',
    webUrl: webUrl({ gheHost, gheProtocol }),
    apiUrl: apiUrl({ gheHost, gheProtocol }),
    safe: createSafe(key, 'tokens of imports'),
    token: config.IMPORT_TOKEN,
    publicUrl: config.PUBLIC_URL,
    async releaseWorkOf(person) {
      for (const pull of await releaseItemsOf(deps.store, host, person)) await revisit(pull)
    },
    rigOf: async (person) => (await ledger.read((db) => findRigOf(db, host, person)))?.handle,
  }
}
