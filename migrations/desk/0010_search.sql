-- Search is filled from here on. Nothing was in its tables before, so they are made as they have to be: words of the
-- core alone, beginnings of up to five characters kept apart. Messages and names
-- that are here already are put in step by step once the program runs.
DROP TABLE search;
DROP TABLE search_doc;

CREATE TABLE search_doc (
  docid INTEGER NOT NULL PRIMARY KEY, -- milliseconds << 20 | tie, so that the index is ordered by time
  message_id INTEGER NOT NULL UNIQUE REFERENCES message (message_id) ON DELETE CASCADE, -- the message
  scope TEXT NOT NULL                -- its scope as it stands in the index, to take it out again
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
  words,                             -- tokens that the core wrote
  scope,                             -- tokens for thread, account, who said it, kind of content
  content = '',
  columnsize = 0,
  tokenize = 'ascii',
  prefix = '1 2 3 4 5'
);

CREATE TABLE name_doc (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- whose customer it is
  words TEXT NOT NULL                -- the words as they stand in the index, to take them out again
) STRICT;
CREATE VIRTUAL TABLE name_search USING fts5 (
  words,                             -- tokens of all names of a customer
  content = '',
  columnsize = 0,
  tokenize = 'ascii',
  prefix = '1 2 3'
);

CREATE INDEX thread_label_on ON thread_label (label, thread_id) WHERE is_on = 1;
