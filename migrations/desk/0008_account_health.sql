-- What desks found out about an account when they asked Meta again.
ALTER TABLE account ADD COLUMN subscribed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN fields_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN names_given INTEGER;
ALTER TABLE account ADD COLUMN names_seq INTEGER NOT NULL DEFAULT 0;
UPDATE account SET fields_seq = connected_seq;

CREATE TABLE account_check (
  account TEXT NOT NULL PRIMARY KEY,
  checked_ms INTEGER NOT NULL
) STRICT;
