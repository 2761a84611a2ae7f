import { type Kysely, sql } from 'kysely'
import type { EndedTie, Tie } from '../../domain/ties.ts'
import type { Commons } from '../engine/types.ts'

/**
 * Ties of one owner that these commits ended: a completed link that is no longer, a parent that changed or was removed,
 * a row that was deleted.
 *
 * Each commit is compared with its own first parent: `dolt_diff_<table>` compares a merge with its second, and leaves
 * out what came before it on main. Columns are read by name from those that are there: older commits may lack some.
 *
 * @param commits the time of each commit, by its hash
 */
export async function tiesEndedBy(commons: Kysely<Commons>, commits: ReadonlyMap<string, Date>): Promise<EndedTie[]> {
  const ended: EndedTie[] = []
  for (const { hash, table } of await touching(commons, [...commits.keys()])) {
    const parent = await firstParent(commons, hash)
    if (parent === undefined) continue
    const { rows } = await sql<DiffRow>`SELECT * FROM DOLT_DIFF(${parent}, ${hash}, ${table})`.execute(commons)
    const ties = table === 'rigs' ? rows.flatMap(parentLost) : rows.flatMap(linkLost)
    for (const [one, other] of ties) ended.push({ one, other, endedAt: commits.get(hash)! })
  }
  return ended
}

type DiffRow = Readonly<Record<string, unknown>>
/** The largest number of hashes in a query; more gain nothing. */
const MOST = 500

async function touching(commons: Kysely<Commons>, hashes: readonly string[]) {
  const found: { hash: string; table: 'rigs' | 'rig_links' }[] = []
  for (let start = 0; start < hashes.length; start += MOST) {
    const { rows } = await sql<
      (typeof found)[number]
    >`SELECT commit_hash AS hash, table_name AS \`table\` FROM dolt_diff
      WHERE commit_hash IN (${sql.join(hashes.slice(start, start + MOST))})
      AND table_name IN ('rigs', 'rig_links')`.execute(commons)
    found.push(...rows)
  }
  return found
}

/** The first parent's hash; undefined for the first commit of a history. */
async function firstParent(commons: Kysely<Commons>, hash: string): Promise<string | undefined> {
  const { rows } = await sql<{ parent: string | null }>`SELECT parent_hash AS parent FROM dolt_commit_ancestors
    WHERE commit_hash = ${hash} AND parent_index = 0`.execute(commons)
  return rows[0]?.parent ?? undefined
}

function linkLost(row: DiffRow): Tie[] {
  const stood = (side: 'from' | 'to') =>
    row[`${side}_status`] === 'completed' && row[`${side}_link_type`] === 'same_owner'
      ? JSON.stringify([row[`${side}_rig_a`], row[`${side}_rig_b`]])
      : undefined
  const before = stood('from')
  return before === undefined || before === stood('to') ? [] : tie(row['from_rig_a'], row['from_rig_b'])
}

function parentLost(row: DiffRow): Tie[] {
  const before = row['from_parent_rig']
  return before === row['to_parent_rig'] ? [] : tie(row['from_handle'], before)
}

function tie(one: unknown, other: unknown): Tie[] {
  return typeof one === 'string' && typeof other === 'string' && one !== '' && other !== '' ? [[one, other]] : []
}
