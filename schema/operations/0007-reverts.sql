-- Reverted work, from the trailers of the ledger: each revert of a completion, and who changed it last.
CREATE TABLE reverts (
  wasteland text NOT NULL,
  completion text NOT NULL,
  -- The revert that is meant: pull_request/<id> or commit/<sha>.
  revert text NOT NULL,
  -- Who made it stand or fall last, and the page.
  by text NOT NULL,
  url text NOT NULL,
  stands boolean NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (wasteland, completion, revert)
);
