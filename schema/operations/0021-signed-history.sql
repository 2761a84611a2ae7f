-- Trailers are believed from commits that the bridge signed or vouched for, in the order of their sequence, so the
-- index is read anew. Its table has another name, so that an older replica, which would believe and write unsigned
-- commits, runs no command any more and leaves them to the new ones.
DELETE FROM ledger_heads;
ALTER TABLE ledger_heads RENAME TO indexed_heads;
ALTER INDEX ledger_heads_pkey RENAME TO indexed_heads_pkey;
ALTER TABLE stamps_given ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
ALTER TABLE rejections ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
ALTER TABLE reverts ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
ALTER TABLE items_posted ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
