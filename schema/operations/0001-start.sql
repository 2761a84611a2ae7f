-- What the bridge must remember between two events and can find again: in Dolt, or from GitHub.
-- Every row carries the wasteland it belongs to.

-- How far the index of the ledger's history has been read.
CREATE TABLE ledger_heads (
  wasteland text PRIMARY KEY,
  hash text NOT NULL
);

-- Commands whose effect is in Dolt, undone or not: none runs twice.
CREATE TABLE commands_run (
  wasteland text NOT NULL,
  command text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (wasteland, command)
);

-- What the validator gave, and the commit that has it: Dolt takes seconds to find a row's commit.
CREATE TABLE stamps_given (
  wasteland text NOT NULL,
  stamp text NOT NULL,
  given text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (wasteland, stamp)
);

-- Which pull request refers to which wanted item, since when.
CREATE TABLE pull_request_items (
  wasteland text NOT NULL,
  host text NOT NULL,
  pull_request_id bigint NOT NULL,
  wanted_id text NOT NULL,
  installation_id bigint NOT NULL,
  repository_id bigint NOT NULL,
  owner text NOT NULL,
  repo text NOT NULL,
  number integer NOT NULL,
  author_id bigint NOT NULL,
  linked_at timestamptz NOT NULL,
  linked boolean NOT NULL,
  PRIMARY KEY (wasteland, host, pull_request_id, wanted_id)
);
CREATE INDEX pull_request_items_wanted ON pull_request_items (wasteland, wanted_id) WHERE linked;
CREATE INDEX pull_request_items_repository ON pull_request_items (wasteland, host, repository_id);

-- What the bridge says on GitHub. A reply has a key and is sent once; a status comment is edited in place.
CREATE TABLE replies (
  wasteland text NOT NULL,
  key text NOT NULL,
  body text NOT NULL,
  comment_id bigint,
  sent_body text,
  -- Why GitHub will not take it (a locked conversation); it is not tried again until the body changes.
  refused text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (wasteland, key)
);

-- People who declined: HMACs of host and numeric id. DATA_DIR/opt-outs has them too and outlives this table.
CREATE TABLE opt_outs (
  wasteland text NOT NULL,
  person text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (wasteland, person)
);
