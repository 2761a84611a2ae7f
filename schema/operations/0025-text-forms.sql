-- Since when comments and descriptions are read in all forms that this version knows. What was written before, for an
-- earlier version, is read as that read it; of a store without anything in it there is no before.
CREATE TABLE text_forms (
  since timestamptz NOT NULL
);
INSERT INTO text_forms
SELECT CASE
  WHEN EXISTS (SELECT FROM replies) OR EXISTS (SELECT FROM pull_request_items) OR EXISTS (SELECT FROM commands_run)
  THEN now()
  ELSE 'epoch'
END;
