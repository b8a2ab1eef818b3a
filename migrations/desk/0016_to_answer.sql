-- What is counted as to be answered can be answered: threads whose time is over are counted apart. What the table is for
-- stands in docs/schema.sql.

DROP TRIGGER thread_counted;
DROP TRIGGER thread_recounted;
DROP TRIGGER thread_uncounted;
DROP TABLE list_count;

CREATE TABLE list_count (
  account TEXT NOT NULL,             -- the account
  assignee TEXT NOT NULL,            -- the agent; empty for nobody
  active INTEGER NOT NULL,           -- 1 unless done
  needs_reply INTEGER NOT NULL,      -- 1 when a person should answer
  shut INTEGER NOT NULL,             -- 1 when none can any more, as `thread.shut` says
  threads INTEGER NOT NULL,          -- how many such threads there are
  PRIMARY KEY (account, assignee, active, needs_reply, shut)
) STRICT, WITHOUT ROWID;

INSERT INTO list_count (account, assignee, active, needs_reply, shut, threads)
SELECT account, coalesce(assignee, ''), active, needs_reply, shut, count(*) FROM thread
GROUP BY account, coalesce(assignee, ''), active, needs_reply, shut;

CREATE TRIGGER thread_counted AFTER INSERT ON thread BEGIN
  INSERT INTO list_count (account, assignee, active, needs_reply, shut, threads)
  VALUES (new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER thread_recounted AFTER UPDATE OF assignee, active, needs_reply, shut ON thread
WHEN old.assignee IS NOT new.assignee OR old.active <> new.active OR old.needs_reply <> new.needs_reply
  OR old.shut <> new.shut BEGIN
  UPDATE list_count SET threads = threads - 1
  WHERE account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut;
  INSERT INTO list_count (account, assignee, active, needs_reply, shut, threads)
  VALUES (new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER thread_uncounted AFTER DELETE ON thread BEGIN
  UPDATE list_count SET threads = threads - 1
  WHERE account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut;
END;
