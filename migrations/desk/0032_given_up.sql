-- Files that were given up for room are remembered as such, what the vault holds is kept as one figure, and threads that
-- Meta fails to give hold up no pass. What the columns are for stands in docs/schema.sql.

-- It has held when a file's newest message was said since that decides what makes room.
ALTER TABLE media RENAME COLUMN fetched_ms TO said_ms;

CREATE TABLE media_tally (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO media_tally (only, bytes)
  SELECT 1, coalesce(sum(bytes + thumb_bytes), 0) FROM media WHERE unused = 0;
CREATE TRIGGER media_tally_came AFTER INSERT ON media WHEN new.unused = 0 BEGIN
  INSERT INTO media_tally (only, bytes) VALUES (1, new.bytes + new.thumb_bytes)
    ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER media_tally_changed AFTER UPDATE OF bytes, thumb_bytes, unused ON media BEGIN
  UPDATE media_tally SET bytes = bytes
    + CASE new.unused WHEN 0 THEN new.bytes + new.thumb_bytes ELSE 0 END
    - CASE old.unused WHEN 0 THEN old.bytes + old.thumb_bytes ELSE 0 END;
END;
CREATE TRIGGER media_tally_went AFTER DELETE ON media WHEN old.unused = 0 BEGIN
  UPDATE media_tally SET bytes = bytes - (old.bytes + old.thumb_bytes);
END;

-- A check cannot be changed: the table is made anew, with what it holds.
CREATE TABLE media_use_before AS SELECT * FROM media_use;
DROP TABLE media_use;
CREATE TABLE media_use (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id),
  key TEXT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('here', 'dead', 'large', 'forbidden', 'later', 'given_up')),
  media TEXT REFERENCES media (media),
  name TEXT,
  address TEXT NOT NULL,
  tries INTEGER NOT NULL,
  again_ms INTEGER NOT NULL,
  bytes INTEGER,
  PRIMARY KEY (thread_id, key, place),
  CHECK ((state = 'here') = (media IS NOT NULL)),
  CHECK ((state = 'given_up') = (bytes IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO media_use (thread_id, key, place, state, media, name, address, tries, again_ms)
  SELECT thread_id, key, place, state, media, name, address, tries, again_ms FROM media_use_before;
DROP TABLE media_use_before;
CREATE INDEX media_use_of_file ON media_use (media) WHERE media IS NOT NULL;
CREATE INDEX media_use_later ON media_use (again_ms) WHERE state = 'later';
CREATE INDEX media_use_given_up ON media_use (thread_id, key) WHERE state = 'given_up';
CREATE TRIGGER media_use_removed AFTER DELETE ON media_use WHEN old.media IS NOT NULL BEGIN
  UPDATE media SET unused = 1
  WHERE media = old.media AND NOT EXISTS (SELECT 1 FROM media_use u WHERE u.media = old.media);
END;

-- Threads that Meta fails to give are set aside, and named by the fact that ends the pass.
ALTER TABLE history_thread ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE history_thread ADD COLUMN is_carried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN history_unread TEXT;
