-- Heads that a validator rejected, from the trailers of the ledger: none is submitted again.
CREATE TABLE rejections (
  wasteland text NOT NULL,
  completion text NOT NULL,
  -- Empty for work that is no pull request.
  head text NOT NULL,
  reason text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (wasteland, completion, head)
);
