-- Whom a name meant that the operator admitted, when it was first seen: a name can become another account's.
CREATE TABLE admitted_names (
  wasteland text NOT NULL,
  host text NOT NULL,
  name text NOT NULL,
  owner_id bigint NOT NULL,
  -- Of `owner/repo`.
  repository_id bigint,
  PRIMARY KEY (wasteland, host, name)
);
