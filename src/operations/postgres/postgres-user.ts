import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../domain/errors.ts'

/** Another user to run Postgres as, because it refuses to run as root. */
export type RunAs = { uid: number; gid: number }

const CANDIDATES = ['postgres', 'nobody']

/**
 * Chooses the user for Postgres: none (undefined) when we are a plain user; when we are root the owner of the existing
 * cluster, else the user postgres, else nobody.
 */
export function chooseUser(cluster: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statOwner(cluster)
  if (owner && owner.uid !== 0) return owner
  for (const name of CANDIDATES) {
    const found = lookUp(name)
    if (found) return found
  }
  throw new UserError(
    `Postgres does not run as root, and this machine has neither of the users ${CANDIDATES.join(' and ')} to run it as. ` +
      'Start the bridge as another user, or set DATABASE_URL.',
  )
}

/** Throws UserError for a user without a passwd entry, as container platforms make up: initdb asks for its name. */
export function refuseNameless(userOf: () => unknown = userInfo): void {
  try {
    userOf()
  } catch (error) {
    throw new UserError(
      `The embedded Postgres cannot be set up: this machine knows no user of the number ${process.getuid?.()} that we run as. ` +
        'Set DATABASE_URL to a Postgres that runs elsewhere, or start the bridge as a user that /etc/passwd names.',
      { cause: error },
    )
  }
}

function lookUp(name: string): RunAs | undefined {
  const ask = (flag: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    const user = { uid: ask('-u'), gid: ask('-g') }
    return user.uid > 0 ? user : undefined
  } catch {
    return undefined
  }
}

function statOwner(path: string): RunAs | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat && { uid: stat.uid, gid: stat.gid }
}

/** Whether that user can enter a folder. Asks the system, which also knows of ACLs and mounts. */
export function canEnter(folder: string, runAs: RunAs): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
      cwd: '/',
      env: {},
      ...runAs,
      stdio: 'ignore',
    }).status === 0
  )
}

/**
 * Finds or makes a folder of root's that Postgres' user may enter and nobody else may write, for files that it must
 * reach when our own folders are closed to it. Only for root. The first of `bases` that will do.
 */
export function sharedFolder(runAs: RunAs, bases = ['/var/lib', '/var/tmp', tmpdir()]): string {
  const folders = bases.map((base) => join(base, 'wasteland-bridge'))
  const good = folders.find((folder) => isOurs(folder) && canEnter(folder, runAs))
  if (good) return good
  throw new UserError(
    'Postgres runs as another user than root and needs a folder that both reach, but none of ' +
      `${folders.join(', ')} can be made or belongs to root alone. Start the bridge as another user, or set DATABASE_URL.`,
  )
}

/** Checks owner and mode of a folder: one that was there before may be a trap in a temporary folder. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder)
    chmodSync(folder, 0o755) // whatever the umask is
    return true
  } catch {
    const stat = lstatSync(folder, { throwIfNoEntry: false })
    return stat !== undefined && stat.isDirectory() && stat.uid === 0 && (stat.mode & 0o022) === 0 && isWritable(folder)
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false // a file system mounted read-only
  }
}
