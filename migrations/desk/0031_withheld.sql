-- Messages in the middle of a thread that Meta names and does not give. What the columns are for stands in docs/schema.sql.
CREATE TABLE withheld (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id),
  mid TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (thread_id, mid)
) STRICT, WITHOUT ROWID;

-- A newer desk of the team may have named some in pages that this one has read already: those are read once more.
UPDATE raw_entry SET applied = 0 WHERE kind = 'audit' AND instr(body, '"lacks":') > 0;
