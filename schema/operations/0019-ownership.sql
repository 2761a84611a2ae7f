-- What the ledger's history tells of who was whose, and of the work: read again for it.

-- Rigs that were one owner's and are no more, and when they last were.
CREATE TABLE ended_ties (
  wasteland text NOT NULL,
  one text NOT NULL,
  other text NOT NULL,
  ended_at timestamptz NOT NULL,
  PRIMARY KEY (wasteland, one, other)
);

-- The first claim or submission of an item, by anybody.
CREATE TABLE items_begun (
  wasteland text NOT NULL,
  wanted_id text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (wasteland, wanted_id)
);

-- The repository of the issue that an item was posted from, by GitHub's numeric id, and whether its poster opened it to
-- those who validate in other repositories.
CREATE TABLE items_posted (
  wasteland text NOT NULL,
  wanted_id text NOT NULL,
  repository_id bigint,
  opened boolean NOT NULL,
  PRIMARY KEY (wasteland, wanted_id)
);

-- Changes of trust: from which level to which, by whom; nobody is the operator.
CREATE TABLE trust_changes (
  wasteland text NOT NULL,
  hash text NOT NULL,
  rig text NOT NULL,
  level_before integer NOT NULL,
  level_after integer NOT NULL,
  by_id bigint,
  at timestamptz NOT NULL,
  PRIMARY KEY (wasteland, hash, rig)
);
CREATE INDEX trust_changes_rig ON trust_changes (wasteland, rig);
DELETE FROM ledger_heads;
