import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'

export const MEGABYTE = 1024 * 1024
/** Below this many free bytes the disk counts as full: a store may stop in the middle of a write. */
export const FULL = 100 * MEGABYTE

/** Free bytes that we may use there; undefined where the file system does not tell. */
export async function freeBytes(dir: string): Promise<number | undefined> {
  const { bavail, bsize, blocks } = await statfs(dir)
  return blocks === 0 ? undefined : bavail * bsize
}

/**
 * The reason why DATA_DIR cannot be written to; undefined: none. `full`: the number of free bytes below which it counts
 * as full.
 */
export async function diskFault(dir: string, full = FULL): Promise<string | undefined> {
  try {
    await access(dir, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `DATA_DIR cannot be written to (${code}). It must be there, be ours, and not be mounted read-only.`
  }
  const free = await freeBytes(dir)
  if (free === undefined || free >= full) return undefined
  return `${Math.floor(free / MEGABYTE)} MB are free in DATA_DIR. Make room: a full disk stops every write.`
}
