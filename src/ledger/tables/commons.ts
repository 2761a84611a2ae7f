import { type Kysely, sql } from 'kysely'
import { UserError } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import { parseSchema, readSchema } from './schema.ts'
import { type FoundSchema, planUpgrade, type SchemaChange, type WantedSchema } from './upgrade-plan.ts'
import type { CommitSigner } from '../engine/signature.ts'
import type { Columns, Commons } from '../engine/types.ts'

export const SCHEMA_VERSION = '1.2'
/** The value of `_meta.created_by`. */
export const CREATOR = 'wasteland-bridge'
/** The beginning of the subject of the commit that creates a commons. */
export const CREATED = 'Create the commons'

/** The tables and columns that make a database a wasteland, whoever made it: `wl` and `gt` both have them. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  rigs: ['handle', 'display_name', 'hop_uri', 'trust_level', 'registered_at'],
  wanted: ['id', 'title', 'status', 'posted_by', 'claimed_by', 'updated_at'],
  completions: ['id', 'wanted_id', 'completed_by', 'evidence', 'validated_by', 'stamp_id', 'completed_at'],
  stamps: [
    'id',
    'author',
    'subject',
    'valence',
    'confidence',
    'severity',
    'context_id',
    'skill_tags',
    'message',
    'created_at',
  ],
}

/** The schema of a commons, and what it lacks. */
export interface CommonsSchema {
  columns: Columns
  /** Columns of the union of all schemas that this commons lacks, such as `stamps.stamp_index`. */
  missing: string[]
  /** The changes of an upgrade, indexes too. Empty where the commons is newer than this program. */
  changes: SchemaChange[]
  /** `_meta.schema_version`. */
  version: string | undefined
  /** True where `_meta.created_by` names this program. So does a copy of another bridge's commons. */
  createdHere: boolean
}

export interface Prepared extends CommonsSchema {
  created: boolean
}

/**
 * Creates a commons in an empty database, or checks that the one found is a wasteland that we can serve. Throws
 * UserError when it is something else, of a newer major version, or has uncommitted changes.
 */
export async function prepareCommons(
  commons: Kysely<Commons>,
  database: string,
  signer: CommitSigner,
): Promise<Prepared> {
  const { fresh, ...found } = await inspectCommons(commons, database)
  if (fresh) await create(commons, signer)
  return { ...(fresh ? await readCommonsSchema(commons) : found), created: fresh }
}

/** Checks a database and changes nothing; `fresh` is one to be filled. Throws UserError as `prepareCommons` does. */
export async function inspectCommons(
  commons: Kysely<Commons>,
  database: string,
): Promise<CommonsSchema & { fresh: boolean }> {
  // Asked first: where another replica fills the database meanwhile, it is filled again, which changes nothing.
  const isNew = await isUncommitted(commons)
  const schema = await readCommonsSchema(commons)
  const fresh = isNew && [...schema.columns.keys()].every((table) => TABLES.has(table))
  if (!fresh) await check(commons, database, schema)
  return { ...schema, ...(fresh && { missing: [], changes: [] }), fresh }
}

export async function readCommonsSchema(commons: Kysely<Commons>): Promise<CommonsSchema> {
  const found = await readFoundSchema(commons)
  const { columns, version, createdHere } = found
  return { columns, version, createdHere, missing: missingColumns(columns), changes: planUpgrade(found, WANTED) }
}

const STATEMENTS = readSchema('commons.sql')
const WANTED: WantedSchema = { tables: parseSchema(STATEMENTS), version: SCHEMA_VERSION }
const TABLES = new Set(WANTED.tables.map(({ name }) => name))

function missingColumns(found: Columns): string[] {
  return WANTED.tables.flatMap(({ name: table, columns }) =>
    columns.filter(({ name }) => found.get(table)?.has(name) !== true).map(({ name }) => `${table}.${name}`),
  )
}

/** Reads the schema of the connected database. */
export async function readFoundSchema(database: Kysely<Commons>): Promise<FoundSchema> {
  const columns = await readColumns(database)
  const { rows } = await sql<{ t: string; i: string; c: string }>`
    SELECT table_name AS t, index_name AS i, column_name AS c FROM information_schema.statistics
    WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`.execute(database)
  const indexes = new Map<string, Map<string, string[]>>()
  for (const { t, i, c } of rows) {
    const ofTable = indexes.get(t) ?? new Map<string, string[]>()
    indexes.set(t, ofTable.set(i, [...(ofTable.get(i) ?? []), c]))
  }
  const hasMeta = ['key', 'value'].every((column) => columns.get('_meta')?.has(column))
  const version = hasMeta ? await readMeta(database, 'schema_version') : undefined
  const createdHere = hasMeta && (await readMeta(database, 'created_by')) === CREATOR
  return { columns, indexes, version, createdHere }
}

async function readColumns(commons: Kysely<Commons>): Promise<Columns> {
  const { rows } = await sql<{ t: string; c: string }>`SELECT table_name AS t, column_name AS c
    FROM information_schema.columns WHERE table_schema = DATABASE()`.execute(commons)
  const columns = new Map<string, Set<string>>()
  for (const { t, c } of rows) columns.set(t, (columns.get(t) ?? new Set()).add(c))
  return columns
}

/** True for a database without a single committed table: nobody's yet, or ours when a first start was cut off. */
export async function isUncommitted(commons: Kysely<Commons>): Promise<boolean> {
  const { rows } = await sql<Record<string, string>>`SHOW TABLES AS OF 'HEAD'`.execute(commons)
  return rows.length === 0
}

async function create(commons: Kysely<Commons>, signer: CommitSigner) {
  const { message } = signer.sign(`${CREATED} (protocol ${SCHEMA_VERSION})`, BRIDGE_AUTHOR)
  await commons.connection().execute(async (connection) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(connection)
    await sql`INSERT IGNORE INTO _meta (\`key\`, value) VALUES ('schema_version', ${SCHEMA_VERSION}), ('created_by', ${CREATOR})`.execute(
      connection,
    )
    await sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${BRIDGE_AUTHOR}, '--skip-empty')`.execute(connection)
  })
}

async function check(commons: Kysely<Commons>, database: string, { columns, version }: CommonsSchema) {
  const lacking = Object.entries(REQUIRED).flatMap(([table, names]) =>
    names.filter((name) => columns.get(table)?.has(name) !== true).map((name) => `${table}.${name}`),
  )
  if (lacking.length > 0) {
    throw new UserError(
      `The database "${database}" is not a wasteland: it lacks ${lacking.slice(0, 4).join(', ')}${lacking.length > 4 ? ' and more' : ''}. ` +
        'Name a commons of wl or gt in LEDGER_URL, or an empty database, and it will be filled.',
    )
  }
  if (version !== undefined && Number.parseInt(version, 10) > Number.parseInt(SCHEMA_VERSION, 10)) {
    throw new UserError(
      `The commons "${database}" has schema ${version.slice(0, 20)}, this program knows ${SCHEMA_VERSION}. Use a newer wasteland-bridge.`,
    )
  }
  await refuseUncommitted(commons, database)
}

/** Throws UserError where there are uncommitted changes of somebody else. */
export async function refuseUncommitted(commons: Kysely<Commons>, database: string): Promise<void> {
  const tables = await uncommitted(commons)
  if (tables.length > 0) {
    throw new UserError(
      `The commons "${database}" has uncommitted changes in ${tables.join(', ')}; they would be ` +
        'committed under the next author\'s name. Commit them (dolt commit -Am "…") or drop them (dolt reset --hard), then start again.',
    )
  }
}

/** The tables with uncommitted changes of somebody else: the next Dolt commit of anybody would include them. */
export async function uncommitted(commons: Kysely<Commons>): Promise<string[]> {
  const { rows } = await sql<{ table_name: string }>`SELECT table_name FROM dolt_status`.execute(commons)
  return rows.map((row) => row.table_name)
}

export async function readMeta(commons: Kysely<Commons>, key: string): Promise<string | undefined> {
  const row = await commons.selectFrom('_meta').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? undefined
}

/** Inside a transaction: sets a row of `_meta`. */
export async function writeMeta(commons: Kysely<Commons>, key: string, value: string): Promise<void> {
  await sql`INSERT INTO _meta (\`key\`, value) VALUES (${key}, ${value}) ON DUPLICATE KEY UPDATE value = ${value}`.execute(
    commons,
  )
}
