import { type EndedTie, sameOwnerSince as rigsSince, type Tie } from '../../domain/ties.ts'
import { pairKey } from '../engine/facts.ts'
import { asSaid } from './rig-links.ts'
import { batchedRead } from '../engine/batch.ts'
import type { CommonsDb } from '../engine/types.ts'

/**
 * Rigs of one owner: connected by same_owner links that both sides said and by parent_rig, in both directions and
 * through any number of rigs. Between rigs of ours both count only as the bridge recorded them (`rig-links.ts`).
 */

/** Every rig of the same owner as `handle`, itself included. */
export const sameOwner = batchedRead(async (db, handles: readonly string[]): Promise<Set<string>[]> => {
  const found = new Map<string, Set<string>>()
  for (const handle of handles) if (!found.has(handle)) found.set(handle, await owned(db, handle))
  return handles.map((handle) => found.get(handle)!)
})

async function owned(db: CommonsDb, handle: string): Promise<Set<string>> {
  const rigs = new Set([handle])
  let frontier = [handle]
  while (frontier.length > 0) {
    const next = (await Promise.all([linked(db, frontier), family(db, frontier)])).flat(2)
    frontier = [...new Set(next)].filter((rig) => !rigs.has(rig))
    for (const rig of frontier) rigs.add(rig)
  }
  return rigs
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
  for (const [one, other] of (await Promise.all([linked(db), family(db)])).flat()) {
    const [some, more] = [sets.get(one) ?? new Set([one]), sets.get(other) ?? new Set([other])]
    const [small, large] = some.size < more.size ? [some, more] : [more, some]
    for (const rig of small) large.add(rig)
    for (const rig of [...small, one, other]) sets.set(rig, large)
  }
  return [...new Set(sets.values())].filter((rigs) => rigs.size > 1)
}

/** The links of these rigs, or all links. Each end is queried by itself: Dolt uses no index for an OR of both. */
async function linked(db: CommonsDb, handles?: string[]): Promise<Tie[]> {
  if (!db.columns.has('rig_links')) return []
  const links = db.sql.selectFrom('rig_links').selectAll()
  const queries =
    handles === undefined ? [links] : [links.where('rig_a', 'in', handles), links.where('rig_b', 'in', handles)]
  const rows = (await Promise.all(queries.map((query) => query.execute()))).flat()
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

async function family(db: CommonsDb, handles?: string[]): Promise<Tie[]> {
  const { authority } = db
  const rows = db.columns.get('rigs')?.has('parent_rig') === true ? await parents(db, handles) : []
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

async function parents(db: CommonsDb, handles: string[] | undefined): Promise<Tie[]> {
  const rigs = db.sql.selectFrom('rigs').select(['handle', 'parent_rig'])
  const queries =
    handles === undefined
      ? [rigs.where('parent_rig', '!=', '')]
      : [rigs.where('handle', 'in', handles), rigs.where('parent_rig', 'in', handles)]
  const rows = await Promise.all(queries.map((query) => query.execute()))
  return rows.flat().flatMap((row) => (row.parent_rig ? [[row.handle, row.parent_rig] as const] : []))
}
