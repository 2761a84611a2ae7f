import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { type Acceptance, mayHaveTasks } from '../domain/acceptance.ts'
import { sha256 } from '../domain/hash.ts'
import { linesOf } from '../domain/markdown.ts'
import { mayHaveNames, type Name } from '../domain/named-lines.ts'
import type { Yaml } from '../domain/yaml.ts'
import { read, type Reader, type Result, TEXT_WORKER } from './text-worker.ts'

// Strangers' Markdown takes time by the square of its nesting, and broken YAML up to 10 ms a kilobyte, so they are parsed in a worker thread that is
// ended when a text has used up its CPU time. One text is in hand at a time: nobody else's is lost with the worker. The shortest
// waits least, so that 64 kB of a stranger do not hold up a maintainer's comment.

/** CPU time of one text, in milliseconds. An honest one of 64 kB takes 100 to 430, the latter on a machine that others use up. */
const TEXT_CPU_MS = 500
/** CPU time of all versions of one description together. */
const VERSIONS_CPU_MS = 1000
/** A net below the CPU time, which a stopped machine does not use up. */
const TEXT_WALL_MS = 5000
const POLL_MS = 20
/** Texts of at most so many characters are parsed in place: the worst took 20 ms (2026-11-28). */
const IN_PLACE = 512
const IDLE_MS = 60_000
const CACHED = 128

/**
 * The lines of a comment that begin with `start` and that their author says in plain text (`plainText`). Undefined for
 * a text too tangled to be read in time: that is neither yes nor no.
 */
export async function plainLines(markdown: string, start: RegExp): Promise<string[] | undefined> {
  // What is left out never makes a line begin as asked, and most texts are not for us.
  if (linesOf(markdown, start).length === 0) return []
  const text = await readPlainText(markdown)
  return text === undefined ? undefined : linesOf(text, start)
}

/** The text of a comment's author without Markdown (`plainText`), its lines ended by `\n`; undefined as in `plainLines`. */
export async function readPlainText(markdown: string): Promise<string | undefined> {
  return (await readBounded('plain', markdown.replace(/\r\n?/g, '\n'))).result as string | undefined
}

/** The acceptance tasks of each version of a description; undefined where one, or all together, take too long. */
export async function readAcceptances(bodies: readonly string[]): Promise<Acceptance[] | undefined> {
  const found: Acceptance[] = []
  let used = 0
  for (const body of bodies) {
    const { result, cpu } = mayHaveTasks(body)
      ? await readBounded('acceptance', body)
      : { result: { tasks: [], elsewhere: 0 }, cpu: 0 }
    used += cpu
    if (result === undefined || used > VERSIONS_CPU_MS) return undefined
    found.push(result as Acceptance)
  }
  return found
}

/** The items that a description names (`readNames`); undefined for one too tangled to be read in time. */
export async function readItemNames(markdown: string): Promise<Name[] | undefined> {
  if (!mayHaveNames(markdown)) return []
  return (await readBounded('names', markdown)).result as Name[] | undefined
}

/** A YAML text of a repository's; undefined where it takes too long. */
export async function readYaml(text: string): Promise<Yaml | undefined> {
  return (await readBounded('yaml', text)).result as Yaml | undefined
}

interface ParseOutcome {
  result: Result | undefined
  /** Milliseconds of the worker's CPU time; 0 in place and from the cache. */
  cpu: number
}

/** By reader and hash of the text: one delivery reads the same text several times. */
const cache = new LRUCache<string, Promise<ParseOutcome>>({ max: CACHED })

/** Whether a worker has to parse it. */
export function takesTime(text: string): boolean {
  return text.length > IN_PLACE
}

function readBounded(reader: Reader, text: string): Promise<ParseOutcome> {
  if (!takesTime(text)) return Promise.resolve({ result: read(reader, text), cpu: 0 })
  const key = `${reader}/${sha256(text)}`
  const known = cache.get(key)
  const outcome = known?.then(({ result }) => ({ result, cpu: 0 })) ?? enqueue(reader, text)
  cache.set(key, outcome)
  // What failed for another reason than the text is not kept.
  outcome.catch(() => cache.delete(key))
  return outcome
}

interface PendingParse {
  reader: Reader
  text: string
  settle: PromiseWithResolvers<ParseOutcome>
}

const queue: PendingParse[] = []
let isBusy = false
let worker: Promise<Worker> | undefined
let idle: NodeJS.Timeout | undefined

function enqueue(reader: Reader, text: string): Promise<ParseOutcome> {
  const settle = Promise.withResolvers<ParseOutcome>()
  const before = queue.findIndex((other) => other.text.length > text.length)
  queue.splice(before === -1 ? queue.length : before, 0, { reader, text, settle })
  void drain()
  return settle.promise
}

async function drain(): Promise<void> {
  if (isBusy) return
  isBusy = true
  clearTimeout(idle)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    try {
      next.settle.resolve(await runBounded(await (worker ??= startWorker()), next))
    } catch (error) {
      worker = undefined
      next.settle.reject(error)
    }
  }
  isBusy = false
  idle = setTimeout(() => void endWorker(), IDLE_MS).unref()
}

async function startWorker(): Promise<Worker> {
  const started = new Worker(new URL('text-worker.ts', import.meta.url), {
    workerData: TEXT_WORKER,
    // Nothing else of our environment; without the cache each start of it would take types out of our files anew.
    env: cacheEnvironment(),
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
  const ready = Promise.withResolvers<Worker>()
  started.once('message', () => ready.resolve(started))
  // Also what ends it later; whoever waits for a result then is told by `exit`.
  started.on('error', ready.reject)
  const alive = await ready.promise
  // A process that has nothing else to do ends.
  alive.unref()
  return alive
}

function cacheEnvironment(): NodeJS.ProcessEnv {
  const directory = getCompileCacheDir()
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: directory }
}

async function endWorker(): Promise<void> {
  const old = worker
  worker = undefined
  await (await old)?.terminate()
}

async function runBounded(thread: Worker, { reader, text }: PendingParse): Promise<ParseOutcome> {
  const done = Promise.withResolvers<Result | undefined>()
  const onMessage = ({ result }: { result: Result | undefined }) => done.resolve(result)
  // Ended by us, or out of memory: the text was too much.
  const onExit = () => {
    worker = undefined
    done.resolve(undefined)
  }
  thread.once('message', onMessage)
  thread.once('exit', onExit)
  const before = await cpuOf(thread)
  const began = performance.now()
  let cpu = 0
  thread.postMessage({ reader, text }, [])
  let isAsking = false
  const poll = setInterval(async () => {
    const isLate = performance.now() - began > TEXT_WALL_MS
    // It answers late where it is collecting garbage.
    if (!isAsking) {
      isAsking = true
      cpu = (await cpuOf(thread)) - before
      isAsking = false
    }
    if (isLate || cpu > TEXT_CPU_MS) await thread.terminate()
  }, POLL_MS)
  try {
    const result = await done.promise
    if (result !== undefined) cpu = (await cpuOf(thread)) - before
    return { result, cpu }
  } finally {
    clearInterval(poll)
    thread.off('message', onMessage)
    thread.off('exit', onExit)
  }
}

/** Milliseconds; of a worker that has ended, 0. */
async function cpuOf(thread: Worker): Promise<number> {
  try {
    const { user, system } = await thread.cpuUsage()
    return (user + system) / 1000
  } catch {
    return 0
  }
}
