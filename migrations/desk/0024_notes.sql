-- Private notes are written here: the draft of one is kept apart from the reply's, and who was mentioned where is kept for the
-- view Mentions. What the tables are for stands in docs/schema.sql. No relay took a note before.

CREATE TABLE note_draft (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  text TEXT NOT NULL,                -- the whole text
  supervisors_only INTEGER NOT NULL, -- 1 when only supervisors and admins are to see it
  reason TEXT,                       -- JSON: why a note came back into it, when one did
  untold TEXT,                       -- the note that came back, until the agent was told
  updated_ms INTEGER NOT NULL        -- of the desk's wall clock
) STRICT;

CREATE TABLE mention (
  agent TEXT NOT NULL,               -- who is meant
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- in which thread
  account TEXT NOT NULL,             -- of which account
  at_ms INTEGER NOT NULL,            -- when the newest note that mentions them was appended, of the relay
  seq INTEGER NOT NULL,              -- seq of that note
  open INTEGER NOT NULL,             -- 1 until this desk's agent has read up to there; says nothing of other agents
  listed INTEGER NOT NULL,           -- 1 while it stands in the view: it is open, or the thread was not done since
  PRIMARY KEY (agent, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_newest ON mention (agent, listed, at_ms DESC, thread_id DESC);
CREATE INDEX mention_newest_of_account ON mention (agent, listed, account, at_ms DESC, thread_id DESC);
CREATE INDEX mention_by_thread ON mention (thread_id);

CREATE TABLE mention_count (
  agent TEXT NOT NULL,               -- who is meant
  account TEXT NOT NULL,             -- the account
  open INTEGER NOT NULL,             -- as `mention.open`
  threads INTEGER NOT NULL,          -- how many such threads are listed
  PRIMARY KEY (agent, account, open)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER mention_counted AFTER INSERT ON mention WHEN new.listed = 1 BEGIN
  INSERT INTO mention_count (agent, account, open, threads) VALUES (new.agent, new.account, new.open, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER mention_recounted AFTER UPDATE OF open, listed ON mention
WHEN old.open <> new.open OR old.listed <> new.listed BEGIN
  UPDATE mention_count SET threads = threads - old.listed
  WHERE agent = old.agent AND account = old.account AND open = old.open;
  INSERT INTO mention_count (agent, account, open, threads)
  VALUES (new.agent, new.account, new.open, new.listed)
  ON CONFLICT DO UPDATE SET threads = threads + new.listed;
END;
CREATE TRIGGER mention_uncounted AFTER DELETE ON mention WHEN old.listed = 1 BEGIN
  UPDATE mention_count SET threads = threads - 1
  WHERE agent = old.agent AND account = old.account AND open = old.open;
END;
