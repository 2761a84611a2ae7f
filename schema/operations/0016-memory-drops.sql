-- How often a replica has dropped what it kept of GitHub's answers: the others drop theirs.
CREATE TABLE memory_drops (
  wasteland text PRIMARY KEY,
  drops bigint NOT NULL
);
