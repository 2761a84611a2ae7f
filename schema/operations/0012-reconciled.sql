-- How far what GitHub says of each repository has been compared with the ledger.
CREATE TABLE reconciled (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  mark timestamptz NOT NULL,
  PRIMARY KEY (wasteland, host, repository_id)
);
