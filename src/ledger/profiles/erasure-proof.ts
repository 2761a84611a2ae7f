import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { count } from '../../domain/text.ts'
import { storedFiles } from './chunk-files.ts'
import { findRow, type PersonKey } from './read.ts'
import type { Commons } from '../engine/types.ts'
import { isConnectionLoss } from '../connect.ts'

/*
 * Proof that a person is erased:
 * - no row of theirs, and nothing beside main with its one commit: no branch, tag, stash or way back by the reflog
 * - AS OF finds no former commit
 * - the files of the server, every chunk unpacked, have none of the person's words
 * On a server that is not ours the files cannot be read, and the first two are all there is.
 */

/** Reasons why the profile store may still hold data; empty when there is none. Never names the person. */
export type Doubts = string[]

/** Checks rows and history by SQL. `former`: hashes of commits that must be gone. */
export async function doubtsBySql(
  profiles: Kysely<Commons>,
  person: PersonKey,
  former: Iterable<string>,
): Promise<Doubts> {
  const doubts: Doubts = []
  if ((await findRow(profiles, person)) !== undefined) doubts.push('a row is left')
  for (const [what, query] of HISTORY) {
    const { rows } = await sql<{ n: number }>`SELECT ${query} AS n`.execute(profiles)
    if (Number(rows[0]?.n) !== 0) doubts.push(`${what} left`)
  }
  const head = await headOf(profiles)
  let found = 0
  for (const hash of former) if (hash !== head && (await isFound(profiles, hash))) found++
  if (found > 0) doubts.push(`AS OF still finds ${count(found, 'former commit')}`)
  return doubts
}

const HISTORY = [
  ['former commits are', sql`(SELECT COUNT(*) - 1 FROM dolt_log)`],
  ['other branches are', sql`(SELECT COUNT(*) - 1 FROM dolt_branches)`],
  ['tags are', sql`(SELECT COUNT(*) FROM dolt_tags)`],
  ['stashes are', sql`(SELECT COUNT(*) FROM dolt_stashes)`],
  ['uncommitted changes are', sql`(SELECT COUNT(*) FROM dolt_status)`],
] as const

/** Every commit that a branch or the reflog names. */
export async function commitsOf(profiles: Kysely<Commons>): Promise<Set<string>> {
  const all = await sql<{ hash: string }>`SELECT commit_hash AS hash FROM dolt_commits`.execute(profiles)
  // Dolt's reflog fails where there has been a stash. Then the check of the files has to do.
  const left = await sql<{ hash: string }>`SELECT commit_hash AS hash FROM DOLT_REFLOG('--all')`
    .execute(profiles)
    .catch(unlessLost({ rows: [] }))
  return new Set([...all.rows, ...left.rows].map((row) => row.hash))
}

function unlessLost<T>(instead: T) {
  return (error: unknown) => {
    if (isConnectionLoss(error)) throw error
    return instead
  }
}

async function headOf(profiles: Kysely<Commons>): Promise<string> {
  const { rows } = await sql<{ hash: string }>`SELECT DOLT_HASHOF('HEAD') AS hash`.execute(profiles)
  return rows[0]!.hash
}

/** True where AS OF still finds a commit. The commit from before the tables has no rigs, and data of nobody. */
async function isFound(profiles: Kysely<Commons>, hash: string): Promise<boolean> {
  return sql`SELECT handle FROM rigs AS OF ${hash} LIMIT 1`
    .execute(profiles)
    .then(() => true)
    .catch(unlessLost(false))
}

const CHUNKS_A_BREATH = 500

/**
 * Checks the files of the embedded server in `dir`: the profile store, the statistics of every database, the log and
 * the settings.
 */
export async function doubtsByFiles(
  dir: string,
  database: string,
  isTheirs: (part: Buffer) => boolean,
): Promise<{ files: number; doubts: Doubts }> {
  const doubts: Doubts = []
  let files = 0
  let parts = 0
  for (const file of storedFiles(dir, (path) => isOfProfiles(path, database))) {
    files++
    if ('unreadable' in file) {
      doubts.push(`${file.path} is ${file.unreadable}, which cannot be read`)
      continue
    }
    try {
      for (const part of file.parts()) {
        if (isTheirs(part)) {
          doubts.push(`${file.path} still has something`)
          break
        }
        if (++parts % CHUNKS_A_BREATH === 0) await breathe()
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      doubts.push(`${file.path} cannot be read: ${error.message}`)
    }
  }
  if (files === 0) doubts.push(`no file was found in ${join(dir, 'data', database)}`)
  return { files, doubts }
}

/** Files of other databases are left out; but Dolt keeps the statistics of all in the first. */
function isOfProfiles(path: string, database: string): boolean {
  const [, other] = /^data\/([^/]+)\//.exec(path) ?? []
  return other === undefined || other === database || path.includes('/.dolt/stats/')
}
