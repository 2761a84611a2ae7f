import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/start.js', import.meta.url))

/** `wasteland-bridge seed` in a process of its own. */
export interface SeedProcess {
  pid: number
  /** What it has printed, on either stream, in order. */
  said(): string
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>
  kill(signal: 'SIGINT' | 'SIGKILL'): void
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export function startSeed(at: { gh: string; token: string; dataDir: string }, ...args: string[]): SeedProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'seed', ...args], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
      NODE_COMPILE_CACHE: join(tmpdir(), 'wasteland-crash-compile-cache'),
      GHE_HOST: new URL(at.gh).host,
      GHE_PROTOCOL: 'http',
      IMPORT_TOKEN: at.token,
      DATA_DIR: at.dataDir,
    },
  })
  running.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (said += text))
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  return { pid: child.pid!, said: () => said, ended, kill: (signal) => void child.kill(signal) }
}

// oxlint-disable-next-line typescript/no-explicit-any -- rows of any table
type Sql = (query: string) => Promise<Record<string, any>[]>

/** All that the pile says of people but when it was fetched, a line each; `sql` asks the server that it is on. */
export async function pileLines(sql: Sql): Promise<string[]> {
  const rigs = await sql('SELECT handle, display_name, hop_uri, trust_level, rig_type FROM pile.rigs')
  const blocks = await sql('SELECT handle, CAST(sheet_json AS CHAR) AS json, confidence FROM pile.boot_blocks')
  const stamps = await sql(
    `SELECT id, author, subject, CAST(valence AS CHAR) AS valence, confidence, context_id,
      CAST(skill_tags AS CHAR) AS skills, message, stamp_index, hop_uri FROM pile.stamps`,
  )
  const timeless = blocks.map(({ json, ...block }) => {
    const { source, ...sheet } = JSON.parse(json) as { source: Record<string, unknown> }
    return { ...block, ...sheet, source: { ...source, fetched_at: '' } }
  })
  return [...rigs, ...timeless, ...stamps].map((row) => JSON.stringify(row)).toSorted()
}
