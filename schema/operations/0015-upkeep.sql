-- What each migration said when it was applied: none is changed afterwards.
CREATE TABLE migration_checksums (
  name text PRIMARY KEY,
  sha256 text NOT NULL
);

-- What retention looks for, see src/operations/retention.ts.
CREATE INDEX replies_texts ON replies (wasteland, updated_at) WHERE body <> '';
CREATE INDEX pull_request_heads_seen ON pull_request_heads (wasteland, seen_at);
CREATE INDEX imports_ended ON imports (wasteland, ended_at) WHERE thread IS NULL;
