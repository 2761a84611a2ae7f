import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { LocalGitHub } from '../local-github/local-github.ts'
import { now } from './figure.ts'
import type { Span } from './spans.ts'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))
/** Loaded before a program that is to tell whom it waits for. */
export const PROBE = new URL('probe.ts', import.meta.url).href
const READY_MS = 60_000

/** `wasteland-bridge serve` in a process of its own, or another program that does as much. */
export interface Bridge {
  pid: number
  url: string
  /** From its start until `/readyz` said 200, in milliseconds. */
  startedIn: number
  /** Whom it waited for since the last time. A bridge without `probed` knows nothing of it. */
  spans(): Promise<Span[]>
  /** Sends it a message and resolves to its next. */
  ask(message: object): Promise<unknown>
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>
}

export interface BridgeOptions {
  /** The operator's rules; by default nothing is capped. */
  policy?: string
  dataDir: string
  /** Default: `src/start.js serve`, as `npm start`. */
  program?: string
  probed?: boolean
  /** A folder for its CPU profile. */
  profiles?: string | undefined
}

const running = new Set<ChildProcess>()
// Told to end, for then it ends its stores as well.
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM')
})

/** Few people do much in a bench: no cap stands in their way. */
const POLICY =
  'posts: { 1: 1000 }\nclaims: { 1: 1000 }\nrequests: { person: 100000, repository: 100000, installation: 100000, validator: 100000 }\n'

export async function startBridge(gh: LocalGitHub, options: BridgeOptions): Promise<Bridge> {
  const { dataDir, program = '../src/start.js', probed = false, profiles } = options
  const policy = `${dataDir}.policy.yml`
  writeFileSync(policy, options.policy ?? POLICY)
  const flags = ['--disable-warning=ExperimentalWarning', ...(probed ? ['--import', PROBE] : [])]
  if (profiles !== undefined) flags.push('--cpu-prof', '--cpu-prof-dir', profiles)
  const began = now()
  const child = spawn(process.execPath, [...flags, pathOf(program), 'serve'], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...environmentOf(gh), DATA_DIR: dataDir, POLICY: policy },
  })
  running.add(child)
  const ended = once(child, 'close').then(() => void running.delete(child))
  const url = await urlOf(child)
  while ((await fetch(`${url}/readyz`)).status !== 200) {
    if (now() - began > READY_MS) throw new Error('the bridge does not get ready')
    await sleep(5)
  }
  const startedIn = now() - began
  const ask = (message: string | object) => askProcess(child, message)
  return {
    pid: child.pid!,
    url,
    startedIn,
    ask,
    spans: () => spansOf(child),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function askProcess(child: ChildProcess, message: string | object): Promise<unknown> {
  const answer = once(child, 'message')
  child.send(message)
  return (await answer)[0] as unknown
}

/** Whom a process that was started with PROBE has waited for since the last time. */
export async function spansOf(child: ChildProcess): Promise<Span[]> {
  return ((await askProcess(child, 'spans')) as { spans: Span[] }).spans
}

/** Where it listens, as its log tells. What it logs after that is read and dropped. */
function urlOf(child: ChildProcess): Promise<string> {
  const lines: string[] = []
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!])
      createInterface({ input: stream }).on('line', (line) => {
        if (lines.length < 50) lines.push(line)
        const url = /"url":"([^"]+)","msg":"listening"/.exec(line)?.[1]
        if (url !== undefined) resolve(url)
      })
    child.once('close', () => reject(new Error(`the bridge ended before it listened: ${lines.slice(-5).join('\n')}`)))
  })
}

/** As an operator would have it, logs at their default. */
function environmentOf(gh: LocalGitHub): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
    APP_ID: String(gh.app.id),
    PRIVATE_KEY: gh.app.privateKey,
    WEBHOOK_SECRET: gh.app.webhookSecret,
    GHE_HOST: new URL(gh.url).host,
    GHE_PROTOCOL: 'http',
    PORT: '0',
    HOST: '127.0.0.1',
  }
}
