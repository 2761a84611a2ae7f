import type { Columns } from '../engine/types.ts'
import type { TableSchema } from './schema.ts'

/** The schema of an existing database. */
export interface FoundSchema {
  columns: Columns
  /** For each table its indexes, the primary key among them, with their columns in order. */
  indexes: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>
  /** `_meta.schema_version`. */
  version: string | undefined
  /** True where `_meta.created_by` names this program: then we may raise its `schema_version`. */
  createdHere: boolean
}

/** The schema of a new database. */
export interface WantedSchema {
  tables: readonly TableSchema[]
  version: string
}

/** One change of an upgrade, with its SQL. */
export interface SchemaChange {
  kind: 'table' | 'column' | 'index' | 'version'
  /** `leaderboard`, `stamps.stamp_index`, `index stamps_subject`, `schema_version 1.2` */
  name: string
  statements: string[]
}

/**
 * Plans an upgrade: what a database lacks of a schema. Upgrades only add: nothing is dropped or renamed, no type
 * changes, and constraints that existing rows may violate (UNIQUE, NOT NULL) are left out. A database of a newer
 * version gets no changes.
 */
export function planUpgrade(have: FoundSchema, want: WantedSchema): SchemaChange[] {
  if (isNewer(have.version, want.version)) return []
  return [
    ...want.tables.flatMap((table) => {
      const columns = have.columns.get(table.name)
      if (columns === undefined) return [{ kind: 'table' as const, name: table.name, statements: [table.create] }]
      return [...missingColumns(table, columns), ...missingIndexes(table, have.indexes.get(table.name) ?? new Map())]
    }),
    ...raisedVersion(have, want),
  ]
}

/** True for a version, MAJOR.MINOR, that is newer than another. */
export function isNewer(version: string | undefined, than: string): boolean {
  const [major, minor] = numbersOf(version ?? '')
  const [otherMajor, otherMinor] = numbersOf(than)
  return major > otherMajor || (major === otherMajor && minor > otherMinor)
}

function numbersOf(version: string): [number, number] {
  const [, major, minor] = /^(\d{1,9})(?:\.(\d{1,9}))?/.exec(version) ?? []
  return [Number(major ?? Number.NaN), Number(minor ?? 0)]
}

/** A check is added together with its column: no row can violate it yet. */
function missingColumns({ name: table, columns, checks }: TableSchema, found: ReadonlySet<string>): SchemaChange[] {
  return columns.flatMap(({ name, definition }) => {
    // A table that lacks its primary key is none of the protocol's.
    if (found.has(name) || definition.includes('PRIMARY KEY')) return []
    const added = definition.includes('DEFAULT') ? definition : definition.replace(' NOT NULL', '')
    const its = checks.filter((check) => new RegExp(`\\b${name}\\b`).test(check) && added === definition)
    return [
      {
        kind: 'column' as const,
        name: `${table}.${name}`,
        statements: [
          `ALTER TABLE \`${table}\` ADD COLUMN \`${name}\` ${added}`,
          ...its.map((check) => `ALTER TABLE \`${table}\` ADD ${check}`),
        ],
      },
    ]
  })
}

/** An index of another name that begins with the same columns counts as present. */
function missingIndexes(
  { name: table, indexes }: TableSchema,
  found: ReadonlyMap<string, readonly string[]>,
): SchemaChange[] {
  return indexes.flatMap(({ name, columns, unique }) => {
    const isThere =
      found.has(name) || [...found.values()].some((others) => columns.every((column, at) => others[at] === column))
    if (unique || isThere) return []
    const list = columns.map((column) => `\`${column}\``).join(', ')
    return [
      {
        kind: 'index' as const,
        name: `index ${name}`,
        statements: [`CREATE INDEX \`${name}\` ON \`${table}\` (${list})`],
      },
    ]
  })
}

function raisedVersion({ version, createdHere }: FoundSchema, want: WantedSchema): SchemaChange[] {
  if (!createdHere || (version !== undefined && !isNewer(want.version, version))) return []
  const statement = `INSERT INTO _meta (\`key\`, value) VALUES ('schema_version', '${want.version}')
    ON DUPLICATE KEY UPDATE value = '${want.version}'`
  return [{ kind: 'version', name: `schema_version ${want.version}`, statements: [statement] }]
}

/** The number of changes that a commit's subject names; a list of all is in the commit itself. */
const NAMED = 8

/** `stamps.stamp_type, index stamps_subject and 3 more` */
export function nameChanges(changes: readonly SchemaChange[]): string {
  const names = changes.map(({ name }) => name)
  const more = names.length - NAMED
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ')
}
