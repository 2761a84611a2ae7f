import { rigLinkId } from '../domain/ids.ts'
import { oneLine } from '../domain/text.ts'
import { ledgerTime } from '../domain/time.ts'
import type { Selectable } from 'kysely'
import { setParent } from './rigs.ts'
import { type Commons, type CommonsDb, expectOne } from './tables.ts'

/**
 * Two rigs that are one person's (`same_owner`), or a human (rig_a) who answers for an agent (rig_b, `agent_owner`).
 *
 * One side's assertion makes the row `pending`, both make it `completed`; either side may revoke it, and a revoked
 * one begins anew. Who writes in the commons themselves (`wl`) may have put the pair in either order.
 */
export type RigLink = Selectable<Commons['rig_links']>
type LinkType = 'same_owner' | 'agent_owner'
const STANDING = ['completed', 'pending']

/** False of a commons of `gt`, which has no such table. */
export function keepsLinks(db: CommonsDb): boolean {
  return db.columns.has('rig_links')
}

/** The link of two rigs, whichever of them it names first; of two the one that holds. */
export async function findLink(db: CommonsDb, one: string, other: string): Promise<RigLink | undefined> {
  if (!keepsLinks(db)) return undefined
  const rows = await db.sql
    .selectFrom('rig_links')
    .selectAll()
    .where((or) =>
      or.or([
        or.and([or('rig_a', '=', one), or('rig_b', '=', other)]),
        or.and([or('rig_a', '=', other), or('rig_b', '=', one)]),
      ]),
    )
    .orderBy('id')
    .execute()
  return STANDING.map((status) => rows.find((row) => row.status === status)).find(Boolean) ?? rows[0]
}

/** True when this rig's side of the link is said. */
export function hasAsserted(link: RigLink, rig: string): boolean {
  const said = link.rig_a === rig ? link.assertion_a : link.assertion_b
  return said !== null && said !== ''
}

export interface Assertion {
  /** Whose side it is. */
  rig: string
  text: string
  /** ISO 8601. */
  at: string
}

/** The first side of a link. What a revoked link of the same pair had is written over; Dolt's history keeps it. */
export async function beginLink(
  db: CommonsDb,
  before: RigLink | undefined,
  pair: { type: LinkType; a: string; b: string },
  said: Assertion,
): Promise<void> {
  const text = oneLine(said.text, 1000)
  const row = {
    rig_a: pair.a,
    rig_b: pair.b,
    link_type: pair.type,
    assertion_a: said.rig === pair.a ? text : null,
    assertion_b: said.rig === pair.b ? text : null,
    status: 'pending',
    created_at: ledgerTime(said.at),
    completed_at: null,
    revoked_at: null,
    revoked_by: null,
  }
  if (before === undefined)
    await db.sql
      .insertInto('rig_links')
      .values({ id: rigLinkId(pair.a, pair.b), ...row })
      .execute()
  else await update(db, before, row)
}

/** One side's word on a link that was begun. */
export async function assertLink(db: CommonsDb, link: RigLink, said: Assertion): Promise<void> {
  const side = said.rig === link.rig_a ? 'assertion_a' : 'assertion_b'
  await update(db, link, { [side]: oneLine(said.text, 1000) })
}

/** With both sides' word the link holds. */
export async function completeLink(db: CommonsDb, link: RigLink, at: string): Promise<void> {
  await update(db, link, { status: 'completed', completed_at: ledgerTime(at) })
}

export async function revokeLink(db: CommonsDb, link: RigLink, by: { rig: string; at: string }): Promise<void> {
  await update(db, link, { status: 'revoked', revoked_at: ledgerTime(by.at), revoked_by: by.rig })
}

/** An agent has no human any more, and the link that said so is revoked. */
export async function freeAgent(
  db: CommonsDb,
  agent: string,
  owner: string,
  by: { rig: string; at: string },
): Promise<void> {
  await setParent(db, agent, null)
  const link = await findLink(db, owner, agent)
  if (link !== undefined && link.status !== 'revoked' && link.link_type === 'agent_owner')
    await revokeLink(db, link, by)
}

/** The humans who asked to answer for an agent, or do. */
export async function ownersAsked(db: CommonsDb, agent: string): Promise<RigLink[]> {
  if (!keepsLinks(db)) return []
  return db.sql
    .selectFrom('rig_links')
    .selectAll()
    .where('rig_b', '=', agent)
    .where('link_type', '=', 'agent_owner')
    .where('status', 'in', STANDING)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

async function update(db: CommonsDb, link: RigLink, values: Partial<Omit<RigLink, 'id'>>) {
  expectOne(
    await db.sql.updateTable('rig_links').set(values).where('id', '=', link.id).executeTakeFirst(),
    `link ${link.id}`,
  )
}
