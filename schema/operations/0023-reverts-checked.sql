-- Notes of reverts were once made without a look at the diff: each repository's are examined once.
ALTER TABLE reconciled ADD COLUMN reverts_checked boolean NOT NULL DEFAULT false;
