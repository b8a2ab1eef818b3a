-- Bulk reads are blocks of 1 000 seqs, compressed once and kept beside the file. A redaction makes a new version.
create table block_version (
  log     text not null references log (log),
  block   integer not null,              -- seqs block * 1000 + 1 to (block + 1) * 1000
  version integer not null,              -- how often a redaction reached into it; without a row: never
  primary key (log, block)
) strict, without rowid;
