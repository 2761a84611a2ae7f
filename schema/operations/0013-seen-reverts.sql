-- What was seen to revert what, whether or not there was work to flag: it may be labelled later.
CREATE TABLE seen_reverts (
  wasteland text NOT NULL,
  host text NOT NULL,
  repository_id bigint NOT NULL,
  -- Each pull_request/<id> or commit/<sha>.
  reverted text NOT NULL,
  reverting text NOT NULL,
  -- The reverting pull request's number.
  number integer,
  PRIMARY KEY (wasteland, host, repository_id, reverted, reverting)
);
