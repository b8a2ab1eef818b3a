-- Files that an agent sends: kept by this desk from the moment they are added until nobody needs them. What each column is
-- for stands in docs/schema.sql.

CREATE TABLE own_file (
  file TEXT NOT NULL PRIMARY KEY,
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  moving INTEGER NOT NULL,
  thumb_mime TEXT,
  thumb_bytes INTEGER NOT NULL,
  added_ms INTEGER NOT NULL,
  unused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX own_file_unused ON own_file (file) WHERE unused = 1;

CREATE TABLE own_file_use (
  id TEXT NOT NULL PRIMARY KEY,
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id),
  file TEXT NOT NULL REFERENCES own_file (file),
  name TEXT NOT NULL,
  place INTEGER NOT NULL,
  drafted INTEGER NOT NULL
) STRICT;
CREATE INDEX own_file_use_of_thread ON own_file_use (thread_id, place);
CREATE INDEX own_file_use_of_file ON own_file_use (file);

CREATE TABLE upload (
  account TEXT NOT NULL,
  what TEXT NOT NULL,
  attachment TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (account, what)
) STRICT, WITHOUT ROWID;

ALTER TABLE outbox_part ADD COLUMN file TEXT;
ALTER TABLE team_part ADD COLUMN file TEXT;
CREATE INDEX outbox_part_by_file ON outbox_part (file) WHERE file IS NOT NULL;

-- Whichever statement lets a file go: its last use marks it, and whoever keeps the folder clean removes it.
CREATE TRIGGER own_file_let_go AFTER DELETE ON own_file_use BEGIN
  UPDATE own_file SET unused = 1
  WHERE file = old.file AND NOT EXISTS (SELECT 1 FROM own_file_use u WHERE u.file = old.file);
END;
CREATE TRIGGER outbox_part_removed AFTER DELETE ON outbox_part WHEN old.file IS NOT NULL BEGIN
  DELETE FROM own_file_use WHERE id = old.file AND drafted = 0;
END;
