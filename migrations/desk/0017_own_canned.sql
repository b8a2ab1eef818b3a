-- Replies that this desk's agent keeps for itself. Those that the team shares are in canned_reply.
CREATE TABLE own_canned_reply (
  name TEXT NOT NULL PRIMARY KEY,    -- short name after the slash
  text TEXT NOT NULL                 -- what is put into the composer
) STRICT, WITHOUT ROWID;
