-- A message that is taken back may be named by webhooks that nobody understood. They are found by their customer, so that
-- an unsend costs the same after a million entries.

CREATE INDEX raw_entry_unknown ON raw_entry (log, customer) WHERE applied = 0 AND kind = 'meta';
