-- The last good settings of a repository, for while its file is broken.
CREATE TABLE settings (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  -- The blob that was looked at last; whether it was broken, and that was reported.
  sha text NOT NULL,
  broken boolean NOT NULL,
  -- The text of the last blob that was not.
  good text,
  PRIMARY KEY (wasteland, host, repository_id)
);
