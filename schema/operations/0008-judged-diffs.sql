-- What was judged by each stamp, from the trailers of the ledger, which is read again for it.
ALTER TABLE stamps_given ADD COLUMN head text;
ALTER TABLE stamps_given ADD COLUMN diff text;
DELETE FROM ledger_heads;
