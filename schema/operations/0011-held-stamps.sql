-- Stamps that wait for the merge of their pull request (`press: merge`). Our comments on it tell them again when
-- this is lost.
CREATE TABLE held_stamps (
  wasteland text NOT NULL,
  command text NOT NULL,
  host text NOT NULL,
  pull_request_id bigint NOT NULL,
  wanted_id text NOT NULL,
  comment_kind text NOT NULL,
  comment_id bigint NOT NULL,
  author_id bigint NOT NULL,
  login text NOT NULL,
  -- The command as it was written, and the scores that it gives.
  line text NOT NULL,
  given jsonb NOT NULL,
  -- The work as it was judged.
  head text NOT NULL,
  diff text NOT NULL,
  said_at timestamptz NOT NULL,
  -- How it ended: the command that took it back or replaced it, or `pressed`, or `asked` again.
  ended text,
  PRIMARY KEY (wasteland, command)
);
CREATE INDEX held_stamps_pull_request ON held_stamps (wasteland, host, pull_request_id);
