import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../domain/errors.ts'
import type { ServerLog } from '../../ops/child-server.ts'
import { identify } from '../../ops/process-identity.ts'
import { readIfThere, writePrivately } from '../../ops/private-file.ts'
import { canEnter, refuseNameless, sharedFolder, type RunAs } from './postgres-user.ts'

/**
 * Chooses the folder of the cluster of `dir`: `dir/cluster`; or, when Postgres runs as a user who cannot get there, a
 * folder elsewhere, to which `dir/cluster` is a symlink from then on. Returns the folder that holds (or will hold)
 * `cluster`.
 */
export function placeCluster(dir: string, runAs: RunAs | undefined, log: ServerLog): string {
  const link = join(dir, 'cluster')
  const found = lstatSync(link, { throwIfNoEntry: false })
  if (!runAs) return found?.isSymbolicLink() ? dirname(readlinkSync(link)) : dir
  if (found?.isSymbolicLink()) return keepPlace(dir, link, runAs, log)
  letThrough(dir, runAs, log)
  if (canEnter(dir, runAs)) return dir
  if (!found) return moveOut(dir, link, runAs, log)
  throw new UserError(
    `The Postgres cluster ${link} belongs to user ${runAs.uid}, who can no longer get there. ` +
      'Let that user pass through the folders above it, or start the bridge as that user.',
  )
}

/**
 * The folder's file `data-dir` names the DATA_DIR that it belongs to, because a DATA_DIR may have been copied, link and
 * all.
 */
function keepPlace(dir: string, link: string, runAs: RunAs, log: ServerLog): string {
  const place = dirname(readlinkSync(link))
  const note = join(place, 'data-dir')
  const owner = existsSync(place) ? readIfThere(note) : undefined
  if (owner === dir) return place
  if (owner && !leadsTo(join(owner, 'cluster'), place)) {
    writePrivately(note, dir) // DATA_DIR was moved
    return place
  }
  log.warn(
    { link, place, owner },
    owner ? 'the cluster belongs to another folder, making a new one' : 'the cluster is gone, making a new one',
  )
  rmSync(link)
  return moveOut(dir, link, runAs, log)
}

function leadsTo(link: string, place: string): boolean {
  try {
    return dirname(readlinkSync(link)) === place
  } catch {
    return false
  }
}

function moveOut(dir: string, link: string, runAs: RunAs, log: ServerLog): string {
  const place = mkdtempSync(join(sharedFolder(runAs), 'cluster-'))
  chmodSync(place, 0o711)
  writePrivately(join(place, 'data-dir'), dir)
  symlinkSync(join(place, 'cluster'), link)
  log.info(
    { place, uid: runAs.uid },
    "Postgres' user cannot reach the data folder: its cluster lies elsewhere, a link leads there",
  )
  return place
}

/**
 * Gives the group of Postgres' user execute permission on our own two folders (0700, root), when nothing else bars the
 * way. Not for the group of `nobody`, which other programs run in too.
 */
function letThrough(dir: string, runAs: RunAs, log: ServerLog): void {
  const dataDir = dirname(dir)
  if (runAs.gid >= 65_533 || canEnter(dir, runAs) || !canEnter(dirname(dataDir), runAs)) return
  for (const folder of [dataDir, dir]) {
    const { uid, gid, mode } = statSync(folder)
    if (uid !== 0 || gid !== 0 || (mode & 0o777) !== 0o700) continue
    chownSync(folder, 0, runAs.gid)
    chmodSync(folder, 0o710)
    log.info({ folder, gid: runAs.gid }, "opened a folder for Postgres' group to pass through")
  }
}

const DRAFT = 'init-'

type Init = { place: string; initdb: string; password: string; runAs: RunAs | undefined }

/** Runs initdb in a folder beside and moves the whole cluster into place. Does nothing when it is there. */
export async function createCluster({ place, initdb, password, runAs }: Init): Promise<void> {
  removeDrafts(place)
  if (existsSync(join(place, 'cluster', 'PG_VERSION'))) return
  if (!runAs) refuseNameless()
  const draft = mkdtempSync(join(place, DRAFT))
  const passwordFile = join(draft, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runAs) for (const path of [draft, passwordFile]) chownSync(path, runAs.uid, runAs.gid)
  const cluster = join(draft, 'cluster')
  const how = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ]
  try {
    await promisify(execFile)(initdb, [`--pgdata=${cluster}`, ...how], {
      cwd: '/',
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      ...runAs,
    })
  } catch (error) {
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new UserError(`A Postgres cluster could not be made in ${place}: ${reason}`, {
      cause: error,
    })
  }
  renameSync(cluster, join(place, 'cluster'))
  rmSync(draft, { recursive: true })
}

/** The initdb of a killed run may still be writing for a moment; its files are removed at the next start. */
function removeDrafts(place: string): void {
  for (const name of readdirSync(place)) {
    if (!name.startsWith(DRAFT)) continue
    try {
      rmSync(join(place, name), { recursive: true })
    } catch {
      // its name is used once only, so it is in nobody's way
    }
  }
}

/** @throws {UserError} when the cluster there is of another major version than `version` ("18.4") */
export function refuseOtherMajor(cluster: string, version: string): void {
  const major = version.split('.')[0]
  const found = readIfThere(join(cluster, 'PG_VERSION'))
  if (!found || found === major) return
  throw new UserError(
    `The operations store in ${cluster} was written by Postgres ${found}, and this is Postgres ${major}, which cannot read it. ` +
      'Bring it over by a backup: with the version of the bridge that wrote it, "wasteland-bridge backup <folder>"; then with ' +
      'this one and a new, empty DATA_DIR, "wasteland-bridge backup --restore <folder>/<the new backup>". ' +
      `Or move ${cluster} away: the bridge then rebuilds the store from the ledger.`,
  )
}

/**
 * Removes a stale pid file. Postgres does not start while a process has the pid in it, and after a crash and a restart
 * of the machine or container that may be any process. The caller must hold the data folder's lock.
 */
export function forgetStrangersPid(cluster: string): void {
  const note = join(cluster, 'postmaster.pid')
  const pid = Number(readIfThere(note)?.split('\n')[0])
  const holder = pid > 0 ? identify(pid) : undefined
  if (holder && !holder.command.includes(cluster)) rmSync(note)
}
