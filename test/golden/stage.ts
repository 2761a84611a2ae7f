import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from '../../local-github/local-github.ts'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import {
  embeddedPostgresUrl,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/operations/embedded-postgres.ts'
import { type BridgeProcess, runBesideProcess, startBridgeProcess } from '../crash/bridge-process.ts'
import { askDolt, askPostgres, type Row } from '../crash/stores.ts'

/** Identities in the ledger name the host, and with it the port of the local GitHub. Below those that systems lend. */
const PORT = 18_473
const TIMEOUT_MS = 60_000
/** So long nothing has come: what runs by schedule has looked, and found nothing more to do. */
const QUIET_MS = 2_500

/** A local GitHub, and a version of the program as its operator runs it, with embedded stores. */
export interface Stage {
  gh: LocalGitHub
  dataDir: string
  bridge: BridgeProcess
  /** The bridge's time is GitHub's, which is not the machine's. Starts it again where it has ended. */
  start(): Promise<void>
  run(...args: string[]): Promise<string>
  /** SQL on a database of the ledger's server. */
  sql(query: string, database?: string): Promise<Row[]>
  ops(query: string, values?: unknown[]): Promise<Row[]>
  /** Waits until every delivery was answered, and all is done that is not `held`, a condition on jobs. */
  idle(held?: string): Promise<void>
  /** The same where nothing that runs by schedule matters. */
  answered(): Promise<void>
  close(): Promise<void>
}

interface StageOptions {
  github: LocalGitHubOptions
  /** The folder of the version to run; by default it is this one. */
  root?: string | undefined
}

export async function openStage({ github, root }: StageOptions): Promise<Stage> {
  const gh = await startOnPort(github)
  const home = mkdtempSync(join(tmpdir(), 'wasteland-golden-'))
  const dataDir = join(home, 'data')
  const aheadFile = join(home, 'ahead')
  const stores = { dataDir, root, aheadFile }
  const ops = async (query: string, values?: unknown[]) =>
    askPostgres(await embeddedPostgresUrl(join(dataDir, 'postgres')), query, values)
  const rest = async (quietMs: number, held = 'false') => {
    const deadline = Date.now() + TIMEOUT_MS
    for (let since = Date.now(); Date.now() - since < quietMs; await sleep(50)) {
      await gh.settled()
      const left = await unfinished(ops, held)
      if (left.length > 0) since = Date.now()
      if (Date.now() > deadline) throw new Error(`the bridge does not come to rest: ${JSON.stringify(left)}`)
    }
  }
  const stage: Stage = {
    gh,
    dataDir,
    bridge: undefined as unknown as BridgeProcess,
    async start() {
      writeFileSync(aheadFile, String(gh.clock.now() - Date.now()))
      stage.bridge = startBridgeProcess(gh, stores)
      gh.setHookUrl(`${await stage.bridge.url}/api/github/webhooks`)
      await stage.bridge.settledStart()
      if (!stage.bridge.alive())
        throw new Error(`the bridge did not start: ${stage.bridge.lines.slice(-10).join('\n')}`)
    },
    run: (...args) => runBesideProcess(gh, stores, ...args),
    sql: async (query, database = 'commons') => askDolt(await embeddedDoltUrl(join(dataDir, 'dolt'), database), query),
    ops,
    idle: (held) => rest(QUIET_MS, held),
    answered: () => rest(200),
    async close() {
      if (stage.bridge?.alive()) await stage.bridge.stop()
      await gh.close()
      removeEmbeddedPostgres(join(dataDir, 'postgres'))
      rmSync(home, { recursive: true, force: true })
    },
  }
  return stage
}

/** Jobs, and deliveries that GitHub is to send again. */
async function unfinished(ops: Stage['ops'], held: string): Promise<Row[]> {
  const [row] = await ops(`SELECT to_regclass('jobs') IS NOT NULL AS found`)
  // A version before the table `jobs` has them in the schema of a library.
  const jobs = row!['found']
    ? `(SELECT queue AS name, key, state, start_after, error AS said FROM jobs)`
    : `(SELECT name, singleton_key AS key, state::text, start_after, output::text AS said FROM pgboss.job)`
  return ops(
    `SELECT key, state, start_after, said FROM ${jobs} AS job
     WHERE name IN ('deliveries', 'imports') AND state IN ('created', 'retry', 'active') AND (${held}) IS NOT TRUE
     UNION ALL SELECT guid::text, 'missed', delivered_at, NULL FROM missed_deliveries WHERE NOT lost
     LIMIT 20`,
  )
}

async function startOnPort(options: LocalGitHubOptions): Promise<LocalGitHub> {
  try {
    return await startLocalGitHub({ ...options, port: PORT })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(
      `Port ${PORT} of 127.0.0.1 is taken, and the golden dump names its GitHub by that port. ` +
        `End what listens there (ss -ltnp 'sport = :${PORT}') and run this again.`,
      { cause: error },
    )
  }
}

/** `backup`, which the program made itself, and `github`: what GitHub knew when it was made. */
export function packGolden(folder: string, archive: string): void {
  // Without the names of who recorded it.
  const plain = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner']
  execFileSync('tar', ['-czf', archive, ...plain, '-C', folder, 'backup', 'github'])
}

/** Has work done on a stage that goes on from a golden dump; all that it needed is gone afterwards. */
export async function onGolden<T>(
  archive: string,
  root: string | undefined,
  work: (stage: Stage, jobs: GoldenJob[], made: Date) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wasteland-golden-dump-'))
  try {
    execFileSync('tar', ['-xzf', archive, '-C', folder])
    const backup = join(folder, 'backup')
    const { made } = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as { made: string }
    const stage = await openStage({ github: { state: readFileSync(join(folder, 'github')) }, root })
    try {
      return await work(stage, await restore(stage, backup, made), new Date(made))
    } finally {
      await stage.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A job of a dump. */
export interface GoldenJob {
  id: string
  /** Of its queue. */
  name: string
  state: string
  /** The key of what it carries; null once it is done. */
  kind: string | null
}

/**
 * With the program's own `backup --restore`. The bridge's time and GitHub's go on an hour after it was recorded; Postgres
 * has the machine's, by which old jobs are dropped: they are made younger. A dump of a version before the table `jobs` has them in `pgboss.job`.
 */
async function restore(stage: Stage, backup: string, made: string): Promise<GoldenJob[]> {
  stage.gh.clock.advance(3_600)
  mkdirSync(stage.dataDir, { mode: 0o700 })
  await stage.run('backup', '--restore', backup)
  const log = pino({ level: 'silent' })
  const postgres = await startEmbeddedPostgres({ dir: join(stage.dataDir, 'postgres'), log })
  try {
    const times = ['created_on', 'start_after', 'started_on', 'heartbeat_on', 'completed_on', 'keep_until']
    const moved = times.map((time) => `${time} = ${time} + (now() - $1::timestamptz)`)
    await stage.ops(`UPDATE pgboss.job SET ${moved.join(', ')}`, [made])
    const jobs = await stage.ops(
      `SELECT id, name, state::text, (SELECT min(key) FROM jsonb_object_keys(data) AS key) AS kind
       FROM pgboss.job WHERE name IN ('deliveries', 'imports', 'dead-letters')`,
    )
    return jobs as GoldenJob[]
  } finally {
    await postgres.stop()
  }
}
