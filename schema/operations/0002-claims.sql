-- How long the claims last that no pull request holds. The ledger has the claims: a row that is lost is made again.
CREATE TABLE claims (
  wasteland text NOT NULL,
  wanted_id text NOT NULL,
  host text NOT NULL,
  rig text NOT NULL,
  person_id bigint NOT NULL,
  login text NOT NULL,
  claimed_at timestamptz NOT NULL,
  announce_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  announced boolean NOT NULL DEFAULT false,
  -- Where the claim was made; unknown for a row that was made again.
  installation_id bigint,
  owner text,
  repo text,
  number integer,
  PRIMARY KEY (wasteland, wanted_id)
);
CREATE INDEX claims_ends ON claims (wasteland, announce_at);

-- A pull request whose author holds as many claims as they may: it waits, and keeps nobody else waiting.
ALTER TABLE pull_request_items ADD COLUMN capped boolean NOT NULL DEFAULT false;
