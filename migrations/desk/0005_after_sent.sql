-- What follows a reply that was sent, when a part was pressed on Meta's clock, and what an agent was not told yet.

ALTER TABLE reply ADD COLUMN after_sent TEXT;        -- done: the thread is set done then; missed: it was not

ALTER TABLE outbox_part ADD COLUMN pressed_ms INTEGER NOT NULL DEFAULT 0; -- when it was pressed, of Meta's clock
ALTER TABLE outbox_part ADD COLUMN untold INTEGER NOT NULL DEFAULT 0;     -- 1 until the agent was told how it ended
UPDATE outbox_part SET pressed_ms = created_ms;

CREATE INDEX reply_to_finish ON reply (thread_id, created_ms) WHERE after_sent = 'done';
CREATE INDEX outbox_part_untold ON outbox_part (created_ms) WHERE untold = 1;
