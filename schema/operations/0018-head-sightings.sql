-- When GitHub said that a head was the pull request's: the first and the last time, by GitHub's clock, and when we last
-- heard of it, by ours. A comment judges the head that was there when it was written.
ALTER TABLE pull_request_heads
  ADD COLUMN first_at timestamptz,
  ADD COLUMN last_at timestamptz,
  ADD COLUMN noted_at timestamptz;
-- A look told that it was there in the second after GitHub's last change, at the latest.
UPDATE pull_request_heads
  SET first_at = seen_at + interval '1 second', last_at = seen_at + interval '1 second', noted_at = seen_at;
ALTER TABLE pull_request_heads
  ALTER COLUMN first_at SET NOT NULL,
  ALTER COLUMN last_at SET NOT NULL,
  ALTER COLUMN noted_at SET NOT NULL;
-- Which head a comment judges, as it was decided when it was first taken up; empty where that is not known.
CREATE TABLE comment_heads (
  wasteland text NOT NULL,
  host text NOT NULL,
  comment_kind text NOT NULL,
  comment_id bigint NOT NULL,
  said_at timestamptz NOT NULL,
  head text NOT NULL,
  PRIMARY KEY (wasteland, host, comment_kind, comment_id, said_at)
);
CREATE INDEX comment_heads_said ON comment_heads (wasteland, said_at);
