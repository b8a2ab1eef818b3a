-- How an account's threads are given out, and what stays when somebody falls out: their drafts and replies that wait on their
-- desk. What the tables are for stands in docs/schema.sql. No relay told of any of it before.

CREATE TABLE queue_set (
  account TEXT NOT NULL,             -- the log
  seq INTEGER NOT NULL,              -- seq of the fact
  rules TEXT NOT NULL,               -- JSON: the rules from there on
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE reply_pending (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- where it goes
  desk TEXT NOT NULL,                -- on which desk it waits
  agent TEXT NOT NULL,               -- whose desk that is
  parts INTEGER NOT NULL,            -- how many parts wait; 0 when none do any more
  at_ms INTEGER NOT NULL,            -- when the relay heard of it
  seq INTEGER NOT NULL,              -- seq of the fact
  PRIMARY KEY (thread_id, desk)
) STRICT, WITHOUT ROWID;

CREATE TABLE handed_draft (
  account TEXT NOT NULL,             -- the log
  seq INTEGER NOT NULL,              -- seq of the fact
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- the thread that was taken from them
  at_ms INTEGER NOT NULL,            -- when the relay appended it
  from_agent TEXT NOT NULL,          -- whose draft it is
  text TEXT,                         -- the draft; none once the customer was erased
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX handed_draft_by_thread ON handed_draft (thread_id, seq);

CREATE TABLE handed_draft_done (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- the thread
  seq INTEGER NOT NULL               -- up to which handed draft
) STRICT;

CREATE TABLE draft_told (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  digest TEXT NOT NULL               -- SHA-256 of what the relay has, in hexadecimal; empty while that is not known
) STRICT;

CREATE TABLE reply_pending_told (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where replies of this desk wait
  told INTEGER NOT NULL              -- 1 once the relay took it; 0 while that is not known
) STRICT;

-- What is here already opens nothing again.
ALTER TABLE reaction ADD COLUMN on_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reaction ADD COLUMN on_ms INTEGER NOT NULL DEFAULT 0;
