import mysql from 'mysql2/promise'
import { commitMessage } from '../src/domain/commit-message.ts'
import { type Completion, completionHash } from '../src/domain/completion.ts'
import { evidenceLine } from '../src/domain/evidence.ts'
import { sha256 } from '../src/domain/hash.ts'
import { type Account, commitAuthor, entityUri } from '../src/domain/rig.ts'
import { factLines } from '../src/ledger/engine/facts.ts'
import { createCommitSigner } from '../src/ledger/engine/signature.ts'
import { hmacKey } from '../src/ops/data-dir.ts'

/** What a bench's ledger is filled with: rows as the bridge writes them, loaded in sets. */

export type LedgerSql = mysql.Connection
type Values = Record<string, string | number | null>

const SET = 1_000
const TIME = '2026-11-01 10:00:00'

/** As the bridge connects: true counts of changed rows, times as text. */
export async function connectLedger(url: string): Promise<LedgerSql> {
  const sql = await mysql.createConnection({ uri: url, flags: ['-FOUND_ROWS'], dateStrings: true, timezone: 'Z' })
  // The server may end first; whoever asks then hears it.
  sql.on('error', () => {})
  return sql
}

export async function rowsOf(
  sql: LedgerSql,
  query: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return (await sql.query(query, values))[0] as Record<string, unknown>[]
}

async function insert(sql: LedgerSql, table: string, rows: readonly Values[]): Promise<void> {
  for (let start = 0; start < rows.length; start += SET) {
    const set = rows.slice(start, start + SET)
    await sql.query('INSERT INTO ?? (??) VALUES ?', [table, Object.keys(set[0]!), set.map((row) => Object.values(row))])
  }
}

const BENCH: Account = { id: 1, login: 'bench', type: 'User' }

/** What was written since, as one Dolt commit. */
async function commitAll(sql: LedgerSql, message: string): Promise<void> {
  await sql.query(`CALL DOLT_COMMIT('-Am', ?, '--author', ?)`, [message, commitAuthor(BENCH)])
}

/** People of a bench's own, `<name>-0` and so on. */
export function people(name: string, count: number, firstId: number): Account[] {
  return Array.from({ length: count }, (_, n) => ({ id: firstId + n, login: `${name}-${n}`, type: 'User' }))
}

/** `dataDir`: of the bridge that is to know them as its own. */
export async function registerPeople(
  sql: LedgerSql,
  host: string,
  who: readonly Account[],
  dataDir?: string,
): Promise<void> {
  const rows = who.map((account) => ({
    handle: account.login,
    display_name: account.login,
    hop_uri: entityUri(host, account),
    owner_email: '',
    trust_level: 1,
    registered_at: TIME,
    last_seen: TIME,
    rig_type: 'human',
    parent_rig: null,
  }))
  await insert(sql, 'rigs', rows)
  const facts = who.map((account) => ({
    rig: { handle: account.login, trust: 1, type: 'human' as const, parent: null, uri: entityUri(host, account) },
  }))
  const text = commitMessage('Register rigs', {}, factLines(facts))
  await commitAll(
    sql,
    dataDir === undefined
      ? 'Register rigs'
      : createCommitSigner(hmacKey(dataDir)).sign(text, commitAuthor(BENCH)).message,
  )
}

/** Work in review, that nobody has stamped. */
export interface Submitted extends Completion {
  /** Of its pull request. */
  head: string
}

/** `count` items of `name`, each submitted by one of `authors` in turn. */
export async function submitWork(
  sql: LedgerSql,
  host: string,
  { name, count, authors }: { name: string; count: number; authors: readonly Account[] },
): Promise<Submitted[]> {
  const submitted = Array.from({ length: count }, (_, n) =>
    submission(host, `${name} ${n}`, authors[n % authors.length]!),
  )
  await insert(
    sql,
    'wanted',
    submitted.map((work) => ({
      ...itemRow(work.wantedId, name),
      claimed_by: work.completedBy,
      status: 'in_review',
      evidence_url: work.evidence,
    })),
  )
  await insert(
    sql,
    'completions',
    submitted.map((work) => ({
      id: work.id,
      wanted_id: work.wantedId,
      completed_by: work.completedBy,
      evidence: work.evidence,
      block_hash: completionHash(work),
      hop_uri: work.hopUri,
      completed_at: work.completedAt,
    })),
  )
  await commitAll(sql, `wl done: ${name}`)
  return submitted
}

/** Open items, to be done by pull requests. */
export async function postItems(sql: LedgerSql, name: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => itemId(`${name} ${n}`))
  await insert(
    sql,
    'wanted',
    ids.map((id) => ({ ...itemRow(id, name), claimed_by: null, status: 'open', evidence_url: null })),
  )
  await commitAll(sql, `wl post: ${name}`)
  return ids
}

const itemId = (what: string) => `w-${sha256(what).slice(0, 10)}`

function itemRow(id: string, name: string): Values {
  return {
    id,
    title: `Work of ${name}`,
    description: 'It is needed.',
    type: 'feature',
    priority: 2,
    tags: '[]',
    posted_by: BENCH.login,
    effort_level: 'small',
    created_at: TIME,
    updated_at: TIME,
  }
}

function submission(host: string, what: string, author: Account): Submitted {
  const head = sha256(what).slice(0, 40)
  return {
    id: `c-${sha256(what).slice(0, 16)}`,
    wantedId: itemId(what),
    completedBy: author.login,
    evidence: evidenceLine({ url: 'http://127.0.0.1/ada/first/pull/1', head, commits: 1, by: [author.login] }),
    stampId: null,
    validatedBy: null,
    hopUri: entityUri(host, author),
    completedAt: TIME,
    head,
  }
}
