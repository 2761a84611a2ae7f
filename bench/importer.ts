import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import mysql from 'mysql2/promise'
import { startEmbeddedDolt } from '../src/ledger/dolt/embedded-dolt.ts'
import { removeEmbeddedPostgres } from '../src/operations/embedded-postgres.ts'
import { pileLines, type SeedProcess, startSeed } from '../test/crash/seeding.ts'
import { installedDolt } from '../test/ledger/installed-dolt.ts'
import type { Bench } from './figure.ts'
import type { Counted, Started } from './github.ts'
import { fetchPlainly } from './baselines/plain-rest.ts'

const PEOPLE = Number(process.env['BENCH_PEOPLE'] ?? 10_000)
const FAILING = 0.01
const SAMPLE = 100
const KILLS = 10
const login = (n: number) => `person-${String(n).padStart(6, '0')}`

/** The importer at a GitHub of many made-up people, where some requests fail. Each figure is told when it is known. */
export const benchImporter: Bench = async ({ say, tell }) => {
  const gh = await startGithub()
  const dir = await mkdtemp(join(tmpdir(), 'wasteland-bench-'))
  const seeding = seedingIn(dir, gh)
  try {
    const bulk = await seedMany(seeding, gh)
    say(`${PEOPLE} profiles in ${bulk.seconds.toFixed(0)} s: ${bulk.requests} requests, ${bulk.points} points.`)
    const each = bulk.requests / PEOPLE
    tell({ what: 'requests a profile', is: each, limit: ['at most', 0.7] })
    tell({ what: 'points a profile', is: bulk.points / PEOPLE, limit: ['at most', 2.4] })
    tell({ what: 'MB above idle', is: bulk.megabytes, limit: ['at most', 250] })
    const plain = await plainRequests(gh)
    tell({ what: 'requests a profile, plain REST', is: plain, limit: ['at least', 100] })
    tell({ what: 'of which ours are one in', is: plain / each, limit: ['at least', 100 / 0.7] })
    const different = await killedOften(seeding, bulk.seconds * 1000, say)
    tell({ what: `rows that differ after ${KILLS} kills`, is: different, limit: ['at most', 0] })
  } finally {
    gh.stop()
    removeEmbeddedPostgres(join(dir, 'many', 'postgres'))
    removeEmbeddedPostgres(join(dir, 'killed', 'postgres'))
    await rm(dir, { recursive: true, force: true })
  }
}

type Github = Awaited<ReturnType<typeof startGithub>>

async function startGithub() {
  const script = fileURLToPath(new URL('github.ts', import.meta.url))
  const child = fork(script, [String(PEOPLE), String(FAILING)], { execArgv: ['--disable-warning=ExperimentalWarning'] })
  const next = async () => (await once(child, 'message'))[0] as unknown
  const started = (await next()) as Started
  return {
    ...started,
    asked: next,
    /** Since the last time. */
    async counted(): Promise<Counted> {
      child.send('')
      return (await next()) as Counted
    },
    stop: () => child.kill(),
  }
}

type Seeding = ReturnType<typeof seedingIn>

/** Each pile is in a folder of its own. */
function seedingIn(dir: string, gh: Github) {
  return {
    dirOf: (profiles: string) => join(dir, profiles),
    async start(profiles: string, people: number): Promise<SeedProcess> {
      const file = join(dir, `${people}.txt`)
      await writeFile(file, Array.from({ length: people }, (_, n) => login(n)).join('\n'))
      return startSeed({ gh: gh.url, token: gh.token, dataDir: join(dir, profiles) }, '--file', file)
    },
  }
}

async function seedMany(seeding: Seeding, gh: Github): Promise<Counted & { seconds: number; megabytes: number }> {
  const began = Date.now()
  const child = await seeding.start('many', PEOPLE)
  await Promise.race([gh.asked(), child.ended])
  const idle = memory(child.pid).now
  let peak = idle
  const watch = setInterval(() => void (peak = Math.max(peak, memory(child.pid).peak)), 100)
  await finished(child)
  clearInterval(watch)
  const words = `${PEOPLE} profiles: ${PEOPLE} written, 0 unchanged, 0 skipped.`
  if (!child.said().includes(words)) throw new Error(`not all were written: ${child.said().slice(-500)}`)
  return { ...(await gh.counted()), seconds: (Date.now() - began) / 1000, megabytes: peak - idle }
}

/** Of a process on Linux, in MB; 0 when it is gone. */
function memory(pid: number): { now: number; peak: number } {
  const status = (() => {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8')
    } catch {
      return ''
    }
  })()
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1000
  return { now: of('VmRSS'), peak: of('VmHWM') }
}

async function finished(child: SeedProcess): Promise<void> {
  const code = await child.ended
  if (code !== 0) throw new Error(`the seeding ended with ${code}: ${child.said().slice(-500)}`)
}

async function plainRequests(gh: Github): Promise<number> {
  let requests = 0
  for (let n = 0; n < SAMPLE; n++) requests += await fetchPlainly(gh, login(Math.floor((n * PEOPLE) / SAMPLE)))
  return requests / SAMPLE
}

/** How many lines one of two piles has and the other has not: one seeded at once in `ms`, one killed on the way. */
async function killedOften(seeding: Seeding, ms: number, say: (line: string) => void): Promise<number> {
  const points: number[] = []
  while (points.length < KILLS) {
    const child = await seeding.start('killed', PEOPLE)
    // All of them before the end, on average.
    const point = (Math.random() * 2 * ms) / (KILLS + 1)
    await Promise.race([sleep(point), child.ended])
    child.kill('SIGKILL')
    if ((await child.ended) === null) points.push(Math.round(point))
  }
  say(`Killed after ${points.join(', ')} ms.`)
  await finished(await seeding.start('killed', PEOPLE))
  const [whole, killed] = [await readPile(seeding.dirOf('many')), await readPile(seeding.dirOf('killed'))]
  if (whole.size < PEOPLE) throw new Error('the pile that was not killed is not whole')
  return whole.symmetricDifference(killed).size
}

async function readPile(dataDir: string): Promise<Set<string>> {
  const silent = { info: () => {}, warn: () => {}, error: () => {} }
  const dolt = await startEmbeddedDolt({ dir: join(dataDir, 'dolt'), bin: (await installedDolt()).bin, log: silent })
  const connection = await mysql.createConnection({ uri: dolt.url('commons') })
  try {
    return new Set(await pileLines(async (query) => (await connection.query(query))[0] as Record<string, unknown>[]))
  } finally {
    await connection.end()
    await dolt.stop()
  }
}
