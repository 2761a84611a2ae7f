import { chmod, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installedDolt } from './ledger/installed-dolt.ts'
import { PREPARED_IN } from './prepared-stores.ts'

/** Linux's file system in memory. */
const MEMORY = '/dev/shm'
/** More than all tests have there at once. */
const ROOM_BYTES = 4 * 2 ** 30

/**
 * Finds Dolt: on a new machine it is built first, which takes longer than a test's hook may. Then makes the folder of
 * all temporary files, that of the prepared stores among them, which is removed when all tests are over, for vitest's
 * workers end without a word. It lies in memory where there is room: the stores wait for the disk at each commit, and
 * what a process that is killed has written is there all the same.
 */
export async function setup(): Promise<() => Promise<void>> {
  await installedDolt()
  const folder = await mkdtemp(join((await hasRoom()) ? MEMORY : tmpdir(), 'wasteland-tests-'))
  // Postgres' user, where we are root, is to get to the clusters below.
  await chmod(folder, 0o711)
  process.env['TMPDIR'] = folder
  process.env[PREPARED_IN] = join(folder, 'prepared')
  await mkdir(process.env[PREPARED_IN], { mode: 0o711 })
  return () => rm(folder, { recursive: true, force: true })
}

/** Who names a folder for temporary files is heeded. */
async function hasRoom(): Promise<boolean> {
  if (process.env['TMPDIR'] !== undefined) return false
  const found = await statfs(MEMORY).catch(() => undefined)
  return found !== undefined && found.bavail * found.bsize > ROOM_BYTES
}
