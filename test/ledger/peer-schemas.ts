/** The protocol's tables as `protocol.md` lists them: name and type of each column, as Dolt shows the type. */
export type Tables = Record<string, readonly (readonly [name: string, type: string, rest?: string])[]>

const id = ['id', 'varchar(64)', 'PRIMARY KEY'] as const

export const WL: Tables = {
  _meta: [
    ['key', 'varchar(64)', 'PRIMARY KEY'],
    ['value', 'text'],
  ],
  rigs: [
    ['handle', 'varchar(255)', 'PRIMARY KEY'],
    ['display_name', 'varchar(255)'],
    ['dolthub_org', 'varchar(255)'],
    ['hop_uri', 'varchar(512)'],
    ['owner_email', 'varchar(255)'],
    ['gt_version', 'varchar(32)'],
    ['trust_level', 'int', 'DEFAULT 0'],
    ['registered_at', 'timestamp'],
    ['last_seen', 'timestamp'],
    ['rig_type', 'varchar(16)', "DEFAULT 'human'"],
    ['parent_rig', 'varchar(255)'],
  ],
  wanted: [
    id,
    ['title', 'text', 'NOT NULL'],
    ['description', 'text'],
    ['project', 'varchar(64)'],
    ['type', 'varchar(32)'],
    ['priority', 'int', 'DEFAULT 2'],
    ['tags', 'json'],
    ['posted_by', 'varchar(255)'],
    ['claimed_by', 'varchar(255)'],
    ['status', 'varchar(32)', "DEFAULT 'open'"],
    ['effort_level', 'varchar(16)', "DEFAULT 'medium'"],
    ['evidence_url', 'text'],
    ['sandbox_required', 'tinyint(1)', 'DEFAULT 0'],
    ['sandbox_scope', 'json'],
    ['sandbox_min_tier', 'varchar(32)'],
    ['created_at', 'timestamp'],
    ['updated_at', 'timestamp'],
  ],
  completions: [
    id,
    ['wanted_id', 'varchar(64)'],
    ['completed_by', 'varchar(255)'],
    ['evidence', 'text'],
    ['validated_by', 'varchar(255)'],
    ['stamp_id', 'varchar(64)'],
    ['parent_completion_id', 'varchar(64)'],
    ['block_hash', 'varchar(64)'],
    ['hop_uri', 'varchar(512)'],
    ['completed_at', 'timestamp'],
    ['validated_at', 'timestamp'],
  ],
  stamps: [
    id,
    ['author', 'varchar(255)', 'NOT NULL'],
    ['subject', 'varchar(255)', 'NOT NULL'],
    ['valence', 'json', 'NOT NULL'],
    ['confidence', 'float', 'DEFAULT 1'],
    ['severity', 'varchar(16)', "DEFAULT 'leaf'"],
    ['context_id', 'varchar(64)'],
    ['context_type', 'varchar(32)'],
    ['skill_tags', 'json'],
    ['message', 'text'],
    ['prev_stamp_hash', 'varchar(64)'],
    ['block_hash', 'varchar(64)'],
    ['hop_uri', 'varchar(512)'],
    ['created_at', 'timestamp'],
  ],
  badges: [
    id,
    ['rig_handle', 'varchar(255)'],
    ['badge_type', 'varchar(64)'],
    ['awarded_at', 'timestamp'],
    ['evidence', 'text'],
  ],
  boot_blocks: [
    ['handle', 'varchar(255)', 'PRIMARY KEY'],
    ['source', 'varchar(64)', 'NOT NULL'],
    ['sheet_json', 'json', 'NOT NULL'],
    ['confidence', 'float', 'NOT NULL'],
    ['version', 'varchar(20)', 'NOT NULL'],
    ['created_at', 'timestamp', 'NOT NULL'],
  ],
  chain_meta: [
    ['chain_id', 'varchar(64)', 'PRIMARY KEY'],
    ['chain_type', 'varchar(32)'],
    ['parent_chain_id', 'varchar(64)'],
    ['hop_uri', 'varchar(512)'],
    ['dolt_database', 'varchar(255)'],
    ['created_at', 'timestamp'],
  ],
  rig_links: [
    id,
    ['rig_a', 'varchar(255)', 'NOT NULL'],
    ['rig_b', 'varchar(255)', 'NOT NULL'],
    ['link_type', 'varchar(32)', "DEFAULT 'same_owner'"],
    ['assertion_a', 'text'],
    ['assertion_b', 'text'],
    ['status', 'varchar(32)', "DEFAULT 'pending'"],
    ['created_at', 'timestamp'],
    ['completed_at', 'timestamp'],
    ['revoked_at', 'timestamp'],
    ['revoked_by', 'varchar(255)'],
  ],
}

const GT_STAMPS = [
  ['stamp_type', 'varchar(32)'],
  ['pilot_cohort', 'varchar(64)'],
  ['stamp_index', 'int'],
] as const

const LEADERBOARD = [
  ['handle', 'varchar(255)', 'PRIMARY KEY'],
  ['display_name', 'varchar(255)'],
  ['tier', 'varchar(32)'],
  ['stamp_count', 'int'],
  ['avg_quality', 'float'],
  ['cluster_breadth', 'int'],
  ['top_skills', 'json'],
  ['badges', 'json'],
  ['computed_at', 'timestamp'],
] as const

/** What `gt` makes: its own columns and leaderboard, but no boot_blocks and no rig_links. */
export const GT: Tables = {
  _meta: WL['_meta']!,
  rigs: WL['rigs']!,
  wanted: WL['wanted']!,
  completions: WL['completions']!,
  stamps: [...WL['stamps']!, ...GT_STAMPS],
  badges: WL['badges']!,
  chain_meta: WL['chain_meta']!,
  leaderboard: LEADERBOARD,
}

export const UNION: Tables = { ...WL, ...GT }

/** Statements that make a commons of somebody else's. */
export function createPeer(tables: Tables, version: string): string[] {
  return [
    ...Object.entries(tables).map(
      ([table, columns]) =>
        `CREATE TABLE ${table} (${columns.map(([name, type, rest = '']) => `\`${name}\` ${type} ${rest}`).join(', ')})`,
    ),
    'ALTER TABLE stamps ADD CHECK (author <> subject)',
    `INSERT INTO _meta VALUES ('schema_version', '${version}')`,
    "CALL DOLT_COMMIT('-Am', 'Initialize')",
  ]
}
