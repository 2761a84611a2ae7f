import { type Kysely, sql } from 'kysely'
import { UserError } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import { readSchema } from './schema.ts'
import type { CommitSigner } from '../engine/signature.ts'
import type { Columns, Commons } from '../engine/types.ts'

const SCHEMA_VERSION = '1.2'

/** What a database must have to be a wasteland, whoever made it: `wl` and `gt` both do. */
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

export interface Prepared {
  columns: Columns
  /** Columns of the union that this commons lacks, `stamps.stamp_index`; empty for ours. */
  missing: string[]
  created: boolean
}

/**
 * Makes a commons of an empty database, or checks that the one found is a wasteland that we can serve.
 * Throws UserError when it is something else, of a newer major version, or has uncommitted changes.
 */
export async function prepareCommons(
  commons: Kysely<Commons>,
  database: string,
  signer: CommitSigner,
): Promise<Prepared> {
  const { columns: found, fresh } = await lookAtCommons(commons, database)
  if (fresh) await create(commons, signer)
  const columns = fresh ? await readColumns(commons) : found
  return { columns, missing: missingColumns(columns), created: fresh }
}

/** Checks a database and changes nothing; `fresh` is one to be filled. Throws as `prepareCommons` does. */
export async function lookAtCommons(
  commons: Kysely<Commons>,
  database: string,
): Promise<{ columns: Columns; missing: string[]; fresh: boolean }> {
  const columns = await readColumns(commons)
  const fresh = (await isUncommitted(commons)) && [...columns.keys()].every((table) => TABLES.has(table))
  if (!fresh) await check(commons, database, columns)
  return { columns, missing: fresh ? [] : missingColumns(columns), fresh }
}

const STATEMENTS = readSchema('commons.sql')

const UNION: Columns = new Map(
  STATEMENTS.map((statement) => {
    const table = /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)![1]!
    return [table, new Set([...statement.matchAll(/^ {2}`?([a-z_]+)`? [A-Z]/gm)].map((match) => match[1]!))] as const
  }),
)
const TABLES = new Set(UNION.keys())

function missingColumns(columns: Columns): string[] {
  return [...UNION].flatMap(([table, names]) =>
    [...names].filter((name) => columns.get(table)?.has(name) !== true).map((name) => `${table}.${name}`),
  )
}

async function readColumns(commons: Kysely<Commons>): Promise<Columns> {
  const { rows } = await sql<{ t: string; c: string }>`SELECT table_name AS t, column_name AS c
    FROM information_schema.columns WHERE table_schema = DATABASE()`.execute(commons)
  const columns = new Map<string, Set<string>>()
  for (const { t, c } of rows) columns.set(t, (columns.get(t) ?? new Set()).add(c))
  return columns
}

/** True of a database without a single committed table: nobody's yet, or ours when a first start was cut off. */
async function isUncommitted(commons: Kysely<Commons>): Promise<boolean> {
  const { rows } = await sql<Record<string, string>>`SHOW TABLES AS OF 'HEAD'`.execute(commons)
  return rows.length === 0
}

async function create(commons: Kysely<Commons>, signer: CommitSigner) {
  const { message } = signer.sign('Create the commons (protocol 1.2)', BRIDGE_AUTHOR)
  await commons.connection().execute(async (connection) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(connection)
    await sql`INSERT IGNORE INTO _meta (\`key\`, value) VALUES ('schema_version', ${SCHEMA_VERSION}), ('created_by', 'wasteland-bridge')`.execute(
      connection,
    )
    await sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${BRIDGE_AUTHOR}, '--skip-empty')`.execute(connection)
  })
}

async function check(commons: Kysely<Commons>, database: string, columns: Columns) {
  const lacking = Object.entries(REQUIRED).flatMap(([table, names]) =>
    names.filter((name) => columns.get(table)?.has(name) !== true).map((name) => `${table}.${name}`),
  )
  if (lacking.length > 0) {
    throw new UserError(
      `The database "${database}" is not a wasteland: it lacks ${lacking.slice(0, 4).join(', ')}${lacking.length > 4 ? ' and more' : ''}. ` +
        'Name a commons of wl or gt in LEDGER_URL, or an empty database, and it will be filled.',
    )
  }
  const version = columns.has('_meta') ? await readMeta(commons, 'schema_version') : undefined
  if (version !== undefined && Number.parseInt(version, 10) > Number.parseInt(SCHEMA_VERSION, 10)) {
    throw new UserError(
      `The commons "${database}" has schema ${version.slice(0, 20)}, this program knows ${SCHEMA_VERSION}. Use a newer wasteland-bridge.`,
    )
  }
  const tables = await uncommitted(commons)
  if (tables.length > 0) {
    throw new UserError(
      `The commons "${database}" has uncommitted changes in ${tables.join(', ')}; they would be ` +
        'committed under the next author\'s name. Commit them (dolt commit -Am "…") or drop them (dolt reset --hard), then start again.',
    )
  }
}

/** The tables with changes that somebody has not committed: the next Dolt commit, whoever's, takes them along. */
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
