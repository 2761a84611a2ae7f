import { DatabaseSync } from 'node:sqlite'

export type FileLock = { release: () => void }

/**
 * Takes a lock that the kernel frees when this process ends, however it ends; null when another process holds it.
 *
 * Node has no flock, but SQLite's own file locks are just that (fcntl). Two things follow from fcntl: a child does not
 * inherit the lock, and reading `file` in this process by other means (a backup that copies the folder) would drop it
 * on close, so leave `file` out of such copies.
 */
export function tryLock(file: string): FileLock | null {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  // The listener also keeps the handle alive: a collected handle would free the lock.
  const release = () => {
    process.off('exit', release)
    if (database.isOpen) database.close()
  }
  process.on('exit', release)
  return { release }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
