-- What this desk knows of its Page tokens. The tokens themselves lie in the key store of the system.

CREATE TABLE page_token (
  account TEXT NOT NULL PRIMARY KEY, -- the account it serves
  generation INTEGER NOT NULL,       -- counts the tokens that this desk has had for it
  kept_ms INTEGER NOT NULL,          -- since when it is here, of Meta's clock
  registered INTEGER NOT NULL,       -- 1 once the relay knows it
  dead INTEGER NOT NULL,             -- 1 once Meta refused it
  checked_ms INTEGER,                -- when Meta was last asked what it is worth, of Meta's clock
  expires_ms INTEGER,                -- when it ends, as Meta said then; none without an end
  data_access_expires_ms INTEGER,    -- when Meta stops giving data for it, as it said then
  scopes TEXT                        -- JSON: the rights it carries, as Meta said then
) STRICT;
