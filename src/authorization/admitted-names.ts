import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findAdmittedNames,
  keepAdmittedName,
  type AdmittedIds,
  wasAnother,
} from '../operations/tables/admitted-names.ts'
import type { AdmittedRepository, Meaning } from './admission.ts'
import type { OperationsStore } from '../operations/schema.ts'

/*
 * The names that the operator admits, with the ids that each stood for when it was first seen. The ids lie in the
 * operations store, which replicas share, and in DATA_DIR/admitted-ids, for that store may be lost.
 */

export interface AdmittedNames {
  /** By name, in lower case. */
  read(): Promise<Map<string, Meaning>>
  /**
   * Stores the ids of a name that had none yet. An account that is known to have had another name before is not stored.
   */
  learn(name: string, ids: AdmittedIds): Promise<void>
}

/**
 * Reads ADMIT and the lines of DATA_DIR/admitted, which `wasteland-bridge admit` writes while we run. An id that is
 * given takes precedence.
 */
export async function readAdmitted(fromEnvironment: readonly string[], dataDir: string): Promise<Map<string, Meaning>> {
  const text = await readIfThere(join(dataDir, 'admitted'))
  const named = new Map<string, Meaning>()
  for (const line of [...fromEnvironment, ...text.split('\n')]) {
    const [name = '', id] = line.trim().toLowerCase().split('#')
    if (name === '') continue
    if (id === undefined) named.set(name, named.get(name))
    else named.set(name, name.includes('/') ? { repositoryId: Number(id) } : { ownerId: Number(id) })
  }
  return named
}

/** The same, with the ids that this DATA_DIR has seen. */
export async function readAdmittedHere(
  fromEnvironment: readonly string[],
  dataDir: string,
  host: string,
): Promise<Map<string, Meaning>> {
  return withIds(await readAdmitted(fromEnvironment, dataDir), await readSeen(dataDir, host))
}

export function createAdmittedNames(
  { store, host }: { store: OperationsStore; host: string },
  fromEnvironment: readonly string[],
  dataDir: string,
): AdmittedNames {
  const seen = async () => {
    const [kept, here] = [await findAdmittedNames(store, host), await readSeen(dataDir, host)]
    // Either may have been lost.
    for (const [name, ids] of here) if (!kept.has(name)) await keepAdmittedName(store, host, name, ids)
    for (const [name, ids] of kept) if (!here.has(name)) await writeSeen(dataDir, host, name, ids)
    return new Map([...here, ...kept])
  }
  return {
    async read() {
      const named = await readAdmitted(fromEnvironment, dataDir)
      return named.size === 0 ? named : withIds(named, await seen())
    },
    async learn(name, ids) {
      const [owner = '', repo] = name.split('/')
      const at = repo === undefined ? undefined : { owner, repo, id: ids.repositoryId! }
      // Known by another name since before admitted names were stored.
      if (at !== undefined && (await wasAnother(store, host, at))) return
      await keepAdmittedName(store, host, name, ids)
    },
  }
}

/** The admitted names that match this repository's present name and have no ids yet. */
export function unseenNames(
  named: ReadonlyMap<string, Meaning>,
  { fullName }: Pick<AdmittedRepository, 'fullName'>,
): string[] {
  const name = fullName.toLowerCase()
  return [name, name.split('/')[0]!].filter((key) => named.has(key) && named.get(key) === undefined)
}

function withIds(named: Map<string, Meaning>, seen: ReadonlyMap<string, AdmittedIds>): Map<string, Meaning> {
  for (const [name, meaning] of named) if (meaning === undefined) named.set(name, seen.get(name))
  return named
}

/** Reads lines of host, name, the account's id, and a repository's id or `-`. The first line of a name counts. */
async function readSeen(dataDir: string, ofHost: string): Promise<Map<string, AdmittedIds>> {
  const seen = new Map<string, AdmittedIds>()
  for (const line of (await readIfThere(join(dataDir, 'admitted-ids'))).split('\n')) {
    const [host, name, owner, repository] = line.trim().split(' ')
    if (
      host?.toLowerCase() !== ofHost.toLowerCase() ||
      name === undefined ||
      seen.has(name) ||
      !/^\d+$/.test(owner ?? '')
    )
      continue
    seen.set(name, { ownerId: Number(owner), repositoryId: repository === '-' ? undefined : Number(repository) })
  }
  return seen
}

async function writeSeen(dataDir: string, host: string, name: string, { ownerId, repositoryId }: AdmittedIds) {
  await appendFile(join(dataDir, 'admitted-ids'), `${host} ${name} ${ownerId} ${repositoryId ?? '-'}\n`, {
    mode: 0o600,
  })
}

async function readIfThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}
