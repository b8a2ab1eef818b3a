-- The supervisor's board: open threads in the order in which they will be too late, of everybody and of each agent. What each
-- column is for stands in docs/schema.sql.

ALTER TABLE thread ADD COLUMN breach_ms INTEGER AS (
  CASE WHEN needs_reply = 0 THEN 9000000000000000 - last_at_ms WHEN ends_ms IS NOT NULL THEN ends_ms
    ELSE 4000000000000000 + coalesce(waiting_since_ms, last_at_ms) END) VIRTUAL;
ALTER TABLE thread ADD COLUMN awaits INTEGER AS (
  reopened = 0 AND status ->> '$.status' = 'waiting_on_customer') VIRTUAL;

CREATE INDEX thread_breach ON thread (breach_ms, thread_id, account, awaits) WHERE active = 1;
CREATE INDEX thread_breach_of_agent ON thread (assignee, breach_ms, thread_id, account, awaits) WHERE active = 1;
