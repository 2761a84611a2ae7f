import { describe, expect, it } from 'vitest'
import { parseSchema, readSchema } from '../../src/ledger/tables/schema.ts'
import { type FoundSchema, isNewer, nameChanges, planUpgrade } from '../../src/ledger/tables/upgrade-plan.ts'

const WANT = {
  version: '1.3',
  tables: parseSchema([
    `CREATE TABLE IF NOT EXISTS _meta (
  \`key\` VARCHAR(64) PRIMARY KEY,
  value TEXT
)`,
    `CREATE TABLE IF NOT EXISTS stamps (
  id VARCHAR(64) PRIMARY KEY,
  author VARCHAR(255) NOT NULL,
  severity VARCHAR(16) DEFAULT 'leaf',
  kind VARCHAR(32),
  rank INT NOT NULL DEFAULT 0,
  created_at TIMESTAMP,
  INDEX stamps_author (author),
  INDEX stamps_kind_rank (kind, rank),
  UNIQUE KEY stamps_once (author, kind),
  CHECK (NOT(author = id)),
  CHECK (kind IS NULL OR kind IN ('work', 'a, b'))
)`,
  ]),
}

const META = ['key', 'value']
const STAMPS = ['id', 'author', 'severity', 'kind', 'rank', 'created_at']
const INDEXES = { PRIMARY: ['id'], stamps_author: ['author'], stamps_kind_rank: ['kind', 'rank'] }

function found(have: {
  stamps?: string[]
  meta?: string[]
  indexes?: Record<string, string[]>
  version?: string
  createdHere?: boolean
}): FoundSchema {
  const { stamps = STAMPS, meta = META, indexes = INDEXES, createdHere = true } = have
  return {
    columns: new Map([
      ...(meta.length > 0 ? [['_meta', new Set(meta)] as const] : []),
      ...(stamps.length > 0 ? [['stamps', new Set(stamps)] as const] : []),
    ]),
    indexes: new Map([['stamps', new Map(Object.entries(indexes))]]),
    version: 'version' in have ? have.version : '1.3',
    createdHere,
  }
}

const without = (...names: string[]) => STAMPS.filter((name) => !names.includes(name))
const ADD_AUTHOR = 'ALTER TABLE `stamps` ADD COLUMN `author` VARCHAR(255)'

const PLANS: [string, Parameters<typeof found>[0], [string, ...string[]][]][] = [
  ['whole', {}, []],
  ['with tables, columns and indexes of its owner’s own', { stamps: [...STAMPS, 'note'] }, []],
  ['of a newer minor version, whatever it lacks', { stamps: ['id'], version: '1.4' }, []],
  ['of a newer major version', { stamps: ['id'], version: '2.0' }, []],
  [
    'without a column',
    { stamps: without('created_at') },
    [['stamps.created_at', 'ALTER TABLE `stamps` ADD COLUMN `created_at` TIMESTAMP']],
  ],
  [
    'without a column that has a default',
    { stamps: without('severity') },
    [['stamps.severity', "ALTER TABLE `stamps` ADD COLUMN `severity` VARCHAR(16) DEFAULT 'leaf'"]],
  ],
  [
    'without a column that must not be null, and has a default for rows of before',
    { stamps: without('rank') },
    [['stamps.rank', 'ALTER TABLE `stamps` ADD COLUMN `rank` INT NOT NULL DEFAULT 0']],
  ],
  [
    'without a column that must not be null: rows of before have nothing in it, and are let be',
    { stamps: without('author') },
    [['stamps.author', ADD_AUTHOR]],
  ],
  [
    'without a column that a check is about',
    { stamps: without('kind') },
    [
      [
        'stamps.kind',
        'ALTER TABLE `stamps` ADD COLUMN `kind` VARCHAR(32)',
        "ALTER TABLE `stamps` ADD CHECK (kind IS NULL OR kind IN ('work', 'a, b'))",
      ],
    ],
  ],
  ['without its primary key, which none of the protocol’s lacks', { stamps: without('id') }, []],
  ['without a table', { stamps: [] }, [['stamps', WANT.tables[1]!.create]]],
  [
    'without an index',
    { indexes: { PRIMARY: ['id'], stamps_kind_rank: ['kind', 'rank'] } },
    [['index stamps_author', 'CREATE INDEX `stamps_author` ON `stamps` (`author`)']],
  ],
  [
    'without an index of two columns, where one begins otherwise',
    { indexes: { PRIMARY: ['id'], stamps_author: ['author'], other: ['rank', 'kind'], half: ['kind'] } },
    [['index stamps_kind_rank', 'CREATE INDEX `stamps_kind_rank` ON `stamps` (`kind`, `rank`)']],
  ],
  [
    'with an index of another name that serves as well',
    { indexes: { PRIMARY: ['id'], mine: ['author', 'id'], stamps_kind_rank: ['kind', 'rank'] } },
    [],
  ],
  [
    'with an index of this name on other columns',
    { indexes: { PRIMARY: ['id'], stamps_author: ['severity'], stamps_kind_rank: ['kind', 'rank'] } },
    [],
  ],
  ['of somebody else’s, and of an older version, which is theirs', { createdHere: false, version: '1.0' }, []],
]

describe('what a commons lacks', () => {
  it.each(PLANS)('that is %s', (_, have, changes) => {
    expect(planUpgrade(found(have), WANT).map(({ name, statements }) => [name, ...statements])).toEqual(changes)
  })

  it.each([
    ['1.2', ['schema_version 1.3']],
    ['1', ['schema_version 1.3']],
    [undefined, ['schema_version 1.3']],
    ['1.3', []],
    ['1.3.7', []],
    ['of ours', []],
  ])('its version %j is raised where it is older', (version, names) => {
    expect(planUpgrade(found({ version: version! }), WANT).map(({ name }) => name)).toEqual(names)
  })

  it('of many the subject of the commit names eight, and how many more', () => {
    const changes = planUpgrade({ ...found({ stamps: [] }), columns: new Map() }, WANT)
    expect(nameChanges(changes)).toBe('_meta, stamps')
    const names = Array.from({ length: 10 }, (_, n) => ({ kind: 'column' as const, name: `t.c${n}`, statements: [] }))
    expect(nameChanges(names)).toBe('t.c0, t.c1, t.c2, t.c3, t.c4, t.c5, t.c6, t.c7 and 2 more')
  })

  it.each([
    ['1.10', '1.9', true],
    ['1.9', '1.10', false],
    ['2', '1.9', true],
    ['1.2', '1.2', false],
    [undefined, '1.2', false],
    ['x', '1.2', false],
  ])('%j is newer than %j: %j', (one, other, is) => {
    expect(isNewer(one, other)).toBe(is)
  })
})

describe('the schema files', () => {
  it.each(['commons.sql', 'pile.sql'])('%s is read whole, line by line', (file) => {
    const statements = readSchema(file)
    const tables = parseSchema(statements)
    const lines = statements.flatMap((statement) => statement.split('\n').slice(1, -1))
    const read = tables.flatMap(({ columns, indexes, checks }) => [...columns, ...indexes, ...checks])
    expect(read.length).toBe(lines.length)
    expect(tables.every(({ columns }) => columns.length > 1)).toBe(true)
  })

  it('a line that is not understood is no column that gets lost', () => {
    const line = (text: string) => () =>
      parseSchema([`CREATE TABLE IF NOT EXISTS t (\n  id INT PRIMARY KEY,\n  ${text}\n)`])
    expect(line('FULLTEXT(id)')).toThrow('neither a column, an index nor a check: FULLTEXT(id)')
    expect(() => parseSchema(['DROP TABLE t'])).toThrow('not a table of ours: DROP TABLE t')
  })
})
