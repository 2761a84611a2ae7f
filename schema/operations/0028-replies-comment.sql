-- Whether a comment of ours on GitHub is in a row: one that is in none may be the reply that a crash kept from its row.
CREATE INDEX replies_comment ON replies (wasteland, comment_id) WHERE comment_id IS NOT NULL;
