import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalGitHub } from '../../local-github/local-github.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TIMEOUT_MS = 120_000

/** The bridge as an operator runs it: `wasteland-bridge serve` in a process of its own. */
export interface BridgeProcess {
  pid: number
  /** Of the web server, once it listens. */
  url: Promise<string>
  /** Lines of its log and its complaints. */
  lines: string[]
  alive(): boolean
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** True once it was told to end. */
  told(): boolean
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** What `/readyz` answers; undefined when nobody answers. */
  readyz(): Promise<{ status: number; text: string } | undefined>
  /** Resolves when `/readyz` says 200, or the process has ended. */
  settledStart(): Promise<void>
}

export interface BridgeStores {
  dataDir: string
  ledgerUrl?: string | undefined
  databaseUrl?: string | undefined
  /** A file with the milliseconds by which the bridge's time is ahead, for what comes with time alone. */
  aheadFile?: string | undefined
  /** Another version's folder; by default it is the program of this one. */
  root?: string | undefined
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export function startBridgeProcess(gh: LocalGitHub, stores: BridgeStores): BridgeProcess {
  const { root = ROOT, aheadFile } = stores
  const serveAhead = join(root, 'test/crash/serve-ahead.fixture.ts')
  const program = aheadFile === undefined ? [join(root, 'src/start.js'), 'serve'] : [serveAhead, aheadFile]
  const child = start(program, gh, stores)
  const lines: string[] = []
  let told = false
  const heard = Promise.withResolvers<string>()
  heard.promise.catch(() => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    const url = /"url":"([^"]+)","msg":"listening"/.exec(line)?.[1]
    if (url !== undefined) heard.resolve(url)
  })
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line))
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child)
      heard.reject(new Error(`the bridge ended before it listened: ${lines.slice(-5).join('\n')}`))
      resolve(code)
    })
  })
  const alive = () => child.exitCode === null && child.signalCode === null
  const readyz = async () => {
    const notYet = sleep(1_000, undefined, { ref: false })
    const url = await Promise.race([heard.promise.catch(() => undefined), notYet])
    if (url === undefined) return undefined
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    return answer && { status: answer.status, text: await answer.text().catch(() => '') }
  }
  return {
    pid: child.pid!,
    url: heard.promise,
    lines,
    alive,
    ended,
    readyz,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    told: () => told,
    async stop() {
      told = true
      child.kill('SIGTERM')
      return ended
    },
    async settledStart() {
      const deadline = Date.now() + TIMEOUT_MS
      for (let said = await readyz(); alive() && said?.status !== 200; said = await readyz()) {
        if (Date.now() > deadline)
          throw new Error(`the bridge does not get ready: ${said?.text}\n${lines.slice(-10).join('\n')}`)
        await sleep(25)
      }
    },
  }
}

/** Runs another subcommand of it beside, or instead of, `serve`; what it says, on either stream. */
export async function runBesideProcess(gh: LocalGitHub, stores: BridgeStores, ...args: string[]): Promise<string> {
  const child = start([join(stores.root ?? ROOT, 'src/start.js'), ...args], gh, stores)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  running.delete(child)
  if (code !== 0) throw new Error(`wasteland-bridge ${args.join(' ')} ended with ${String(code)}: ${out}${err}`)
  return out + err
}

function start(program: string[], gh: LocalGitHub, stores: BridgeStores) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...program], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(gh, stores),
  })
  running.add(child)
  return child
}

export function environmentOf(gh: LocalGitHub, { dataDir, ledgerUrl, databaseUrl }: BridgeStores): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
    // Most of a start is reading the sources; each bridge after the first finds them compiled.
    NODE_COMPILE_CACHE: join(tmpdir(), 'compile-cache'),
    APP_ID: String(gh.app.id),
    PRIVATE_KEY: gh.app.privateKey,
    WEBHOOK_SECRET: gh.app.webhookSecret,
    GHE_HOST: new URL(gh.url).host,
    GHE_PROTOCOL: 'http',
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'debug',
    POLICY: fileURLToPath(new URL('policy.yaml', import.meta.url)),
    LEDGER_URL: ledgerUrl,
    DATABASE_URL: databaseUrl,
  }
}
