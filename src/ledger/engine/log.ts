import { type Kysely, sql } from 'kysely'
import type { CommitSigner } from './signature.ts'
import { isSigned } from './signature.ts'
import type { Commons } from './types.ts'
import { isConnectionLoss } from '../connect.ts'

/** A commit whose message is believed: the bridge signed it, or a signed commit vouches for it. */
export interface LoggedCommit {
  hash: string
  message: string
  /** The commit's time, raised to that of its latest ancestor. */
  date: Date
  /** The sequence in its signature. Vouched commits count as before all signed ones, in the order of the log. */
  sequence: number
  signed: boolean
}

/** The hash of main's newest commit. */
export async function headCommit(commons: Kysely<Commons>): Promise<string> {
  const { rows } = await sql<{ hash: string }>`SELECT DOLT_HASHOF('HEAD') AS hash`.execute(commons)
  return rows[0]!.hash
}

export interface History {
  /** The believed commits in the order of their sequence, oldest first. */
  commits: LoggedCommit[]
  /**
   * True when the list starts at the beginning: the requested commit is not one of main's (a new or replaced ledger),
   * or more is believed than before.
   */
  whole: boolean
  /** The newest commit that was read, believed or not; undefined where there was none. */
  head: string | undefined
  /** The `Vouched:` commits that are believed, by the hash that each names. */
  vouches: { hash: string; sequence: number }[]
  /**
   * False where a commit is signed by our key. `all`: no commit is signed at all. `other`: some are, none by our key.
   */
  unsigned: false | 'all' | 'other'
}

export const VOUCHED = 'Vouched'

interface LogRow {
  hash: string
  parents: string[]
  message: string
  author: string
  date: Date
}

/**
 * The believed commits after `hash`; all of them when `hash` is not an ancestor of main.
 *
 * A ledger that was written before commits were signed goes on: a signed commit without rows names its head of then
 * (`Vouched: <hash>`), and it and its ancestors are believed as they were. What a peer merges later is no ancestor.
 */
export async function commitsSince(
  commons: Kysely<Commons>,
  signer: CommitSigner,
  hash: string | undefined,
): Promise<History> {
  const after = hash === undefined ? undefined : await logAfter(commons, hash)
  const known = after !== undefined
  const rows = inOrder(after ?? (await readLog(commons, 'HEAD')))
  const verified = rows.map((row) => ({ ...row, sequence: signer.verify(row.message, row.author) }))
  const vouches = verified.flatMap(({ message, sequence }) => {
    const named = sequence === undefined ? undefined : vouchedIn(message)
    return named === undefined ? [] : [{ hash: named, sequence: sequence! }]
  })
  if (known && vouches.length > 0) return commitsSince(commons, signer, undefined)
  const vouched = new Set<string>()
  for (const { hash: head } of vouches)
    if (!vouched.has(head)) for (const row of await readLog(commons, head)) vouched.add(row.hash)
  const commits = verified.flatMap(({ hash: name, message, date, sequence }): LoggedCommit[] => {
    if (sequence !== undefined) return [{ hash: name, message, date, sequence, signed: true }]
    return vouched.has(name) ? [{ hash: name, message, date, sequence: 0, signed: false }] : []
  })
  const isOurs = verified.some(({ sequence }) => sequence !== undefined)
  return {
    commits: commits.toSorted((a, b) => a.sequence - b.sequence),
    whole: !known,
    head: rows.at(-1)?.hash,
    vouches,
    unsigned: isOurs ? false : rows.some(({ message }) => isSigned(message)) ? 'other' : 'all',
  }
}

/**
 * Sorted oldest first. A commit's date is whatever its author wrote, so none counts as earlier than the commits below
 * it.
 */
function inOrder(rows: readonly LogRow[]): LogRow[] {
  let latest = 0
  return rows.toReversed().map((row) => {
    latest = Math.max(latest, row.date.getTime())
    return { ...row, date: new Date(latest) }
  })
}

function vouchedIn(message: string): string | undefined {
  const line = message.split('\n').find((text) => text.startsWith(`${VOUCHED}: `))
  const hash = line?.slice(VOUCHED.length + 2)
  return hash !== undefined && isHash(hash) ? hash : undefined
}

/** The log after an ancestor of main; undefined where `hash` is none. */
async function logAfter(commons: Kysely<Commons>, hash: string): Promise<LogRow[] | undefined> {
  if (!isHash(hash)) return undefined
  try {
    const rows = await readLog(commons, `${hash}..HEAD`)
    // A commit after an ancestor names it as a parent; where none does, it is not seen whether it is one.
    const isSeen = rows.some(({ parents }) => parents.includes(hash))
    return isSeen || (await isAncestor(commons, hash)) ? rows : undefined
  } catch (error) {
    // The server refuses the log of a commit that it does not have; of an ancestor that is no answer.
    if (isConnectionLoss(error) || (await isAncestor(commons, hash))) throw error
    return undefined
  }
}

async function readLog(commons: Kysely<Commons>, revision: string): Promise<LogRow[]> {
  const { rows } = await sql<Record<string, string | null>>`SELECT * FROM DOLT_LOG(${revision}, '--parents')`.execute(
    commons,
  )
  // Dolt 1.x has one person a commit, as committer.
  return rows.map((row) => ({
    hash: row['commit_hash'] ?? '',
    parents: row['parents']?.split(', ') ?? [],
    message: row['message'] ?? '',
    date: new Date(`${String(row['date']).replace(' ', 'T')}Z`),
    author: `${row['author'] ?? row['committer'] ?? ''} <${row['author_email'] ?? row['email'] ?? ''}>`,
  }))
}

const isHash = (text: string) => /^[0-9a-v]{32}$/.test(text)

async function isAncestor(commons: Kysely<Commons>, hash: string): Promise<boolean> {
  const { rows } = await sql<{ base: string | null }>`SELECT DOLT_MERGE_BASE(${hash}, 'HEAD') AS base`
    .execute(commons)
    .catch((error: unknown) => {
      // Dolt has no such commit, or one of another history. Any other error says nothing of it.
      if (!/commit not found|no common ancestor/i.test((error as Error).message)) throw error
      return { rows: [] }
    })
  return rows[0]?.base === hash
}
