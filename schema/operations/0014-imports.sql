-- Imports of character sheets: those under way, and for some days those that ended.
CREATE TABLE imports (
  wasteland text NOT NULL,
  id uuid NOT NULL,
  host text NOT NULL,
  -- As it was asked for, in lower case.
  login text NOT NULL,
  -- Once GitHub has said who it is.
  github_id bigint,
  -- Whose token it runs with: one after the other.
  line text NOT NULL,
  -- The signed-in person's own token, sealed; gone when it ends.
  token text,
  asked_by bigint,
  -- The thread on which it is answered.
  thread jsonb,
  state text NOT NULL,
  done integer NOT NULL DEFAULT 0,
  of integer NOT NULL DEFAULT 0,
  waits_until timestamptz,
  -- What GitHub answered so far, by stage; gone when it ends.
  kept jsonb,
  failure text,
  handle text,
  changed boolean,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (wasteland, id)
);
CREATE UNIQUE INDEX imports_under_way ON imports (wasteland, host, login) WHERE ended_at IS NULL;
CREATE INDEX imports_line ON imports (wasteland, line, created_at) WHERE ended_at IS NULL;
CREATE INDEX imports_person ON imports (wasteland, host, github_id);

-- People who are being forgotten: until it is done and proven.
CREATE TABLE forgetting (
  wasteland text NOT NULL,
  host text NOT NULL,
  github_id bigint NOT NULL,
  login text NOT NULL,
  PRIMARY KEY (wasteland, host, github_id)
);

-- Who is still to be seeded, in what order; and until the seeding ends, what became of the others.
CREATE TABLE seeding (
  wasteland text NOT NULL,
  host text NOT NULL,
  place integer NOT NULL,
  login text NOT NULL,
  github_id bigint,
  -- written, unchanged or skipped; null: still to come.
  outcome text,
  reason text,
  PRIMARY KEY (wasteland, host, place)
);

-- Postgres keeps samples of the values that it meets, which would outlive who is forgotten: of these it takes none.
ALTER TABLE imports
  ALTER COLUMN login SET STATISTICS 0,
  ALTER COLUMN github_id SET STATISTICS 0,
  ALTER COLUMN asked_by SET STATISTICS 0,
  ALTER COLUMN token SET STATISTICS 0,
  ALTER COLUMN thread SET STATISTICS 0,
  ALTER COLUMN kept SET STATISTICS 0,
  ALTER COLUMN failure SET STATISTICS 0,
  ALTER COLUMN handle SET STATISTICS 0;
ALTER TABLE forgetting
  ALTER COLUMN github_id SET STATISTICS 0,
  ALTER COLUMN login SET STATISTICS 0;
ALTER TABLE seeding
  ALTER COLUMN github_id SET STATISTICS 0,
  ALTER COLUMN login SET STATISTICS 0;
ALTER TABLE replies
  ALTER COLUMN body SET STATISTICS 0,
  ALTER COLUMN sent_body SET STATISTICS 0;
