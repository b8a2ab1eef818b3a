-- A window shuts by time alone, without any entry. Threads that need a reply and can get none any more stand below those that
-- can; this column says which they are, and the index finds those of which time changed it. What it is for stands in
-- docs/schema.sql.

ALTER TABLE thread ADD COLUMN shut INTEGER NOT NULL DEFAULT 0;
CREATE INDEX thread_shutting ON thread (account, shut, last_opening_ms)
  WHERE needs_reply = 1 AND last_opening_ms IS NOT NULL;
