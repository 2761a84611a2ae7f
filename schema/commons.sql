-- The commons: the Wasteland protocol 1.2 of `wl`, with the columns and the table that `gt` adds, and the
-- indexes that reading by rig and by item needs. Nothing of our own belongs here.

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
  parent_rig VARCHAR(255),
  INDEX rigs_parent_rig (parent_rig)
);

CREATE TABLE IF NOT EXISTS wanted (
  id VARCHAR(64) PRIMARY KEY,
  title TEXT NOT NULL,
  description TEXT,
  project VARCHAR(64),
  type VARCHAR(32),
  priority INT DEFAULT 2,
  tags JSON,
  posted_by VARCHAR(255),
  claimed_by VARCHAR(255),
  status VARCHAR(32) DEFAULT 'open',
  effort_level VARCHAR(16) DEFAULT 'medium',
  evidence_url TEXT,
  sandbox_required TINYINT(1) DEFAULT 0,
  sandbox_scope JSON,
  sandbox_min_tier VARCHAR(32),
  created_at TIMESTAMP,
  updated_at TIMESTAMP,
  INDEX wanted_status (status)
);

CREATE TABLE IF NOT EXISTS completions (
  id VARCHAR(64) PRIMARY KEY,
  wanted_id VARCHAR(64),
  completed_by VARCHAR(255),
  evidence TEXT,
  validated_by VARCHAR(255),
  stamp_id VARCHAR(64),
  parent_completion_id VARCHAR(64),
  block_hash VARCHAR(64),
  hop_uri VARCHAR(512),
  completed_at TIMESTAMP,
  validated_at TIMESTAMP,
  INDEX completions_wanted_id (wanted_id),
  INDEX completions_completed_by (completed_by)
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
  INDEX stamps_author (author),
  INDEX stamps_context_id (context_id),
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

CREATE TABLE IF NOT EXISTS boot_blocks (
  handle VARCHAR(255) NOT NULL PRIMARY KEY,
  source VARCHAR(64) NOT NULL,
  sheet_json JSON NOT NULL,
  confidence FLOAT NOT NULL,
  version VARCHAR(20) NOT NULL,
  created_at TIMESTAMP NOT NULL,
  CHECK (confidence BETWEEN 0.0 AND 1.0)
);

CREATE TABLE IF NOT EXISTS chain_meta (
  chain_id VARCHAR(64) PRIMARY KEY,
  chain_type VARCHAR(32),
  parent_chain_id VARCHAR(64),
  hop_uri VARCHAR(512),
  dolt_database VARCHAR(255),
  created_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS rig_links (
  id VARCHAR(64) PRIMARY KEY,
  rig_a VARCHAR(255) NOT NULL,
  rig_b VARCHAR(255) NOT NULL,
  link_type VARCHAR(32) DEFAULT 'same_owner',
  assertion_a TEXT,
  assertion_b TEXT,
  status VARCHAR(32) DEFAULT 'pending',
  created_at TIMESTAMP,
  completed_at TIMESTAMP,
  revoked_at TIMESTAMP,
  revoked_by VARCHAR(255),
  UNIQUE KEY uq_rig_pair (rig_a, rig_b),
  INDEX rig_links_rig_b (rig_b),
  CHECK (rig_a != rig_b)
);

CREATE TABLE IF NOT EXISTS leaderboard (
  handle VARCHAR(255) PRIMARY KEY,
  display_name VARCHAR(255),
  tier VARCHAR(32),
  stamp_count INT,
  avg_quality FLOAT,
  cluster_breadth INT,
  top_skills JSON,
  badges JSON,
  computed_at TIMESTAMP
);
