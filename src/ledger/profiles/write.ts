import { sql } from 'kysely'
import { type CharacterSheetRow, IMPORTER } from '../../domain/character-sheet.ts'
import { skillStampId } from '../../domain/ids.ts'
import { BRIDGE_AUTHOR, entityHost, entityUri, handlesFor, readEntityUri } from '../../domain/rig.ts'
import { nextPlace, type Stamp, stampHash } from '../../domain/stamp.ts'
import { oneLine } from '../../domain/text.ts'
import { ledgerTime } from '../../domain/time.ts'
import type { TransactionResult } from '../engine/writer.ts'
import type { CommonsDb } from '../engine/types.ts'

/** The result for each sheet of a chunk. */
export interface ProfileWriteResult<Sheet = CharacterSheetRow> {
  /** Each with its handle in the profile store. */
  written: { sheet: Sheet; handle: string }[]
  unchanged: { sheet: Sheet; handle: string }[]
  /** Sheets of people who opted out. */
  refused: Sheet[]
}

/** Checks opt-outs. It is called inside the transaction, so that nobody who opts out after the fetch is written. */
export type IsRefused = (host: string, id: number) => Promise<boolean>

/** Inside a transaction: writes the sheets that differ from the stored ones; of several of one person the last. */
export async function writeSet<Sheet extends CharacterSheetRow>(
  db: CommonsDb,
  sheets: readonly Sheet[],
  isRefused: IsRefused,
): Promise<TransactionResult<ProfileWriteResult<Sheet>>> {
  const people = [...new Map(sheets.map((sheet) => [personOf(sheet), sheet])).values()]
  const answers = await Promise.all(people.map((sheet) => isRefused(entityHost(sheet.host), sheet.id)))
  const refused = people.filter((_, n) => answers[n])
  const named = await withHandles(
    db,
    people.filter((_, n) => !answers[n]),
  )
  const before = await hashes(
    db,
    named.map(({ handle }) => handle),
  )
  const written = named.filter(({ sheet, handle }) => before.get(handle) !== sheet.hash)
  const unchanged = named.filter(({ sheet, handle }) => before.get(handle) === sheet.hash)
  const value = { written, unchanged, refused }
  if (written.length === 0) return { value }
  await saveRigs(db, written)
  await saveBlocks(db, written)
  await saveStamps(db, written)
  return { value, commit: { author: BRIDGE_AUTHOR, subject: subjectOf(written), trailers: {} } }
}

interface HandledSheet<Sheet extends CharacterSheetRow = CharacterSheetRow> {
  sheet: Sheet
  handle: string
}

function personOf({ host, id }: Pick<CharacterSheetRow, 'host' | 'id'>): string {
  return `${entityHost(host)}/${id}`
}

/**
 * Assigns handles. A person keeps the handle of the first import; where a login belonged to somebody else before, the
 * handle gets a number.
 */
async function withHandles<Sheet extends CharacterSheetRow>(
  db: CommonsDb,
  sheets: readonly Sheet[],
): Promise<HandledSheet<Sheet>[]> {
  const rigs = await db.sql.selectFrom('rigs').select(['handle', 'hop_uri']).execute()
  const taken = new Set(rigs.map((rig) => rig.handle))
  const known = new Map(
    rigs.flatMap(({ handle, hop_uri }) => {
      const entity = readEntityUri(hop_uri)
      return entity === undefined ? [] : [[personOf(entity), handle] as const]
    }),
  )
  return sheets.map((sheet) => {
    const handle = known.get(personOf(sheet)) ?? freeHandle(sheet, taken)
    taken.add(handle)
    return { sheet, handle }
  })
}

function freeHandle(sheet: CharacterSheetRow, taken: ReadonlySet<string>): string {
  const [preferred, numbered] = handlesFor(sheet)
  if (preferred !== undefined && !taken.has(preferred)) return preferred
  for (let n = 1; ; n++) {
    const handle = n === 1 ? numbered : `${numbered.slice(0, 60)}-${n}`
    if (!taken.has(handle)) return handle
  }
}

async function hashes(db: CommonsDb, handles: readonly string[]): Promise<Map<string, string | null>> {
  if (handles.length === 0) return new Map()
  const rows = await db.sql
    .selectFrom('boot_blocks')
    .select(['handle', sql<string | null>`JSON_UNQUOTE(JSON_EXTRACT(sheet_json, '$.source.hash'))`.as('hash')])
    .where('handle', 'in', handles)
    .execute()
  return new Map(rows.map((row) => [row.handle, row.hash]))
}

async function saveRigs(db: CommonsDb, sheets: readonly HandledSheet[]) {
  const value = (column: string) => sql<string>`VALUES(${sql.ref(column)})`
  await db.sql
    .insertInto('rigs')
    .values(
      sheets.map(({ sheet, handle }) => ({
        handle,
        display_name: oneLine(sheet.displayName, 255) || handle,
        hop_uri: uriOf(sheet),
        owner_email: '',
        trust_level: 0,
        registered_at: fetchedAt(sheet),
        last_seen: fetchedAt(sheet),
        rig_type: 'human',
      })),
    )
    .onDuplicateKeyUpdate({
      display_name: value('display_name'),
      hop_uri: value('hop_uri'),
      last_seen: value('last_seen'),
    })
    .execute()
}

async function saveBlocks(db: CommonsDb, sheets: readonly HandledSheet[]) {
  await db.sql
    .replaceInto('boot_blocks')
    .values(
      sheets.map(({ sheet, handle }) => ({
        handle,
        source: 'github',
        sheet_json: JSON.stringify({ ...sheet.json, source: { ...sheet.json.source, hash: sheet.hash } }),
        confidence: sheet.confidence,
        version: '1',
        created_at: fetchedAt(sheet),
      })),
    )
    .execute()
}

const ROWS = 1000

async function saveStamps(db: CommonsDb, sheets: readonly HandledSheet[]) {
  const handles = sheets.map(({ handle }) => handle)
  await db.sql.deleteFrom('stamps').where('subject', 'in', handles).execute()
  const rows = sheets.flatMap(stampRows)
  for (let n = 0; n < rows.length; n += ROWS)
    await db.sql
      .insertInto('stamps')
      .values(rows.slice(n, n + ROWS))
      .execute()
}

function stampRows({ sheet, handle }: HandledSheet) {
  let place = nextPlace(undefined)
  return sheet.stamps.map((skill) => {
    const stamp: Stamp = {
      id: skillStampId(entityHost(sheet.host), sheet.id, skill.skill),
      author: IMPORTER,
      subject: handle,
      valence: skill.valence,
      confidence: skill.confidence,
      severity: 'leaf',
      contextId: handle,
      skillTags: [skill.skill],
      message: oneLine(skill.message),
      hopUri: uriOf(sheet),
      createdAt: fetchedAt(sheet),
    }
    const row = {
      id: stamp.id,
      author: stamp.author,
      subject: stamp.subject,
      valence: JSON.stringify(stamp.valence),
      confidence: stamp.confidence,
      severity: stamp.severity,
      context_id: stamp.contextId,
      context_type: 'boot_block',
      stamp_type: 'boot_block',
      skill_tags: JSON.stringify(stamp.skillTags),
      message: stamp.message,
      stamp_index: place.stampIndex,
      prev_stamp_hash: place.prevStampHash,
      block_hash: stampHash(stamp, place),
      hop_uri: stamp.hopUri,
      created_at: stamp.createdAt,
    }
    place = nextPlace({ id: stamp.id, stampIndex: place.stampIndex })
    return row
  })
}

function uriOf(sheet: CharacterSheetRow): string {
  return entityUri(entityHost(sheet.host), sheet)
}

function fetchedAt(sheet: CharacterSheetRow): string {
  return ledgerTime(sheet.json.source.fetched_at)
}

const SHOWN = 5

function subjectOf(sheets: readonly HandledSheet[]): string {
  const handles = sheets.map(({ handle }) => handle)
  if (handles.length === 1) return `Import character sheet: ${handles[0]}`
  const more = handles.length > SHOWN ? ` and ${handles.length - SHOWN} more` : ''
  return `Import ${handles.length} character sheets: ${handles.slice(0, SHOWN).join(', ')}${more}`
}
