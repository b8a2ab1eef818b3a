-- Private notes: each id stands for one note of one thread, whoever asks, so that no note takes another's place. Who wrote it
-- and what it says stands in its entry. No relay took a note before.
create table note (
  note        text primary key not null,  -- the id that its desk gave it
  account     text not null,
  customer    text not null,
  seq         integer not null,           -- of the fact that it was added
  removed_seq integer                     -- of the fact that it was taken away
) strict, without rowid;
