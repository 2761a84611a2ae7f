import type { Selectable } from 'kysely'
import { type EndedTie, sameOwnerSince as rigsSince, type Tie } from '../../domain/ties.ts'
import { pairKey } from '../engine/facts.ts'
import { asSaid } from './rig-links.ts'
import { joinedRead, type RowQuery } from '../engine/joined-read.ts'
import { presentIn } from '../engine/tables.ts'
import type { Commons, CommonsDb } from '../engine/types.ts'

/**
 * Rigs of one owner: connected by same_owner links that both sides said and by parent_rig, in both directions and
 * through any number of rigs. Between rigs of ours both count only as the bridge recorded them (`rig-links.ts`).
 */

/** Every rig of the same owner as `handle`, itself included. */
export async function sameOwner(db: CommonsDb, handle: string): Promise<Set<string>> {
  const rigs = new Set([handle])
  let frontier = [handle]
  while (frontier.length > 0) {
    const next = (await Promise.all(frontier.map((rig) => tiesOf(db, rig)))).flat(2)
    frontier = [...new Set(next)].filter((rig) => !rigs.has(rig))
    for (const rig of frontier) rigs.add(rig)
  }
  return rigs
}

/** The ties of a rig. */
async function tiesOf(db: CommonsDb, rig: string): Promise<Tie[]> {
  return tiesIn(db, await tieRowsOf(db, rig), [rig])
}

/** The same, with rigs that had the same owner at some moment since then, by ties that have ended. */
export async function sameOwnerSince(
  db: CommonsDb,
  handle: string,
  ended: readonly EndedTie[],
  since: Date,
): Promise<Set<string>> {
  const standing: Tie[] = []
  const visited = new Set<string>()
  for (;;) {
    const rigs = rigsSince(handle, standing, ended, since)
    const next = [...rigs].find((rig) => !visited.has(rig))
    if (next === undefined) return rigs
    for (const rig of await sameOwner(db, next)) {
      standing.push([next, rig])
      visited.add(rig)
    }
  }
}

/** The rigs of each owner who has several. */
export async function owners(db: CommonsDb): Promise<Set<string>[]> {
  const sets = new Map<string, Set<string>>()
  for (const [one, other] of await tiesIn(db, await allTieRows(db, null))) {
    const [some, more] = [sets.get(one) ?? new Set([one]), sets.get(other) ?? new Set([other])]
    const [small, large] = some.size < more.size ? [some, more] : [more, some]
    for (const rig of small) large.add(rig)
    for (const rig of [...small, one, other]) sets.set(rig, large)
  }
  return [...new Set(sets.values())].filter((rigs) => rigs.size > 1)
}

/** The ties that rows show: those of these rigs, or of all. */
async function tiesIn(db: CommonsDb, { links, parents }: TieRows, handles?: string[]): Promise<Tie[]> {
  return [...(await linked(db, links, handles)), ...(await family(db, parents, handles))]
}

interface TieRows {
  links: LinkRow[]
  /** A rig and its parent each. */
  parents: Tie[]
}

const LINK_COLUMNS = ['rig_a', 'rig_b', 'link_type', 'assertion_a', 'assertion_b', 'status'] as const
type LinkRow = Pick<Selectable<Commons['rig_links']>, (typeof LINK_COLUMNS)[number]>

/** Each end is looked up by itself: Dolt uses no index for an OR of both. */
const tieRowsOf = joinedRead<string, TieRows>({
  tables: ['rigs', 'rig_links'],
  queries: (db, rigs) => [...linkQueries(db, rigs), ...parentQueries(db, rigs)],
  answer(db, found, rigs) {
    const { links, parents } = toTieRows(found, linkQueries(db, rigs).length)
    const [linksOf, parentsOf] = [byEnd(links, ({ rig_a, rig_b }) => [rig_a, rig_b]), byEnd(parents, (tie) => tie)]
    return rigs.map((rig) => ({ links: linksOf.get(rig) ?? [], parents: parentsOf.get(rig) ?? [] }))
  },
})

/** Rows by each of the two rigs that they connect. */
function byEnd<T>(rows: readonly T[], ends: (row: T) => Tie): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows)
    for (const end of new Set(ends(row))) {
      const before = found.get(end)
      if (before === undefined) found.set(end, [row])
      else before.push(row)
    }
  return found
}

const allTieRows = joinedRead<null, TieRows>({
  tables: ['rigs', 'rig_links'],
  queries: (db) => [...linkQueries(db), ...parentQueries(db)],
  answer: (db, found) => [toTieRows(found, linkQueries(db).length)],
})

function toTieRows(found: readonly object[][], linkQueriesAsked: number): TieRows {
  const links = found.slice(0, linkQueriesAsked).flat() as LinkRow[]
  const rigs = found.slice(linkQueriesAsked).flat() as { handle: string; parent_rig: string | null }[]
  return {
    links,
    parents: rigs.flatMap(({ handle, parent_rig: parent }) => (parent ? [[handle, parent] as const] : [])),
  }
}

function linkQueries(db: CommonsDb, rigs?: readonly string[]): RowQuery[] {
  if (!db.columns.has('rig_links')) return []
  const columns = presentIn(db, 'rig_links', LINK_COLUMNS)
  const links = db.sql.selectFrom('rig_links')
  if (rigs === undefined) return [{ columns, from: links }]
  return [links.where('rig_a', 'in', rigs), links.where('rig_b', 'in', rigs)].map((from) => ({ columns, from }))
}

function parentQueries(db: CommonsDb, rigs?: readonly string[]): RowQuery[] {
  if (db.columns.get('rigs')?.has('parent_rig') !== true) return []
  const columns = ['handle', 'parent_rig']
  const all = db.sql.selectFrom('rigs')
  if (rigs === undefined) return [{ columns, from: all.where('parent_rig', '!=', '') }]
  return [all.where('handle', 'in', rigs), all.where('parent_rig', 'in', rigs)].map((from) => ({ columns, from }))
}

/** The links of one owner among these rows. */
async function linked(db: CommonsDb, rows: readonly LinkRow[], handles?: string[]): Promise<Tie[]> {
  if (!db.columns.has('rig_links')) return []
  const asserted = () => rows.map((row) => asSaid(db, row))
  // Another replica may have written the fact that completes it.
  if (asserted().some(({ status }, n) => status !== 'completed' && rows[n]!.status === 'completed'))
    await db.authority?.refresh()
  const ties = asserted().filter(({ status, link_type }) => status === 'completed' && link_type === 'same_owner')
  return [...ties.map((row) => [row.rig_a, row.rig_b] as const), ...withoutRow(db, rows, handles)]
}

/** Links that are complete, but whose row a peer removed. */
function withoutRow({ authority }: CommonsDb, rows: readonly { rig_a: string; rig_b: string }[], handles?: string[]) {
  const shown = new Set(rows.map((row) => pairKey(row.rig_a, row.rig_b)))
  const facts = handles === undefined ? authority?.links() : handles.flatMap((rig) => authority?.linksOf(rig) ?? [])
  return [...(facts ?? [])]
    .filter(({ a, b, type, status }) => status === 'completed' && type === 'same_owner' && !shown.has(pairKey(a, b)))
    .map(({ a, b }): Tie => [a, b])
}

async function family(db: CommonsDb, rows: readonly Tie[], handles?: string[]): Promise<Tie[]> {
  const { authority } = db
  const isOurs = (rig: string) => authority?.rig(rig) !== undefined
  if (rows.some(([rig, parent]) => isOurs(rig) && authority?.rig(rig)?.parent !== parent)) await authority?.refresh()
  const facts =
    handles === undefined
      ? [...(authority?.rigs() ?? [])]
      : handles.flatMap((rig) => [authority?.rig(rig) ?? [], authority?.childrenOf(rig) ?? []].flat())
  const own = facts.flatMap(({ handle, parent }): Tie[] => (parent === null ? [] : [[handle, parent]]))
  // A peer's row counts between its own rigs, and never for a rig of ours.
  return [...own, ...rows.filter(([rig, parent]) => !isOurs(rig) && !isOurs(parent))]
}
