-- The vault: files of messages, whose messages they are, and what became of fetching them. What each column is for stands
-- in docs/schema.sql.

-- Laid before the vault was built, and never written into: one file can belong to several messages.
DROP TABLE media;

CREATE TABLE media (
  media TEXT NOT NULL PRIMARY KEY,
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  moving INTEGER NOT NULL,
  thumb_mime TEXT,
  thumb_bytes INTEGER NOT NULL,
  fetched_ms INTEGER NOT NULL,
  unused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX media_oldest ON media (fetched_ms);
CREATE INDEX media_unused ON media (media) WHERE unused = 1;

CREATE TABLE media_use (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id),
  key TEXT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('here', 'dead', 'large', 'forbidden', 'later')),
  media TEXT REFERENCES media (media),
  name TEXT,
  address TEXT NOT NULL,
  tries INTEGER NOT NULL,
  again_ms INTEGER NOT NULL,
  PRIMARY KEY (thread_id, key, place),
  CHECK ((state = 'here') = (media IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX media_use_of_file ON media_use (media) WHERE media IS NOT NULL;
CREATE INDEX media_use_later ON media_use (again_ms) WHERE state = 'later';

-- What is taken back or erased loses its files in the same transaction, whichever statement does it.
CREATE TRIGGER message_taken_back AFTER UPDATE OF unsent ON message WHEN new.unsent = 1 BEGIN
  DELETE FROM media_use WHERE thread_id = new.thread_id AND key = new.key;
END;
CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
  DELETE FROM media_use WHERE thread_id = old.thread_id AND key = old.key;
END;
CREATE TRIGGER media_use_removed AFTER DELETE ON media_use WHEN old.media IS NOT NULL BEGIN
  UPDATE media SET unused = 1
  WHERE media = old.media AND NOT EXISTS (SELECT 1 FROM media_use u WHERE u.media = old.media);
END;

CREATE TABLE familiar (
  account TEXT NOT NULL,
  customer TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  PRIMARY KEY (account, customer)
) STRICT, WITHOUT ROWID;
