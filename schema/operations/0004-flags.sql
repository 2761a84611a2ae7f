-- Stamps that a later link of two rigs would have forbidden, from the trailers of the commits that say so.
CREATE TABLE flags (
  wasteland text NOT NULL,
  stamp text NOT NULL,
  reason text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (wasteland, stamp, reason)
);
-- The index is read anew from the beginning, for it has none of the old flags.
DELETE FROM ledger_heads;
