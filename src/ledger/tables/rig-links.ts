import { rigLinkId } from '../../domain/ids.ts'
import { oneLine } from '../../domain/text.ts'
import { ledgerTime } from '../../domain/time.ts'
import type { Selectable } from 'kysely'
import type { LinkFact } from '../engine/facts.ts'
import { setParent } from './rigs.ts'
import { textOf } from '../engine/rows.ts'
import { expectOne } from '../engine/tables.ts'
import type { Commons, CommonsDb } from '../engine/types.ts'

/**
 * A link of two rigs: both are one person's (`same_owner`), or a human (rig_a) answers for an agent (rig_b,
 * `agent_owner`).
 *
 * One side's assertion makes the row `pending`, both make it `completed`; either side may revoke it, and a revoked one
 * can be asserted again. People who write in the commons themselves (`wl`) may have put the pair in either order.
 *
 * A rig of ours has asserted a link when the bridge recorded it; a peer's rig asserts in the row. Anything else in a
 * row is ignored, and `status` here is never more than both sides make it.
 */
export type RigLink = Omit<Selectable<Commons['rig_links']>, 'status'> & { status: LinkFact['status'] }
type LinkType = 'same_owner' | 'agent_owner'
const STANDING = ['completed', 'pending']

/** False for a commons of `gt`, which has no such table. */
export function keepsLinks(db: CommonsDb): boolean {
  return db.columns.has('rig_links')
}

/** The link of two rigs in either order; of two links the completed one. */
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
  await db.authority?.refresh()
  const links = rows.map((row) => asSaid(db, row))
  return STANDING.map((status) => links.find((link) => link.status === status)).find(Boolean) ?? links[0]
}

type LinkSides = Pick<
  Selectable<Commons['rig_links']>,
  'rig_a' | 'rig_b' | 'link_type' | 'assertion_a' | 'assertion_b' | 'status'
>

/** The row, without assertions that no side made. */
export function asSaid<Row extends LinkSides>(
  { authority }: CommonsDb,
  row: Row,
): Omit<Row, 'status'> & Pick<RigLink, 'status' | 'link_type' | 'assertion_a' | 'assertion_b'> {
  const fact = authority?.link(row.rig_a, row.rig_b)
  const [a, b] = [sideOf(row.rig_a, row.assertion_a), sideOf(row.rig_b, row.assertion_b)]
  const isForeign = authority?.rig(row.rig_a) === undefined || authority.rig(row.rig_b) === undefined
  // A peer takes back its own rig's assertion in the row; between two rigs of ours only the bridge does.
  const isRevoked = (fact?.status ?? 'revoked') === 'revoked' ? !isOpen() : isForeign && row.status === 'revoked'
  const holds = fact?.status === 'completed' || (a !== null && b !== null && row.status === 'completed')
  const status = isRevoked ? 'revoked' : holds ? 'completed' : 'pending'
  return { ...row, link_type: fact?.type ?? row.link_type, assertion_a: a, assertion_b: b, status }

  function sideOf(rig: string, text: string | null): string | null {
    if (authority?.rig(rig) === undefined) return textOf(text)
    return fact?.said.includes(rig) === true ? (textOf(text) ?? 'said to the bridge') : null
  }

  /** Without a fact of ours only a peer's assertion for its own rig counts. */
  function isOpen() {
    return fact === undefined && isForeign && (a !== null || b !== null) && row.status !== 'revoked'
  }
}

/** True when this rig's side has asserted the link. */
export function hasAsserted(link: RigLink, rig: string): boolean {
  const said = link.rig_a === rig ? link.assertion_a : link.assertion_b
  return said !== null && said !== ''
}

export interface Assertion {
  /** The rig that asserts. */
  rig: string
  text: string
  /** ISO 8601. */
  at: string
}

/** The first assertion of a link. It overwrites a revoked link of the same pair; Dolt's history keeps that. */
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
    status: 'pending' as const,
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
  db.authority?.note({ link: { ...pair, status: 'pending', said: [said.rig] } })
}

/** The assertion of one side on an existing link. */
export async function assertLink(db: CommonsDb, link: RigLink, said: Assertion): Promise<void> {
  const side = said.rig === link.rig_a ? 'assertion_a' : 'assertion_b'
  await update(db, link, { [side]: oneLine(said.text, 1000) })
  noteLink(db, link, (fact) => ({ said: [...new Set([...fact.said, said.rig])] }))
}

/** Completes a link that both sides have asserted. */
export async function completeLink(db: CommonsDb, link: RigLink, at: string): Promise<void> {
  await update(db, link, { status: 'completed', completed_at: ledgerTime(at) })
  noteLink(db, link, () => ({ status: 'completed' }))
}

export async function revokeLink(db: CommonsDb, link: RigLink, by: { rig: string; at: string }): Promise<void> {
  await update(db, link, { status: 'revoked', revoked_at: ledgerTime(by.at), revoked_by: by.rig })
  noteLink(db, link, () => ({ status: 'revoked', said: [] }))
}

/** Removes an agent's human, and revokes the link between them. */
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

/** The humans who have asserted that they answer for an agent. */
export async function ownersAsked(db: CommonsDb, agent: string): Promise<RigLink[]> {
  if (!keepsLinks(db)) return []
  const rows = await db.sql
    .selectFrom('rig_links')
    .selectAll()
    .where('rig_b', '=', agent)
    .where('link_type', '=', 'agent_owner')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  await db.authority?.refresh()
  return rows.map((row) => asSaid(db, row)).filter(({ status }) => STANDING.includes(status))
}

function noteLink({ authority }: CommonsDb, link: RigLink, change: (fact: LinkFact) => Partial<LinkFact>) {
  const { rig_a: a, rig_b: b, link_type: type } = link
  const before = authority?.link(a, b) ?? { a, b, type: type ?? '', status: 'pending', said: [] }
  // A revoked link starts again with the new assertion.
  const fact: LinkFact = before.status === 'revoked' ? { ...before, status: 'pending', said: [] } : before
  authority?.note({ link: { ...fact, ...change(fact) } })
}

async function update(db: CommonsDb, link: RigLink, values: Partial<Omit<RigLink, 'id'>>) {
  expectOne(
    await db.sql.updateTable('rig_links').set(values).where('id', '=', link.id).executeTakeFirst(),
    `link ${link.id}`,
  )
}
