-- When a visitor who did not sign in had the last twenty imports taken, the latest last. `visitor` is an HMAC of the
-- network they came from. Every replica counts here, or each would let in as many.
CREATE TABLE visitor_imports (
  wasteland text NOT NULL,
  visitor text NOT NULL,
  taken timestamptz[] NOT NULL,
  PRIMARY KEY (wasteland, visitor)
);
ALTER TABLE visitor_imports ALTER COLUMN visitor SET STATISTICS 0;
