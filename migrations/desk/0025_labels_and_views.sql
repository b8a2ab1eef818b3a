-- Labels are put on threads and lists are filtered by them; threads that sleep have a list of their own, and so have those
-- whose time ends soon; lists are kept under names. A customer who writes to another app opens nothing again. What each table
-- and column is for stands in docs/schema.sql.

DROP TRIGGER thread_counted;
DROP TRIGGER thread_recounted;
DROP TRIGGER thread_uncounted;
DROP TABLE list_count;

ALTER TABLE thread ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN ends_ms INTEGER;
ALTER TABLE thread ADD COLUMN ended_ms INTEGER;
ALTER TABLE thread ADD COLUMN ending INTEGER NOT NULL DEFAULT 0;

UPDATE thread SET reopened = 1 WHERE inbound_seq > status_seq;
-- What the customer wrote while another app held the thread, or had left it lying.
UPDATE thread SET reopened = coalesce(owner ->> '$.since_ms' >
    (SELECT min(m.at_ms) FROM (SELECT at_ms FROM message
       WHERE thread_id = thread.thread_id AND inbound = 1 AND word = 1 AND seq > thread.status_seq
       ORDER BY seq LIMIT 20) m), 0)
WHERE reopened = 1 AND status ->> '$.status' <> 'open'
  AND (owner ->> '$.owner.owner' IN ('other', 'meta_inbox')
       OR (owner ->> '$.owner.owner' IN ('idle', 'unmanaged') AND coalesce(owner ->> '$.away', 0)));
UPDATE thread SET active = 0 WHERE active = 1 AND reopened = 0 AND status ->> '$.status' = 'done';
UPDATE thread SET asleep_until_ms = status ->> '$.until_ms', woke = 0
WHERE asleep_until_ms IS NULL AND reopened = 0 AND status ->> '$.status' = 'snoozed';
UPDATE thread SET active = 3 WHERE active = 1 AND asleep_until_ms IS NOT NULL AND woke = 0;
-- When their time ends is looked at as soon as the desk runs.
UPDATE thread SET ended_ms = 9000000000000000 WHERE needs_reply = 1;

CREATE INDEX thread_snoozed ON thread (active, asleep_until_ms, thread_id) WHERE active = 3;
CREATE INDEX thread_ending ON thread (ending, ends_ms, thread_id) WHERE ends_ms IS NOT NULL;
CREATE INDEX thread_ended ON thread (ended_ms) WHERE ended_ms IS NOT NULL;

CREATE TABLE list_count (
  account TEXT NOT NULL,             -- the account
  assignee TEXT NOT NULL,            -- the agent; empty for nobody
  active INTEGER NOT NULL,           -- their shelf, as `thread.active`
  needs_reply INTEGER NOT NULL,      -- 1 when a person should answer
  shut INTEGER NOT NULL,             -- 1 when none can any more, as `thread.shut` says
  ending INTEGER NOT NULL,           -- 1 when their time ends soon, as `thread.ending` says
  threads INTEGER NOT NULL,          -- how many such threads there are
  PRIMARY KEY (account, assignee, active, needs_reply, shut, ending)
) STRICT, WITHOUT ROWID;

INSERT INTO list_count (account, assignee, active, needs_reply, shut, ending, threads)
SELECT account, coalesce(assignee, ''), active, needs_reply, shut, ending, count(*) FROM thread
GROUP BY account, coalesce(assignee, ''), active, needs_reply, shut, ending;

CREATE TRIGGER thread_counted AFTER INSERT ON thread BEGIN
  INSERT INTO list_count (account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER thread_recounted AFTER UPDATE OF assignee, active, needs_reply, shut, ending ON thread
WHEN old.assignee IS NOT new.assignee OR old.active <> new.active OR old.needs_reply <> new.needs_reply
  OR old.shut <> new.shut OR old.ending <> new.ending BEGIN
  UPDATE list_count SET threads = threads - 1
  WHERE account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
  INSERT INTO list_count (account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER thread_uncounted AFTER DELETE ON thread BEGIN
  UPDATE list_count SET threads = threads - 1
  WHERE account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
END;

ALTER TABLE label ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

ALTER TABLE thread_label ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE thread_label ADD COLUMN assignee TEXT;
ALTER TABLE thread_label ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE thread_label ADD COLUMN needs_reply INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread_label ADD COLUMN shut INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread_label ADD COLUMN ending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread_label ADD COLUMN sort_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread_label ADD COLUMN last_at_ms INTEGER NOT NULL DEFAULT 0;
UPDATE thread_label SET account = t.account, assignee = t.assignee, active = t.active, needs_reply = t.needs_reply,
  shut = t.shut, ending = t.ending, sort_ms = t.sort_ms, last_at_ms = t.last_at_ms
FROM thread t WHERE t.thread_id = thread_label.thread_id;

CREATE INDEX thread_label_waiting ON thread_label (label, account, active, sort_ms, thread_id, assignee) WHERE is_on = 1;
CREATE INDEX thread_label_newest ON thread_label (label, account, active, last_at_ms DESC, thread_id DESC, assignee) WHERE is_on = 1;

CREATE TABLE label_count (
  label TEXT NOT NULL,               -- the label
  account TEXT NOT NULL,             -- the account
  assignee TEXT NOT NULL,            -- the agent; empty for nobody
  active INTEGER NOT NULL,           -- their shelf, as `thread.active`
  needs_reply INTEGER NOT NULL,      -- 1 when a person should answer
  shut INTEGER NOT NULL,             -- 1 when none can any more, as `thread.shut` says
  ending INTEGER NOT NULL,           -- 1 when their time ends soon, as `thread.ending` says
  threads INTEGER NOT NULL,          -- how many such threads carry it
  PRIMARY KEY (label, account, assignee, active, needs_reply, shut, ending)
) STRICT, WITHOUT ROWID;

INSERT INTO label_count (label, account, assignee, active, needs_reply, shut, ending, threads)
SELECT label, account, coalesce(assignee, ''), active, needs_reply, shut, ending, count(*) FROM thread_label
WHERE is_on = 1 GROUP BY label, account, coalesce(assignee, ''), active, needs_reply, shut, ending;

CREATE TRIGGER thread_relabelled
AFTER UPDATE OF assignee, active, needs_reply, shut, ending, sort_ms, last_at_ms ON thread
WHEN old.assignee IS NOT new.assignee OR old.active <> new.active OR old.needs_reply <> new.needs_reply
  OR old.shut <> new.shut OR old.ending <> new.ending OR old.sort_ms <> new.sort_ms
  OR old.last_at_ms <> new.last_at_ms BEGIN
  UPDATE thread_label SET assignee = new.assignee, active = new.active, needs_reply = new.needs_reply,
    shut = new.shut, ending = new.ending, sort_ms = new.sort_ms, last_at_ms = new.last_at_ms
  WHERE thread_id = new.thread_id;
END;
CREATE TRIGGER label_counted AFTER INSERT ON thread_label WHEN new.is_on = 1 BEGIN
  INSERT INTO label_count (label, account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.label, new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER label_recounted AFTER UPDATE OF is_on, assignee, active, needs_reply, shut, ending ON thread_label
WHEN old.is_on <> new.is_on OR old.assignee IS NOT new.assignee OR old.active <> new.active
  OR old.needs_reply <> new.needs_reply OR old.shut <> new.shut OR old.ending <> new.ending BEGIN
  UPDATE label_count SET threads = threads - old.is_on
  WHERE label = old.label AND account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
  INSERT INTO label_count (label, account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.label, new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, new.is_on)
  ON CONFLICT DO UPDATE SET threads = threads + new.is_on;
END;
CREATE TRIGGER label_uncounted AFTER DELETE ON thread_label WHEN old.is_on = 1 BEGIN
  UPDATE label_count SET threads = threads - 1
  WHERE label = old.label AND account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
END;

CREATE INDEX command_queue_labels ON command_queue (log, request ->> '$.command.customer')
  WHERE request ->> '$.command.do' = 'set_label';

CREATE TABLE saved_view (
  id TEXT NOT NULL PRIMARY KEY,      -- our id
  place INTEGER NOT NULL,            -- order in which they were made
  name TEXT NOT NULL,                -- what the agent calls it
  view TEXT NOT NULL,                -- which threads, as the window calls it
  account TEXT,                      -- only of this account
  platform TEXT,                     -- only of this channel: messenger or instagram
  label TEXT,                        -- only with this label
  sort TEXT NOT NULL                 -- in which order, as the window calls it
) STRICT, WITHOUT ROWID;
