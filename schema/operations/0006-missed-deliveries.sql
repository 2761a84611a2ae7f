-- How far GitHub's list of deliveries has been looked through.
CREATE TABLE delivery_looks (
  wasteland text PRIMARY KEY,
  -- From then on every delivery must have come into our queue, whatever GitHub was answered.
  since timestamptz NOT NULL,
  -- Everything that GitHub delivered up to then has been looked at.
  mark timestamptz,
  -- The look under way: where it goes on, and the mark when it is through.
  cursor text,
  newest timestamptz
);

-- Deliveries that have not come into our queue. A row goes when they have, or when GitHub no longer lists them.
CREATE TABLE missed_deliveries (
  wasteland text NOT NULL,
  guid text NOT NULL,
  -- The first of GitHub's attempts that we know of. Its number is beyond what JavaScript counts.
  attempt text NOT NULL,
  event text NOT NULL,
  delivered_at timestamptz NOT NULL,
  -- Somebody answered GitHub in our place, a proxy say: sent again, it would go the same way.
  answered boolean NOT NULL,
  asked integer NOT NULL DEFAULT 0,
  asked_at timestamptz,
  lost boolean NOT NULL DEFAULT false,
  PRIMARY KEY (wasteland, guid)
);
