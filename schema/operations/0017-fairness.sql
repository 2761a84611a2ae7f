-- Processes that work on the queues. One that ends by itself says so first; one that is gone without a word has died.
CREATE TABLE queue_processes (
  id uuid PRIMARY KEY,
  touched_at timestamptz NOT NULL DEFAULT now(),
  stopping boolean NOT NULL DEFAULT false
);
-- Of what was in hand of a process that died: what its job was about, by which the same job comes again under another id.
CREATE TABLE job_deaths (
  cause text NOT NULL,
  process uuid NOT NULL,
  died_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cause, process)
);
-- Requests to GitHub that somebody, or all in a repository or installation, caused within an hour. `told` is the delivery
-- whose answer says that it was too many.
CREATE TABLE request_budgets (
  wasteland text NOT NULL,
  host text NOT NULL,
  scope text NOT NULL,
  hour timestamptz NOT NULL,
  used integer NOT NULL DEFAULT 0,
  told uuid,
  PRIMARY KEY (wasteland, host, scope, hour)
);
-- Who GitHub confirmed may validate in a repository. It gives no right: their commands come first.
CREATE TABLE validators (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  account_id bigint NOT NULL,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (wasteland, host, repository_id, account_id)
);
