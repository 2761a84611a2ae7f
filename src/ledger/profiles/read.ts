import { type Kysely, sql } from 'kysely'
import { type ImportedSkill } from '../../domain/character-sheet.ts'
import { type Account, commitAuthor, entityHost, readEntityUri } from '../../domain/rig.ts'
import { jsonText, wordsOf } from '../engine/rows.ts'
import type { TransactionResult } from '../engine/writer.ts'
import type { Commons, CommonsDb } from '../engine/types.ts'

/** A person by host and numeric id. */
export interface PersonKey {
  host: string
  id: number
}

/** A row of an imported sheet in the profile store. */
export interface StoredSheet {
  handle: string
  /** The person's GitHub, as hop_uri names the host. The rig of the same host and id in the commons is theirs. */
  host: string
  id: number
  login: string
  displayName: string
  /** `sheet_json`, not yet parsed. */
  json: unknown
  confidence: number
  stamps: ImportedSkill[]
  hash: string
  /** Time of the fetch that last changed it, whole seconds UTC. */
  fetchedAt: string
  /** False until its owner has signed in. */
  claimed: boolean
}

export async function readSheet(db: CommonsDb, who: string | PersonKey): Promise<StoredSheet | undefined> {
  const rig = await findRow(db.sql, who)
  const entity = readEntityUri(rig?.hop_uri ?? null)
  if (rig === undefined || entity === undefined) return undefined
  // Cast to text: Dolt 2.2 sends an empty string for a long JSON value when a query yields several rows.
  const block = await db.sql
    .selectFrom('boot_blocks')
    .select([sql<string>`CAST(sheet_json AS CHAR)`.as('json'), 'confidence', 'created_at'])
    .where('handle', '=', rig.handle)
    .executeTakeFirst()
  if (block === undefined) return undefined
  const json = JSON.parse(block.json) as { source: { hash: string } }
  return {
    handle: rig.handle,
    ...entity,
    displayName: rig.display_name ?? rig.handle,
    json,
    confidence: block.confidence,
    stamps: await readStamps(db, rig.handle),
    hash: json.source.hash,
    fetchedAt: block.created_at.slice(0, 19),
    claimed: (rig.trust_level ?? 0) > 0,
  }
}

/**
 * Inside a transaction: marks a sheet as claimed by its owner. `rigs.trust_level` is 0 before and 1 (the protocol's
 * "registered") after; nobody's trust is read from this database. Resolves to whether there is a sheet.
 */
export async function claimSheet(
  db: CommonsDb,
  host: string,
  account: Pick<Account, 'id' | 'login'>,
): Promise<TransactionResult<boolean>> {
  const rig = await findRow(db.sql, { host, id: account.id })
  if (rig === undefined || rig.trust_level === 1) return { value: rig !== undefined }
  await db.sql.updateTable('rigs').set({ trust_level: 1 }).where('handle', '=', rig.handle).execute()
  const subject = `Claim character sheet: ${rig.handle}`
  return { value: true, commit: { author: commitAuthor(account), subject, trailers: {} } }
}

/** Finds a sheet by its handle, or by person, whatever their login is by now. */
export async function findRow(profiles: Kysely<Commons>, who: string | PersonKey) {
  const rigs = profiles.selectFrom('rigs').select(['handle', 'display_name', 'hop_uri', 'trust_level'])
  if (typeof who === 'string') return rigs.where('handle', '=', who.toLowerCase()).executeTakeFirst()
  const rows = await rigs.where(sql<boolean>`hop_uri LIKE ${`entity://%/${who.id}`}`).execute()
  return rows.find((row) => readEntityUri(row.hop_uri)?.host === entityHost(who.host))
}

async function readStamps(db: CommonsDb, handle: string): Promise<ImportedSkill[]> {
  const rows = await db.sql
    .selectFrom('stamps')
    .select([jsonText('skill_tags'), jsonText('valence'), 'confidence', 'message'])
    .where('subject', '=', handle)
    .orderBy('stamp_index')
    .execute()
  return rows.map((row) => ({
    skill: wordsOf(row.skill_tags)[0] ?? '',
    valence: JSON.parse(row.valence ?? '{}') as ImportedSkill['valence'],
    confidence: row.confidence ?? 0,
    message: row.message ?? '',
  }))
}
