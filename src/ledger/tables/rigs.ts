import { sql } from 'kysely'
import { type Account, entityUri, handlesFor, readEntityUri, type Rig } from '../../domain/rig.ts'
import { ledgerTime } from '../../domain/time.ts'
import { oneLine } from '../../domain/text.ts'
import { rigTypeOf } from '../engine/authority.ts'
import type { RigFact } from '../engine/facts.ts'
import { numberOf, textOf } from '../engine/rows.ts'
import { joinedRead } from '../engine/joined-read.ts'
import { expectOne, known, present, presentIn } from '../engine/tables.ts'
import type { CommonsDb } from '../engine/types.ts'

const COLUMNS = ['handle', 'display_name', 'hop_uri', 'trust_level', 'rig_type', 'parent_rig', 'registered_at'] as const

export const findRig = joinedRead<string, Rig | undefined>({
  tables: ['rigs'],
  queries: (db, handles) => [
    { columns: presentIn(db, 'rigs', COLUMNS), from: db.sql.selectFrom('rigs').where('handle', 'in', handles) },
  ],
  async answer(db, [rows], handles) {
    const rigs = await toRigs(db, rows as RigRow[])
    return handles.map((handle) => rigs.find((rig) => rig.handle === handle))
  },
})

/** The rig with this handle; without an exact match, in any case. Several where the match is ambiguous. */
export async function findRigsNamed(db: CommonsDb, handle: string): Promise<Rig[]> {
  const exact = await findRig(db, handle)
  if (exact !== undefined) return [exact]
  const rows = await db.sql
    .selectFrom('rigs')
    .select(known(db, 'rigs', COLUMNS))
    .where(sql<boolean>`LOWER(handle) = ${handle.toLowerCase()}`)
    .orderBy('handle')
    .execute()
  return toRigs(db, rows)
}

/**
 * The rig of a GitHub account, by numeric id: the login may have been renamed, or be another person's by now. Only the
 * bridge's facts say whose a rig is: a peer's row with the same hop_uri belongs to nobody of GitHub.
 */
export async function findRigOf(
  db: CommonsDb,
  host: string,
  account: Pick<Account, 'id' | 'login'>,
): Promise<Rig | undefined> {
  const handle = await handleOf(db, host, account)
  return handle === undefined ? undefined : findRig(db, handle)
}

/** The handle of an account, by the bridge's facts; the rig's row may be gone. */
export async function handleOf(db: CommonsDb, host: string, { id }: Pick<Account, 'id'>): Promise<string | undefined> {
  return (await factOf(db, host, id))?.handle
}

async function factOf({ authority }: CommonsDb, host: string, id: number) {
  const fact = authority?.rigOf(host, id)
  if (fact !== undefined || authority === undefined) return fact
  await authority.refresh()
  return authority.rigOf(host, id)
}

/**
 * Registers an account. The handle is its login in lower case, or the numbered one where that is taken or no handle.
 */
export async function registerRig(db: CommonsDb, host: string, account: Account, at: string): Promise<Rig> {
  const lost = await factOf(db, host, account.id)
  const [preferred, numbered] = handlesFor(account)
  // Compared in any case: people tell Bob from bob no better than the yearbook rule does.
  const free = preferred !== undefined && (await findRigsNamed(db, preferred)).length === 0
  const handle = lost?.handle ?? (free ? preferred : await freeHandle(db, numbered))
  const uri = entityUri(host, account)
  // A peer removed the row of a rig of ours: it comes back as it was.
  const rig = lost ?? { handle, trust: trustOfNew(db, host, account), type: typeOf(account), parent: null, uri }
  const time = ledgerTime(at)
  await db.sql
    .insertInto('rigs')
    .values(
      present(db, 'rigs', {
        handle,
        display_name: oneLine(account.login, 255),
        hop_uri: rig.uri,
        owner_email: '',
        trust_level: rig.trust,
        registered_at: time,
        last_seen: time,
        rig_type: rig.type,
        parent_rig: rig.parent,
      }),
    )
    .execute()
  db.authority?.note({ rig: { ...rig } })
  return (await findRig(db, handle))!
}

/** The trust of a new rig: one that was removed and registered again gets no more than it had. */
function trustOfNew({ authority }: CommonsDb, host: string, { id }: Account): number {
  return Math.min(1, authority?.goneOf(host, id)?.trust ?? 1)
}

function typeOf({ type }: Account): 'agent' | 'human' {
  return type === 'Bot' ? 'agent' : 'human'
}

/** The numbered handle, or one numbered further where even that is taken. */
async function freeHandle(db: CommonsDb, numbered: string): Promise<string> {
  for (let n = 1; ; n++) {
    const handle = n === 1 ? numbered : `${numbered.slice(0, 60)}-${n}`
    if ((await findRig(db, handle)) === undefined) return handle
  }
}

export async function setTrustLevel(db: CommonsDb, handle: string, level: number): Promise<void> {
  expectOne(
    await db.sql.updateTable('rigs').set({ trust_level: level }).where('handle', '=', handle).executeTakeFirst(),
    `trust level of ${handle}`,
  )
  noteRig(db, handle, { trust: level })
}

export async function setRigType(db: CommonsDb, handle: string, type: 'human' | 'agent'): Promise<void> {
  expectOne(
    await db.sql.updateTable('rigs').set({ rig_type: type }).where('handle', '=', handle).executeTakeFirst(),
    `type of ${handle}`,
  )
  noteRig(db, handle, { type })
}

/** Sets the human who answers for an agent; null for nobody. */
export async function setParent(db: CommonsDb, agent: string, human: string | null): Promise<void> {
  expectOne(
    await db.sql.updateTable('rigs').set({ parent_rig: human }).where('handle', '=', agent).executeTakeFirst(),
    `parent of ${agent}`,
  )
  noteRig(db, agent, { parent: human })
}

/** The agents that a human answers for. */
export async function agentsOf(db: CommonsDb, human: string): Promise<string[]> {
  const { authority } = db
  await authority?.refresh()
  return [...(authority?.rigs() ?? [])].flatMap(({ handle, parent }) => (parent === human ? [handle] : [])).toSorted()
}

/** True when a row of the ledger still names the rig, so that its own row must stay. */
export async function isRigNamed(db: CommonsDb, handle: string): Promise<boolean> {
  const links = db.columns.has('rig_links')
    ? sql`OR EXISTS (SELECT 1 FROM rig_links WHERE rig_a = ${handle} OR rig_b = ${handle})`
    : sql``
  const children = db.columns.get('rigs')?.has('parent_rig')
    ? sql`OR EXISTS (SELECT 1 FROM rigs WHERE parent_rig = ${handle})`
    : sql``
  const { rows } = await sql<{ named: number }>`SELECT
    EXISTS (SELECT 1 FROM wanted WHERE posted_by = ${handle} OR claimed_by = ${handle})
    OR EXISTS (SELECT 1 FROM completions WHERE completed_by = ${handle} OR validated_by = ${handle})
    OR EXISTS (SELECT 1 FROM stamps WHERE subject = ${handle})
    OR EXISTS (SELECT 1 FROM stamps WHERE author = ${handle}) ${links} ${children} AS named`.execute(db.sql)
  return Number(rows[0]?.named) === 1
}

export async function deleteRig(db: CommonsDb, handle: string): Promise<void> {
  expectOne(await db.sql.deleteFrom('rigs').where('handle', '=', handle).executeTakeFirst(), `rig ${handle}`)
  noteRig(db, handle, { gone: true })
}

/** Records a fact. A peer's rig that nobody of ours answers for has no fact that could change. */
function noteRig({ authority }: CommonsDb, handle: string, change: Partial<RigFact>) {
  const before = authority?.rig(handle)
  if (before !== undefined) authority?.note({ rig: { ...before, ...change } })
}

interface RigRow {
  handle: string
  display_name: string | null
  hop_uri: string | null
  trust_level: number | null
  rig_type: string | null
  parent_rig: string | null
  registered_at: string | null
}

/** Converts rows. Refreshes the facts first where a row contradicts them: another replica may have written. */
async function toRigs(db: CommonsDb, rows: readonly RigRow[]): Promise<Rig[]> {
  const { authority } = db
  if (authority !== undefined && !rows.every((row) => isSaid(row, authority.rig(row.handle)))) await authority.refresh()
  return rows.map((row) => toRig(row, authority?.rig(row.handle)))
}

function isSaid(row: RigRow, fact: RigFact | undefined): boolean {
  return (
    fact !== undefined &&
    fact.trust === row.trust_level &&
    fact.type === rigTypeOf(row.rig_type) &&
    fact.uri === textOf(row.hop_uri) &&
    fact.parent === textOf(row.parent_rig)
  )
}

/**
 * Fields that grant or bar come from the bridge's facts, whatever the row says by now. On a peer's rig nothing grants.
 */
function toRig(row: RigRow, fact: RigFact | undefined): Rig {
  const isPerson = readEntityUri(row.hop_uri) !== undefined
  return {
    handle: row.handle,
    displayName: textOf(row.display_name) ?? row.handle,
    hopUri: fact === undefined ? (isPerson ? null : textOf(row.hop_uri)) : fact.uri,
    trustLevel: fact?.trust ?? Math.min(0, numberOf(row.trust_level, 0)),
    rigType: fact?.type ?? rigTypeOf(row.rig_type),
    parentRig: fact === undefined ? textOf(row.parent_rig) : fact.parent,
    registeredAt: textOf(row.registered_at),
  }
}
