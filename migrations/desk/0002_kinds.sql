-- What a thread shows of every kind of event, and erased customers.

ALTER TABLE account ADD COLUMN policy TEXT;          -- what Meta did to it last: warning, block, unblock, other
ALTER TABLE account ADD COLUMN policy_reason TEXT;   -- Meta's reason
ALTER TABLE account ADD COLUMN policy_ms INTEGER NOT NULL DEFAULT 0; -- when
ALTER TABLE account ADD COLUMN policy_key TEXT NOT NULL DEFAULT '';  -- key of the entry, for order within a millisecond

CREATE TABLE erased (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- a message that was erased with its customer; never shown again
  PRIMARY KEY (thread_id, mid)
) STRICT, WITHOUT ROWID;

CREATE INDEX raw_entry_by_customer ON raw_entry (log, customer, seq) WHERE customer IS NOT NULL;
CREATE INDEX reaction_newest ON reaction (thread_id, at_ms) WHERE emoji IS NOT NULL;
