-- Open bounties: what of where one stands has been told to every pull request that entered it.
CREATE TABLE bounties (
  wasteland TEXT NOT NULL,
  wanted_id TEXT NOT NULL,
  told TEXT NOT NULL,
  PRIMARY KEY (wasteland, wanted_id)
);
