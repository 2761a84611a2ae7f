import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../../domain/errors.ts'
import { ServerFailed, startChildServer, type ServerLog, type ServerState } from '../../ops/child-server.ts'
import { endOrphan } from '../../ops/orphan.ts'
import { answers, keptPort, notedPort } from '../../ops/port.ts'
import { keptSecret, readIfThere, writePrivately } from '../../ops/private-file.ts'
import { doltVersionIn, isAtLeast, outputOf, quietEnv, quietRoot } from './dolt-version.ts'

export type EmbeddedDolt = {
  /** The address of one database: mysql://root:…@127.0.0.1:<port>/<database>. */
  url: (database: string) => string
  port: number
  state: () => ServerState
  healthy: () => boolean
  /** The server's process, while there is one. */
  pid: () => number | undefined
  stop: () => Promise<void>
}

export const DATABASES = ['commons', 'pile'] as const

// Scans of a million rows take 570 to 620 MB without a limit; with it 462 MB, for a tenth more time.
const MEMORY_LIMIT = '400MiB'

/**
 * Files of the folder:
 * - data/commons, data/pile: the databases          - root/: Dolt's own settings, shared with nobody
 * - access/: its users                              - config.yaml, port, password, server.log, server.json
 * - version: the Dolt that wrote last               - drafts/: databases being made, at a first start
 */
export const doltFiles = (dir: string) => ({
  data: join(dir, 'data'),
  drafts: join(dir, 'drafts'),
  root: join(dir, 'root'),
  access: join(dir, 'access'),
  config: join(dir, 'config.yaml'),
  port: join(dir, 'port'),
  password: join(dir, 'password'),
  version: join(dir, 'version'),
  log: join(dir, 'server.log'),
  record: join(dir, 'server.json'),
})

/**
 * Starts Dolt on 127.0.0.1 and keeps it running. The caller must hold the lock of DATA_DIR.
 * Each step of the set-up is whole or undone, so that it may be killed at any moment and started again.
 *
 * @param options.dir DATA_DIR/dolt; made when missing
 * @param options.bin the Dolt to run, see findDolt
 * @param options.version of it, where it is known
 * @throws {UserError} when the storage is of a newer Dolt, or the server does not get ready
 */
export async function startEmbeddedDolt(options: {
  dir: string
  bin: string
  version?: string
  log: ServerLog
}): Promise<EmbeddedDolt> {
  const { bin, log } = options
  const dir = resolve(options.dir)
  refuseUnreadable(dir)
  const at = doltFiles(dir)
  mkdirSync(at.data, { recursive: true, mode: 0o700 })
  await endOrphan({ name: 'Dolt', recordFile: at.record, log })
  quietRoot(at.root)
  refuseOlder(bin, options.version ?? (await doltVersionIn(at.root, bin)), at.version)
  await createDatabases(at, bin)

  const password = keptSecret(at.password)
  const port = await keptPort(at.port)
  writePrivately(at.config, config(at, port))
  const url = (database: string) => addressOf(port, password, database)
  const server = await startChildServer({
    name: 'Dolt',
    command: bin,
    args: ['sql-server', '--config', at.config],
    // Dolt gives root this password when it first makes its users: there is no moment without one.
    env: { ...quietEnv(at.root), GOMEMLIMIT: MEMORY_LIMIT, DOLT_ROOT_PASSWORD: password },
    cwd: dir,
    logFile: at.log,
    recordFile: at.record,
    isReady: () => accepts(url('commons'), at),
    log,
  }).catch((error: unknown) => {
    throw error instanceof ServerFailed ? explain(error) : error
  })
  const { state, healthy, pid, stop } = server
  return { url, port, state, healthy, pid, stop }
}

/**
 * The address for another process (the command line), from the files that the running server left.
 *
 * @throws {UserError} when no server runs there
 */
export async function embeddedDoltUrl(dir: string, database: string): Promise<string> {
  const at = doltFiles(resolve(dir))
  const port = notedPort(at.port)
  const password = readIfThere(at.password)
  if (port && password && (await answers(port))) return addressOf(port, password, database)
  throw new UserError(`No Dolt runs for ${dir}. Start the bridge with "npm start", or set LEDGER_URL.`)
}

function addressOf(port: number, password: string, database: string): string {
  return `mysql://root:${password}@127.0.0.1:${port}/${database}`
}

/**
 * Refuses a folder whose path Dolt would misread: it takes its own folders for addresses, and makes `/aA` of `/a%41`
 * and `/a/b` of `/a\b`, sometimes only in half of the places.
 */
export function refuseUnreadable(dir: string): void {
  if (!/[%\\]/.test(dir)) return
  throw new UserError(
    `The ledger cannot lie in ${dir}: Dolt reads a % or a \\ in the name of a folder as something else. Name another with DATA_DIR.`,
  )
}

function refuseOlder(bin: string, version: string, noted: string): void {
  const last = readIfThere(noted)
  if (last && !isAtLeast(version, `${last.split('.')[0]}.0.0`)) {
    throw new UserError(
      `The ledger in ${noted.replace(/version$/, 'data')} was written by Dolt ${last}, and ${bin} is Dolt ${version}, ` +
        `which cannot read it. Put Dolt ${last} or newer first on PATH, or take the old one off it.`,
    )
  }
  if (!last || isAtLeast(version, last)) writePrivately(noted, `${version}\n`)
}

/**
 * Each database is made elsewhere and moved into place: the server never sees half of one, even when the
 * "dolt init" of a start that was killed still writes.
 */
async function createDatabases({ data, drafts, root }: ReturnType<typeof doltFiles>, bin: string): Promise<void> {
  // Where earlier versions made them, and Dolt would serve them.
  for (const name of readdirSync(data)) if (name.startsWith('.new-')) rmSync(join(data, name), { recursive: true })
  const missing = DATABASES.filter((name) => !existsSync(join(data, name)))
  await Promise.all(missing.map((name) => createDatabase(name, { data, drafts, root }, bin)))
  try {
    rmSync(drafts, { recursive: true, force: true })
  } catch {
    // A "dolt init" whose start was killed still writes there; the next start removes it.
  }
}

/** An empty folder for a database that is not whole yet. */
export function draftIn(drafts: string, name: string): string {
  mkdirSync(drafts, { recursive: true, mode: 0o700 })
  return mkdtempSync(join(drafts, `${name}-`))
}

async function createDatabase(
  name: string,
  { data, drafts, root }: { data: string; drafts: string; root: string },
  bin: string,
): Promise<void> {
  const draft = draftIn(drafts, name)
  const author = ['--name', 'wasteland-bridge', '--email', 'wasteland-bridge@users.noreply.github.com']
  await outputOf(bin, ['init', '--initial-branch', 'main', ...author], quietEnv(root), draft)
  renameSync(draft, join(data, name))
}

function config(at: ReturnType<typeof doltFiles>, port: number): string {
  const quoted = (path: string) => JSON.stringify(path.replaceAll('$', '$$$$')) // Dolt puts ${VAR} in; $$ is a $
  return [
    'log_level: warning', // info would write two lines for every connection
    'behavior:',
    // Dolt goes on after a failing statement of a packet and commits the rest.
    '  disable_client_multi_statements: true',
    'listener:',
    '  host: 127.0.0.1', // no socket entry, so no unix socket: the default is one file shared by all servers
    `  port: ${port}`,
    `data_dir: ${quoted(at.data)}`,
    `cfg_dir: ${quoted(at.access)}`,
    '',
  ].join('\n')
}

/** Whether the server answers us; false while it does not yet. */
async function accepts(url: string, at: ReturnType<typeof doltFiles>): Promise<boolean> {
  // Loaded while Dolt starts.
  const { createConnection } = await import('mysql2/promise')
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 2_000 })
    await connection.query('SELECT 1').finally(() => connection.end())
    return true
  } catch (error) {
    if (!isDenied(error)) return false
    throw new UserError(
      `The password in ${at.password} is not that of the embedded Dolt. Put the right one back; ` +
        `or move ${at.access} away, and new users are made at the next start (the data stays).`,
      { cause: error },
    )
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === 1045
}

function explain(failure: ServerFailed): UserError {
  const lastLine = failure.output.split('\n').findLast((line) => line.trim() !== '')
  return new UserError(`The embedded Dolt did not start. ${failure.message} It last said: ${lastLine ?? 'nothing'}`, {
    cause: failure,
  })
}
