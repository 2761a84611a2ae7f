-- Whom a login in a repository's settings file meant when it was listed: a login can become another account's.
CREATE TABLE settings_accounts (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  -- In lower case.
  login text NOT NULL,
  -- NULL: nobody had that login.
  account_id bigint,
  PRIMARY KEY (wasteland, host, repository_id, login)
);
