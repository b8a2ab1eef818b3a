-- A thread that sleeps wakes by time alone, without any entry. These two columns let the desk find the ones whose time
-- has come, so that what the lists count is true then too. What each is for stands in docs/schema.sql.

ALTER TABLE thread ADD COLUMN asleep_until_ms INTEGER;
ALTER TABLE thread ADD COLUMN woke INTEGER NOT NULL DEFAULT 0;
CREATE INDEX thread_asleep ON thread (woke, asleep_until_ms) WHERE asleep_until_ms IS NOT NULL;

UPDATE thread SET asleep_until_ms = status ->> 'until_ms'
WHERE status ->> 'status' = 'snoozed' AND inbound_seq <= status_seq;
