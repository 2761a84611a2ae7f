import { sql } from 'kysely'
import { type Account, entityUri, handlesFor, readEntityUri, type Rig } from '../domain/rig.ts'
import { ledgerTime } from '../domain/time.ts'
import { oneLine } from '../domain/text.ts'
import { readInSets } from './set.ts'
import { type CommonsDb, expectOne, known, present } from './tables.ts'

const COLUMNS = ['handle', 'display_name', 'hop_uri', 'trust_level', 'rig_type', 'parent_rig', 'registered_at'] as const

export const findRig = readInSets(async (db, handles: readonly string[]): Promise<readonly (Rig | undefined)[]> => {
  const rows = await db.sql
    .selectFrom('rigs')
    .select(known(db, 'rigs', COLUMNS))
    .where('handle', 'in', [...new Set(handles)])
    .execute()
  return handles.map((handle) => rows.find((row) => row.handle === handle)).map((row) => row && toRig(row))
})

/** The rig of this handle, in any case when none has exactly it; every one of them when that is not clear. */
export async function findRigsNamed(db: CommonsDb, handle: string): Promise<Rig[]> {
  const exact = await findRig(db, handle)
  if (exact !== undefined) return [exact]
  const rows = await db.sql
    .selectFrom('rigs')
    .select(known(db, 'rigs', COLUMNS))
    .where(sql<boolean>`LOWER(handle) = ${handle.toLowerCase()}`)
    .orderBy('handle')
    .execute()
  return rows.map(toRig)
}

/**
 * The rig of a GitHub account, by numeric id: the login may have been renamed, or be another person's by now.
 */
export async function findRigOf(
  db: CommonsDb,
  host: string,
  account: Pick<Account, 'id' | 'login'>,
): Promise<Rig | undefined> {
  const isTheirs = (rig: Rig | undefined) => {
    const entity = readEntityUri(rig?.hopUri ?? null)
    return entity !== undefined && entity.host === host && entity.id === account.id
  }
  for (const handle of handlesFor(account)) {
    const rig = handle === undefined ? undefined : await findRig(db, handle)
    if (isTheirs(rig)) return rig
  }
  // A renamed login. The ending of hop_uri has no index; the table of people is small and the case rare.
  const rows = await db.sql
    .selectFrom('rigs')
    .select(known(db, 'rigs', COLUMNS))
    .where(sql<boolean>`hop_uri LIKE ${`entity://%/${account.id}`}`)
    .orderBy('handle')
    .execute()
  return rows.map(toRig).find(isTheirs)
}

/** Registers an account: its login in lower case is the handle, or the numbered one where that is taken or no handle. */
export async function registerRig(db: CommonsDb, host: string, account: Account, at: string): Promise<Rig> {
  const [preferred, numbered] = handlesFor(account)
  // In any case: people tell Bob from bob no better than the yearbook rule does.
  const free = preferred !== undefined && (await findRigsNamed(db, preferred)).length === 0
  const handle = free ? preferred : await freeHandle(db, numbered)
  const time = ledgerTime(at)
  await db.sql
    .insertInto('rigs')
    .values(
      present(db, 'rigs', {
        handle,
        display_name: oneLine(account.login, 255),
        hop_uri: entityUri(host, account),
        owner_email: '',
        trust_level: 1,
        registered_at: time,
        last_seen: time,
        rig_type: account.type === 'Bot' ? 'agent' : 'human',
        parent_rig: null,
      }),
    )
    .execute()
  return (await findRig(db, handle))!
}

/** The numbered handle, or should somebody else have taken even that, one numbered further. */
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
}

export async function setRigType(db: CommonsDb, handle: string, type: 'human' | 'agent'): Promise<void> {
  expectOne(
    await db.sql.updateTable('rigs').set({ rig_type: type }).where('handle', '=', handle).executeTakeFirst(),
    `type of ${handle}`,
  )
}

/** Makes a human answer for an agent, or (null) nobody. */
export async function setParent(db: CommonsDb, agent: string, human: string | null): Promise<void> {
  expectOne(
    await db.sql.updateTable('rigs').set({ parent_rig: human }).where('handle', '=', agent).executeTakeFirst(),
    `parent of ${agent}`,
  )
}

/** The agents that a human answers for. */
export async function agentsOf(db: CommonsDb, human: string): Promise<string[]> {
  if (!db.columns.get('rigs')?.has('parent_rig')) return []
  const rows = await db.sql
    .selectFrom('rigs')
    .select('handle')
    .where('parent_rig', '=', human)
    .orderBy('handle')
    .execute()
  return rows.map((row) => row.handle)
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
}

function toRig(row: {
  handle: string
  display_name: string | null
  hop_uri: string | null
  trust_level: number | null
  rig_type: string | null
  parent_rig: string | null
  registered_at: string | null
}): Rig {
  const rigType = row.rig_type === 'agent' || row.rig_type === 'hybrid' ? row.rig_type : 'human'
  return {
    handle: row.handle,
    displayName: row.display_name ?? row.handle,
    hopUri: row.hop_uri,
    trustLevel: row.trust_level ?? 0,
    rigType,
    parentRig: row.parent_rig === '' ? null : row.parent_rig,
    registeredAt: row.registered_at,
  }
}
