-- The pile: imported character sheets, with the columns that the commons has for them. `badges` stays empty; the
-- peers' readers of one rig fail without it. A person is found by the numeric id that ends rigs.hop_uri.

CREATE TABLE IF NOT EXISTS _meta (
  `key` VARCHAR(64) PRIMARY KEY,
  value TEXT
);

CREATE TABLE IF NOT EXISTS rigs (
  handle VARCHAR(255) PRIMARY KEY,
  display_name VARCHAR(255),
  dolthub_org VARCHAR(255),
  hop_uri VARCHAR(512),
  owner_email VARCHAR(255),
  gt_version VARCHAR(32),
  trust_level INT DEFAULT 0,
  registered_at TIMESTAMP,
  last_seen TIMESTAMP,
  rig_type VARCHAR(16) DEFAULT 'human',
  parent_rig VARCHAR(255)
);

CREATE TABLE IF NOT EXISTS boot_blocks (
  handle VARCHAR(255) NOT NULL PRIMARY KEY,
  source VARCHAR(64) NOT NULL,
  sheet_json JSON NOT NULL,
  confidence FLOAT NOT NULL,
  version VARCHAR(20) NOT NULL,
  created_at TIMESTAMP NOT NULL,
  CHECK (confidence BETWEEN 0.0 AND 1.0)
);

CREATE TABLE IF NOT EXISTS stamps (
  id VARCHAR(64) PRIMARY KEY,
  author VARCHAR(255) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  valence JSON NOT NULL,
  confidence FLOAT DEFAULT 1,
  severity VARCHAR(16) DEFAULT 'leaf',
  context_id VARCHAR(64),
  context_type VARCHAR(32),
  stamp_type VARCHAR(32),
  skill_tags JSON,
  message TEXT,
  pilot_cohort VARCHAR(64),
  stamp_index INT,
  prev_stamp_hash VARCHAR(64),
  block_hash VARCHAR(64),
  hop_uri VARCHAR(512),
  created_at TIMESTAMP,
  INDEX stamps_subject (subject),
  CHECK (NOT(author = subject)),
  CHECK (stamp_type IS NULL OR stamp_type IN ('work', 'mentoring', 'peer_review', 'endorsement', 'boot_block'))
);

CREATE TABLE IF NOT EXISTS badges (
  id VARCHAR(64) PRIMARY KEY,
  rig_handle VARCHAR(255),
  badge_type VARCHAR(64),
  awarded_at TIMESTAMP,
  evidence TEXT
);
