-- The steward looks every other second for what desks left that are gone.
CREATE INDEX team_part_left ON team_part (account, settled_rank, granted_ms)
  WHERE settled_rank IS NULL OR settled_rank <= 1;
