import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { entriesRoot, entryBranch, isBounty, readEntryBranch } from '../../domain/bounty.ts'
import type { Completion } from '../../domain/completion.ts'
import type { WantedDetails } from '../../domain/wanted.ts'
import { deleteCompletion, findCompletion, insertCompletion, updateEvidence } from './completions.ts'
import { joinedRead, type Row } from '../engine/joined-read.ts'
import { atBranch, LedgerMismatch } from '../engine/tables.ts'
import type { Columns, CommonsDb } from '../engine/types.ts'
import { describeWanted } from './wanted-details.ts'

/**
 * Entries of open bounties, each a completion row on a branch of its own (`domain/bounty.ts`). A transaction that
 * changes one names the branch in its commit.
 *
 * A branch that main has in whole begins anew at main's head before it is written: an undone stamp leaves the row
 * deleted on main and present on the branch, and a change of it there could never be merged again.
 */
export async function findEntry(db: CommonsDb, wanted: string, id: string): Promise<Completion | undefined> {
  const branch = entryBranch(wanted, id)
  const head = await branchHead(db, branch)
  return head === undefined ? undefined : findCompletion(await onBranch(db, branch, head), id)
}

/** An item and a completion of it, as main has them. `entry`: where the item is an open bounty now, and this one of its entries. */
export interface WorkOnItem {
  item: WantedDetails | undefined
  entry: Completion | undefined
  submitted: Completion | undefined
}

export async function findWorkOnItem(db: CommonsDb, { wanted, completion }: WorkNamed): Promise<WorkOnItem> {
  const [item, submitted] = await Promise.all([describeWanted(db, wanted), findCompletion(db, completion)])
  const entry = item?.status === 'open' && isBounty(item) ? await findEntry(db, wanted, completion) : undefined
  return { item, entry, submitted }
}

interface WorkNamed {
  wanted: string
  completion: string
}

/** An entry of an item that is an open bounty now: it can be adopted, or sent back. */
export async function openEntry(db: CommonsDb, { wanted, completion }: WorkNamed): Promise<Completion | undefined> {
  const item = await describeWanted(db, wanted)
  return item?.status === 'open' && isBounty(item) ? findEntry(db, wanted, completion) : undefined
}

/** True for work that completed an open bounty: its row came from a branch. */
export async function isAdopted(
  db: CommonsDb,
  { wantedId, id }: Pick<Completion, 'wantedId' | 'id'>,
): Promise<boolean> {
  const item = await describeWanted(db, wantedId)
  return item?.status === 'completed' && isBounty(item) && (await findEntry(db, wantedId, id)) !== undefined
}

/** A completion as main has it, or as an entry. */
export async function findWork(db: CommonsDb, wanted: string, id: string): Promise<Completion | undefined> {
  return (await findCompletion(db, id)) ?? findEntry(db, wanted, id)
}

/** The entries of an item; without one, those of all items. What was adopted is among them. */
export async function entriesOf(db: CommonsDb, wanted?: string): Promise<Completion[]> {
  const root = entriesRoot(wanted)
  const { rows } = await sql<{ name: string; hash: string }>`SELECT name, hash FROM dolt_branches
    WHERE left(name, ${root.length}) = ${root} ORDER BY name`.execute(db.sql)
  const entries: Completion[] = []
  for (const { name, hash } of rows) {
    const named = readEntryBranch(name)
    const entry = named && (await findCompletion(await onBranch(db, name, hash), named.completion))
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

/** The entries of a rig that were not adopted. */
export async function unstampedEntriesOf(db: CommonsDb, rig: string): Promise<Completion[]> {
  const own = (await entriesOf(db)).filter((entry) => entry.completedBy === rig)
  const adopted = await Promise.all(own.map((entry) => findCompletion(db, entry.id)))
  return own.filter((_, n) => adopted[n] === undefined)
}

/** Writes an entry, or its evidence where it is there already. Resolves to the branch, for the transaction's commit. */
export async function saveEntry(
  db: CommonsDb,
  entry: Omit<Completion, 'stampId' | 'validatedBy'>,
): Promise<{ branch: string }> {
  const { branch, there } = await openBranch(db, entryBranch(entry.wantedId, entry.id))
  const known = await findCompletion(there, entry.id)
  if (known === undefined) await insertCompletion(there, entry)
  else await updateEvidence(there, known, entry.evidence)
  return { branch }
}

/** Takes an entry back. Resolves to the branch, for the transaction's commit, which may have no row to write. */
export async function deleteEntry(
  db: CommonsDb,
  { wantedId, id }: Pick<Completion, 'wantedId' | 'id'>,
): Promise<{ branch: string }> {
  const { branch, there } = await openBranch(db, entryBranch(wantedId, id))
  if ((await findCompletion(there, id)) !== undefined) await deleteCompletion(there, id)
  return { branch }
}

/**
 * In a transaction on main that has written nothing yet: merges the branch of an entry, so that its commit has both
 * as parents. False where somebody else wrote to the branch and more than this row would come, or contradicts main:
 * then the transaction must write nothing.
 */
export async function adoptEntry(db: CommonsDb, entry: Completion): Promise<boolean> {
  if (db.batch?.isShared === true) throw new LedgerMismatch(`${entry.wantedId}: a merge is a transaction of its own`)
  const branch = entryBranch(entry.wantedId, entry.id)
  const { rows } = await sql<{ conflicts: number }>`CALL DOLT_MERGE(${branch}, '--no-ff', '--no-commit')`.execute(
    db.sql,
  )
  if (Number(rows[0]?.conflicts) !== 0) return false
  const brought = await changedRows(db)
  // Merged before, and its stamp undone since: the merge brings nothing.
  if (brought.length === 0 && (await findCompletion(db, entry.id)) === undefined) await insertCompletion(db, entry)
  return brought.every((change) => change === 'completions +1') && (await findCompletion(db, entry.id)) !== undefined
}

/** What the transaction has changed so far, `completions +1` of a row more. */
async function changedRows(db: CommonsDb): Promise<string[]> {
  const { rows } = await sql<{ table_name: string; added: number; others: number | string }>`
    SELECT table_name, rows_added AS added, rows_deleted + rows_modified AS others
    FROM DOLT_DIFF_STAT('HEAD', 'WORKING')`.execute(db.sql)
  return rows.map(
    ({ table_name: table, added, others }) => `${table} +${added}${Number(others) === 0 ? '' : ` ~${others}`}`,
  )
}

/** What is asked of a branch is asked alone. One that was begun before an upgrade of the schema has the columns of then. */
async function onBranch(db: CommonsDb, branch: string, head: string): Promise<CommonsDb> {
  const there = asMain(db, branch)
  return { ...there, columns: await columnsAt(db, atBranch(db, branch), head) }
}

/** Of a branch that begins at main's head. */
function asMain({ sql: main, columns, database, dropped }: CommonsDb, branch: string): CommonsDb {
  return { sql: main.withSchema(atBranch({ database }, branch)), columns, database, ...(dropped && { dropped }) }
}

/** Of the branches of a ledger, by the commit that each ends with. */
const columnsByHead = new WeakMap<Columns, LRUCache<string, Columns>>()
const MOST_HEADS = 10_000

async function columnsAt({ sql: main, columns }: CommonsDb, schema: string, head: string): Promise<Columns> {
  const byHead = columnsByHead.get(columns) ?? new LRUCache<string, Columns>({ max: MOST_HEADS })
  columnsByHead.set(columns, byHead)
  const before = byHead.get(head)
  if (before !== undefined) return before
  const { rows } = await sql<{ Field: string }>`SHOW COLUMNS FROM ${sql.id(schema, 'completions')}`.execute(main)
  const found = new Map([['completions', new Set(rows.map(({ Field }) => Field))]])
  byHead.set(head, found)
  return found
}

async function openBranch(db: CommonsDb, branch: string): Promise<{ branch: string; there: CommonsDb }> {
  const head = await branchHead(db, branch)
  if (head === undefined) await sql`CALL DOLT_BRANCH(${branch}, 'HEAD')`.execute(db.sql)
  else if (await isInMain(db, head)) await sql`CALL DOLT_BRANCH('-f', ${branch}, 'HEAD')`.execute(db.sql)
  else return { branch, there: await onBranch(db, branch, head) }
  return { branch, there: asMain(db, branch) }
}

const branchHead = joinedRead<string, string | undefined>({
  tables: [],
  queries: (db, branches) => [
    {
      columns: ['name', 'hash'],
      from: db.sql
        .selectFrom(sql<{ name: string; hash: string }>`dolt_branches`.as('branches'))
        .where('name', 'in', branches),
    },
  ],
  answer: (_, [rows], branches) =>
    branches.map((branch) => (rows as Row<'name' | 'hash'>[]).find(({ name }) => name === branch)?.hash ?? undefined),
})

async function isInMain(db: CommonsDb, head: string): Promise<boolean> {
  const { rows } = await sql<{ base: string | null }>`SELECT DOLT_MERGE_BASE(${head}, 'HEAD') AS base`.execute(db.sql)
  return rows[0]?.base === head
}
