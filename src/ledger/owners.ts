import { type EndedTie, sameOwnerSince as rigsSince, type Tie } from '../domain/ties.ts'
import { readInSets } from './set.ts'
import type { CommonsDb } from './tables.ts'

/** Rigs of one owner: completed same_owner links and parent_rig say so, both ways and through any number of rigs. */

/** Every rig of the same owner as `handle`, itself included. */
export const sameOwner = readInSets(async (db, handles: readonly string[]): Promise<Set<string>[]> => {
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

/** The same with those that were of the same owner at some moment since then, by ties that have ended. */
export async function sameOwnerSince(
  db: CommonsDb,
  handle: string,
  ended: readonly EndedTie[],
  since: Date,
): Promise<Set<string>> {
  const standing: Tie[] = []
  const asked = new Set<string>()
  for (;;) {
    const rigs = rigsSince(handle, standing, ended, since)
    const next = [...rigs].find((rig) => !asked.has(rig))
    if (next === undefined) return rigs
    for (const rig of await sameOwner(db, next)) {
      standing.push([next, rig])
      asked.add(rig)
    }
  }
}

/** The rigs of each owner that has several. */
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

/** Of these rigs, or all. Either end is asked by itself: Dolt uses no index for the one or the other. */
async function linked(db: CommonsDb, handles?: string[]): Promise<Tie[]> {
  if (!db.columns.has('rig_links')) return []
  const links = db.sql
    .selectFrom('rig_links')
    .select(['rig_a', 'rig_b'])
    .where('status', '=', 'completed')
    .where('link_type', '=', 'same_owner')
  const asked =
    handles === undefined ? [links] : [links.where('rig_a', 'in', handles), links.where('rig_b', 'in', handles)]
  const rows = await Promise.all(asked.map((query) => query.execute()))
  return rows.flat().map((row) => [row.rig_a, row.rig_b] as const)
}

async function family(db: CommonsDb, handles?: string[]): Promise<Tie[]> {
  if (!db.columns.get('rigs')?.has('parent_rig')) return []
  const rigs = db.sql.selectFrom('rigs').select(['handle', 'parent_rig'])
  const asked =
    handles === undefined
      ? [rigs.where('parent_rig', '!=', '')]
      : [rigs.where('handle', 'in', handles), rigs.where('parent_rig', 'in', handles)]
  const rows = await Promise.all(asked.map((query) => query.execute()))
  return rows.flat().flatMap((row) => (row.parent_rig ? [[row.handle, row.parent_rig] as const] : []))
}
