-- The heads that a pull request was seen with: how often it was pushed to, and whose a finished check is.
CREATE TABLE pull_request_heads (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  pull_request_id bigint NOT NULL,
  head text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (wasteland, host, pull_request_id, head)
);
CREATE INDEX pull_request_heads_head ON pull_request_heads (wasteland, host, repository_id, head);
