-- How far the history of each account is read from Meta.

ALTER TABLE account ADD COLUMN history_paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN history_paused_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN history_through_ms INTEGER;

CREATE TABLE connection (
  account TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO connection (account, seq, at_ms)
  SELECT log, seq, at_ms FROM raw_entry
  WHERE kind = 'team' AND seq IS NOT NULL AND json_valid(body) AND body ->> '$.fact' = 'account_connected';

CREATE TABLE audited (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id),
  read_ms INTEGER NOT NULL,
  is_whole INTEGER NOT NULL,
  is_withheld INTEGER NOT NULL
) STRICT;
CREATE INDEX message_of_audit ON message (at_ms, thread_id) WHERE rank = 1;

CREATE TABLE history_pass (
  account TEXT NOT NULL PRIMARY KEY,
  begun_ms INTEGER NOT NULL,
  since_ms INTEGER,
  is_listed INTEGER NOT NULL,
  messages INTEGER NOT NULL
) STRICT;
CREATE TABLE history_thread (
  account TEXT NOT NULL REFERENCES history_pass (account) ON DELETE CASCADE,
  conversation TEXT NOT NULL,
  customer TEXT,
  name TEXT,
  updated_ms INTEGER NOT NULL,
  is_done INTEGER NOT NULL,
  PRIMARY KEY (account, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_thread_next ON history_thread (account, updated_ms DESC, conversation) WHERE is_done = 0;
