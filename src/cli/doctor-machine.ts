import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readHmacKey } from '../ops/data-dir.ts'
import { freeBytes, FULL, MEGABYTE } from '../ops/disk.ts'
import { checkFolder } from './doctor-data.ts'
import { type DoctorFinding, runCheck, ok, warning, wrong } from './finding.ts'

/** Files that only the bridge's user may read: whoever reads one can act as the bridge, or find out who declined. */
const SECRETS = ['app.env', 'hmac.key', 'dolt/password', 'postgres/password']
const SCARCE = 1024 * MEGABYTE

/** Checks DATA_DIR: its modes, the key that the ledger is signed with, and the free space. */
export async function checkMachine(dataDir: string): Promise<DoctorFinding[]> {
  const folder = await checkFolder(dataDir)
  if (folder.state !== 'ok') return [folder]
  return [
    ...(await runCheck('data', () => checkModes(dataDir))),
    ...(await runCheck(KEY, () => checkLedgerKey(dataDir))),
    ...(await runCheck('space', () => checkSpace(dataDir))),
  ]
}

const KEY = 'ledger key'

/**
 * Checks the ledger's key. Without the key that signed them the ledger's commits do not count, and whoever has the key
 * can make commits that count.
 */
async function checkLedgerKey(dataDir: string): Promise<DoctorFinding> {
  const file = join(dataDir, 'hmac.key')
  const mode = await modeOf(file)
  if (mode === undefined)
    return warning(
      KEY,
      `${file} is not there. The next start makes one. Of a ledger that is signed already, put its key back from a backup first.`,
    )
  try {
    readHmacKey(dataDir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    return wrong(
      KEY,
      `this user cannot read ${file}. The user who runs the bridge must own it: chown it, and chmod 600.`,
    )
  }
  const rights = (mode & 0o777).toString(8)
  if ((mode & 0o077) !== 0)
    return warning(
      KEY,
      `${file} has the mode ${rights}: whoever reads it can sign commits that count. chmod 600 ${file}`,
    )
  return ok(KEY, `${file}, mode ${rights}.`)
}

async function checkModes(dataDir: string): Promise<DoctorFinding> {
  const { mode, uid } = await stat(dataDir)
  const isOurs = [0, uid].includes(process.getuid?.() ?? uid)
  const closed = isOurs ? `chmod go-rw ${dataDir}` : `Its owner (user ${uid}) can close it: chmod go-rw ${dataDir}`
  const modes = await Promise.all(SECRETS.map(async (name) => [name, await modeOf(join(dataDir, name))] as const))
  const open = modes.filter(([, secret]) => secret !== undefined && (secret & 0o077) !== 0).map(([name]) => name)
  const files = open.map((name) => join(dataDir, name)).join(' ')
  if (open.length > 0) return wrong('data', `others can read ${open.join(', ')}. chmod 600 ${files}`)
  if ((mode & 0o022) !== 0) return wrong('data', `others can write in ${dataDir}. ${closed}`)
  // The right to pass through is no finding: the user of the embedded Postgres may need it.
  if ((mode & 0o044) !== 0) return warning('data', `others can look into ${dataDir}. ${closed}`)
  return ok('data', `${dataDir}, ours alone.`)
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function checkSpace(dataDir: string): Promise<DoctorFinding> {
  const free = await freeBytes(dataDir)
  if (free === undefined) return ok('space', `${dataDir} lies where nobody tells what is free.`)
  const says = `${Math.floor(free / MEGABYTE)} MB are free in ${dataDir}.`
  if (free < FULL) return wrong('space', `${says} Make room: a full disk stops every write.`)
  return free < SCARCE ? warning('space', `${says} The ledger keeps all history: make room.`) : ok('space', says)
}
