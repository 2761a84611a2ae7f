import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { UserError } from '../domain/errors.ts'
import { findDolt } from '../ledger/dolt/dolt-binary.ts'
import { backUpLedger, restoreLedger } from '../ledger/dolt/ledger-backup.ts'
import { dumpOperations } from '../operations/backup/dump.ts'
import { startEmbeddedPostgres } from '../operations/embedded-postgres.ts'
import { restoreOperations } from '../operations/backup/restore.ts'
import { createCleanup } from '../ops/cleanup.ts'
import { ownDataDir, RESTORING } from '../ops/data-dir.ts'
import { notUnderstood } from './arguments.ts'
import { type BackupManifest, readBackup, writeBackup } from './backup-folder.ts'
import { openServersForCommand } from '../stores.ts'
import { JSON_OPTION, say, sayOnStderr, sayJson } from './output.ts'
import type { Subcommand } from './subcommand.ts'

/**
 * The files of DATA_DIR that cannot be made again. The App's credentials are among them, so that a restored folder is
 * whole: whoever reads a backup can act as the App.
 */
const FILES = ['hmac.key', 'opt-outs', 'admitted', 'admitted-ids', 'app.env']

export const backup: Subcommand = {
  name: 'backup',
  usage: 'wasteland-bridge backup [<folder>] [--no-pile] [--json] | --restore <backup> [--json]',
  summary:
    'copies ledger, operations store and keys into a new folder, whether the bridge runs or not; or brings them back',
  async run(args, context) {
    const { folder, restore: from, profiles, json } = readArguments(args)
    const config = context.readConfig()
    const log = context.createLog('silent')
    if (from !== undefined) await restore(config, log, from, json)
    else await backUp(config, log, { folder: folder ?? join(config.dataDir, 'backups'), profiles, json })
    return 0
  },
}

interface BackupWish {
  folder: string
  profiles: boolean
  json: boolean
}

/** Writes a backup, the operations store first: what is done by its records must be in the ledger beside it. */
async function backUp(config: Config, log: Logger, { folder, profiles, json }: BackupWish) {
  const { dataDir, LEDGER_URL } = config
  if (!existsSync(join(dataDir, 'dolt')) && LEDGER_URL === undefined)
    throw new UserError(`There is nothing to back up in ${dataDir} yet. Name the bridge's folder with DATA_DIR.`)
  const servers = await openServersForCommand(config, log)
  try {
    const { place, manifest } = await writeBackup(folder, new Date(), async (draft) => {
      const operations = await dumpOperations(servers.operations, join(draft, 'operations'), { profiles })
      const ledger =
        servers.ledger === undefined
          ? null
          : await backUpLedger(servers.ledger, join(draft, 'dolt'), profiles ? ['pile', 'commons'] : ['commons'])
      copyFiles(dataDir, join(draft, 'files'))
      return { operations, ledger }
    })
    const document = documentOf(dataDir, place, manifest)
    if (json) return sayJson(document)
    const { megabytes, ledger, files } = document
    say(`Backed up: ${place}`)
    const databases = ledger.length === 0 ? [] : [`the ledger (${ledger.join(', ')})`]
    say(`${megabytes.toFixed(1)} MB: ${[...databases, 'the operations store', ...files].join(', ')}.`)
    if (servers.ledger === undefined)
      say('The ledger is not in it: it lies on the server of LEDGER_URL. Back it up there, after this.')
    if (!profiles) say('Imported profiles are not in it.')
  } finally {
    await servers.close()
  }
}

/** The document of `--json`, of a backup that was made or restored. */
function documentOf(dataDir: string, folder: string, { made, ledger, operations }: BackupManifest) {
  return {
    folder,
    dataDir,
    made,
    megabytes: megabytesIn(folder),
    /** The databases; none where the ledger lies on an operator's server. */
    ledger: (ledger?.databases ?? []).map(({ name }) => name).toSorted(byName),
    operations: {
      postgres: operations.postgres,
      tables: operations.tables.length,
      rows: operations.tables.reduce((sum, { rows }) => sum + rows, 0),
    },
    files: readdirSync(join(folder, 'files')).toSorted(byName),
  }
}

function byName(one: string, other: string): number {
  return one.localeCompare(other)
}

function megabytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(folder, name)))
  return Math.round(files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0) / 1e5) / 10
}

/** Restores a backup into an empty DATA_DIR. A mark in it keeps the bridge from starting on a half-restored one. */
async function restore(config: Config, log: Logger, from: string, json: boolean) {
  const manifest = await readBackup(from)
  refuseLedger(config, manifest)
  refuseFilled(config.dataDir)
  const cleanup = createCleanup(log)
  try {
    const owner = ownDataDir(config.dataDir)
    cleanup.add('data directory', async () => owner.release())
    const mark = join(config.dataDir, RESTORING)
    writeFileSync(mark, `${resolve(from)}\n`, { mode: 0o600 })
    copyFiles(join(from, 'files'), config.dataDir)
    if (manifest.ledger !== null) {
      const { path, cacheDir } = config
      const { bin } = await findDolt({ path, cacheDir, report: json ? sayOnStderr : say })
      await restoreLedger({ dir: join(config.dataDir, 'dolt'), bin }, join(from, 'dolt'), manifest.ledger)
    }
    const url = config.DATABASE_URL ?? (await startPostgres(config, log, cleanup))
    await restoreOperations(url, join(from, 'operations'), manifest.operations)
    rmSync(mark)
  } finally {
    await cleanup.run()
  }
  if (json) return sayJson(documentOf(config.dataDir, resolve(from), manifest))
  say(`Restored into ${config.dataDir}, as it was at ${manifest.made}.`)
  say('Start the bridge: what GitHub has sent since, up to three days ago, it fetches again.')
}

async function startPostgres({ dataDir }: Config, log: Logger, cleanup: ReturnType<typeof createCleanup>) {
  const { url, stop } = await startEmbeddedPostgres({ dir: join(dataDir, 'postgres'), log })
  cleanup.add('Postgres', stop)
  return url
}

function refuseLedger({ LEDGER_URL }: Config, { ledger }: BackupManifest) {
  if (ledger === null && LEDGER_URL === undefined)
    throw new UserError(
      'The backup is of a bridge whose ledger lay on another server. Set LEDGER_URL to where it is now.',
    )
  if (ledger !== null && LEDGER_URL !== undefined)
    throw new UserError(
      'The backup has a ledger for an embedded Dolt. Leave LEDGER_URL unset to restore it; from there it can be pushed.',
    )
}

function refuseFilled(dataDir: string) {
  // The root of a file system has this folder.
  const found = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => name !== 'lost+found') : []
  if (found.length === 0) return
  throw new UserError(`${dataDir} is not empty. A backup is restored into an empty folder: name one with DATA_DIR.`)
}

function copyFiles(from: string, to: string) {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of FILES.filter((one) => existsSync(join(from, one)))) {
    copyFileSync(join(from, name), join(to, name))
    chmodSync(join(to, name), 0o600)
  }
}

function readArguments(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { restore: { type: 'string' }, 'no-pile': { type: 'boolean', default: false }, ...JSON_OPTION },
      allowPositionals: true,
    })
    const { restore: from, 'no-pile': noProfiles, json } = values
    const isOne = from === undefined ? positionals.length <= 1 : positionals.length === 0 && !noProfiles
    if (isOne) return { folder: positionals[0], restore: from, profiles: !noProfiles, json }
  } catch {
    // Reported below.
  }
  throw notUnderstood(backup.usage)
}
