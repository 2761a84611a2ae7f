import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { tryLock, type FileLock } from './file-lock.ts'
import { writePrivately } from './private-file.ts'

export type Ownership = { release: () => void }

/** The data folder cannot be used as it is. The message is a sentence for the operator. */
class DataDirError extends UserError {
  override name = 'DataDirError'
}

/** Another process owns the folder. `pid` is missing when it could not be read. */
export class DataDirTaken extends DataDirError {
  override name = 'DataDirTaken'
  readonly dir: string
  readonly pid: number | undefined
  constructor(dir: string, holder: Holder | undefined) {
    super(
      `The data folder ${dir} is in use by another wasteland-bridge (${describe(holder)}). ` +
        'One process may own it: stop that one, or give this one a folder of its own with DATA_DIR.',
    )
    this.dir = dir
    this.pid = holder?.pid
  }
}

/** The file that marks a folder into which a backup is being restored. */
export const RESTORING = 'restoring'

type Holder = { pid: number; host: string; since: string }

/**
 * Takes the lock of DATA_DIR (created with 0700 when missing) until `release()` or the end of this process. Must be
 * called before anything is started in the folder: the owner of the lock may end orphans recorded there.
 *
 * @throws {DataDirTaken} when another process, or this one, owns it already
 * @throws {DataDirError} when it cannot be made or written
 */
export function ownDataDir(dir: string): Ownership {
  const lock = lockOf(dir)
  const holderFile = join(dir, 'owner.json')
  if (!lock) throw new DataDirTaken(dir, readHolder(holderFile))
  if (existsSync(join(dir, RESTORING))) {
    lock.release()
    throw new DataDirError(
      `A backup was being restored into the data folder ${dir}, and that did not end well. Empty the folder and restore it again.`,
    )
  }
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  writePrivately(holderFile, JSON.stringify(holder))
  return {
    release() {
      rmSync(holderFile, { force: true })
      lock.release()
    },
  }
}

function lockOf(dir: string): FileLock | null {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    return tryLock(join(dir, 'lock.db'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new DataDirError(
      `The data folder ${dir} cannot be used (${why}). Let this user write there, or name another one with DATA_DIR.`,
      { cause: error },
    )
  }
}

/**
 * The key of reply markers and opt-outs: 32 bytes in DATA_DIR/hmac.key (0600), made at first use.
 * Processes that race for the first use all get the one that came first.
 */
export function hmacKey(dir: string): Buffer {
  const file = join(dir, 'hmac.key')
  const found = readHmacKey(dir)
  if (found) return found
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const mine = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(mine, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(mine, file) // unlike rename, link never replaces the key of whoever was faster
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(mine, { force: true })
  }
  return readFileSync(file)
}

const KEY_BYTES = 32

/** Reads the key, if there is one. Throws UserError for a malformed file. */
export function readHmacKey(dir: string): Buffer | undefined {
  const file = join(dir, 'hmac.key')
  let key: Buffer
  try {
    key = readFileSync(file)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
  if (key.length === KEY_BYTES) return key
  throw new DataDirError(
    `${file} has ${key.length} bytes where a key has ${KEY_BYTES}. Put the right file back from a backup: ` +
      'without it earlier replies and opt-outs are not recognised.',
  )
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined // the holder has the lock for so short a time that it has not signed yet
  }
}

function describe(holder: Holder | undefined): string {
  if (!holder) return 'its process id is not known yet'
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`
  return `process ${holder.pid}${where}, since ${holder.since}`
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
