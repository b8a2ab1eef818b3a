-- Which part each app has in the old handover protocol.

CREATE TABLE app_role (
  account TEXT NOT NULL,             -- where it has this part
  app TEXT NOT NULL,                 -- Meta's id
  role TEXT,                         -- primary_receiver or secondary_receiver; none when it has neither
  at_ms INTEGER NOT NULL,            -- when Meta said so; -1 while it is only guessed from a refusal
  key TEXT NOT NULL,                 -- key of the entry, for order within a millisecond
  PRIMARY KEY (account, app)
) STRICT, WITHOUT ROWID;
