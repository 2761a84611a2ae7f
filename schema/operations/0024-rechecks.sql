-- Pull requests of which GitHub refused to tell something that decides: they are looked at again when it is due.
CREATE TABLE rechecks (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  number integer NOT NULL,
  installation_id bigint NOT NULL,
  owner text NOT NULL,
  repo text NOT NULL,
  since timestamptz NOT NULL,
  tries integer NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (wasteland, host, repository_id, number)
);
