import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../domain/errors.ts'
import { tryLock, type FileLock } from '../../ops/file-lock.ts'
import { buildDolt } from './dolt-build.ts'
import { downloadRelease, RELEASES } from './dolt-release.ts'
import { doltVersion, isAtLeast, OLDEST, PINNED } from './dolt-version.ts'

export type Dolt = { bin: string; version: string; from: 'path' | 'cache' | 'release' | 'go' }

type FindDoltOptions = {
  /** The value of PATH. */
  path: string
  /** The user's cache folder ($XDG_CACHE_HOME or ~/.cache); ours is wasteland-bridge/ in it. */
  cacheDir: string
  platform?: string
  arch?: string
  releaseBase?: string
  goBinary?: string
  /** Called with progress lines while it takes long. */
  report?: (line: string) => void
}

type Tried = { way: string; why: string }

/**
 * Finds Dolt: the newest on PATH, else the cached one, else the official release, else built with Go.
 * The last two are put into the cache (`wasteland-bridge/dolt-<version>/dolt`); of several processes
 * that find none at once, one fetches and the others wait for it.
 *
 * @throws {UserError} naming the four ways and why each failed
 */
export async function findDolt(options: FindDoltOptions): Promise<Dolt> {
  const tried: Tried[] = []
  const home = join(options.cacheDir, 'wasteland-bridge')
  const cached = cachedIn(options.cacheDir)
  const found = (await fromPath(options.path, tried)) ?? (await fromCache(cached, tried))
  if (found) return found

  let lock: FileLock | undefined
  try {
    mkdirSync(home, { recursive: true })
    lock = await waitForTurn(join(home, 'dolt.lock'), options.report)
    // The process that held the lock before may have put it there.
    return (await fromCache(cached, [])) ?? (await fetchDolt(options, home, cached, tried))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw notFound([...tried, { way: `cache folder ${home}`, why: messageOf(error) }], error)
  } finally {
    lock?.release()
  }
}

/** The Dolt that is installed already: on PATH, or in the cache. Undefined when one has to be fetched. */
export async function findInstalledDolt({ path, cacheDir }: FindDoltOptions): Promise<Dolt | undefined> {
  return (await fromPath(path, [])) ?? (await fromCache(cachedIn(cacheDir), []))
}

function cachedIn(cacheDir: string): string {
  return join(cacheDir, 'wasteland-bridge', `dolt-${PINNED.version}`, 'dolt')
}

async function fromPath(path: string, tried: Tried[]): Promise<Dolt | undefined> {
  let why = 'there is no dolt on it'
  let newest: Dolt | undefined
  for (const folder of path.split(delimiter)) {
    const bin = join(folder, 'dolt')
    if (!isAbsolute(folder) || !isExecutable(bin)) continue
    try {
      const version = await doltVersion(bin)
      if (isAtLeast(version, OLDEST)) {
        // With two of one version, the first on PATH wins, as in a shell.
        if (newest === undefined || !isAtLeast(newest.version, version)) newest = { bin, version, from: 'path' }
        continue
      }
      why = `${bin} is ${version}, and 1.83 or newer is needed`
    } catch (error) {
      why = messageOf(error)
    }
  }
  if (newest !== undefined) return newest
  tried.push({ way: 'PATH', why })
  return undefined
}

async function fromCache(bin: string, tried: Tried[]): Promise<Dolt | undefined> {
  if (!isExecutable(bin)) {
    tried.push({ way: 'cache', why: `there is no ${bin} yet` })
    return undefined
  }
  try {
    return { bin, version: await doltVersion(bin), from: 'cache' }
  } catch (error) {
    tried.push({ way: 'cache', why: messageOf(error) })
    return undefined
  }
}

async function fetchDolt(options: FindDoltOptions, home: string, cached: string, tried: Tried[]): Promise<Dolt> {
  const draft = mkdtempSync(join(home, 'fetching-'))
  const { platform = process.platform, arch = process.arch, releaseBase = RELEASES, goBinary = 'go' } = options
  const name = `Dolt ${PINNED.version}`
  try {
    let megabytes = 0
    const onBytes = (sum: number) => (megabytes = Math.round(sum / 1e6))
    const downloading = () => `downloading the release of ${name}, ${megabytes} MB`
    const release = () => downloadRelease({ into: draft, platform, arch, releaseBase, onBytes })
    const building = () => `building ${name} with go install, 3 to 5 minutes`
    return (
      (await attempt('release', 'official release', () => shown(options.report, downloading, release))) ??
      (await attempt('go', 'go install', () => shown(options.report, building, () => buildDolt(draft, goBinary)))) ??
      Promise.reject(notFound(tried))
    )
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }

  async function attempt(from: Dolt['from'], way: string, get: () => Promise<string>): Promise<Dolt | undefined> {
    try {
      const bin = await get()
      chmodSync(bin, 0o755)
      const version = await doltVersion(bin)
      if (version !== PINNED.version) throw new Error(`it gave Dolt ${version} instead of ${PINNED.version}`)
      mkdirSync(join(cached, '..'), { recursive: true })
      renameSync(bin, cached) // a whole binary or none, also for a process that starts meanwhile
      options.report?.(`${name} is ready in ${cached}`)
      return { bin: cached, version, from }
    } catch (error) {
      tried.push({ way, why: messageOf(error) })
      return undefined
    }
  }
}

async function waitForTurn(file: string, report: FindDoltOptions['report']): Promise<FileLock> {
  const wait = async () => {
    for (;;) {
      const lock = tryLock(file)
      if (lock) return lock
      await sleep(250)
    }
  }
  const free = tryLock(file)
  return free ?? shown(report, () => 'waiting for another process that fetches Dolt', wait)
}

/** Reports what is being done at once and then every 10 seconds, until it is done. */
async function shown<T>(report: FindDoltOptions['report'], what: () => string, work: () => Promise<T>): Promise<T> {
  const start = Date.now()
  report?.(`${what()} …`)
  const timer = setInterval(() => report?.(`${what()} … ${Math.round((Date.now() - start) / 1000)} s`), 10_000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

function notFound(tried: Tried[], cause?: unknown): UserError {
  const lines = tried.map(({ way, why }, index) => `  ${index + 1}. ${way}: ${why}`)
  return new UserError(
    `Dolt 1.83 or newer is needed and none of the ways to get it worked:\n${lines.join('\n')}\n` +
      'Install Dolt so that it is on PATH (https://docs.dolthub.com/introduction/installation), or Go 1.26.2 and ' +
      'a C compiler so that it can be built, or let LEDGER_URL name a Dolt server that runs elsewhere.',
    { cause },
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
