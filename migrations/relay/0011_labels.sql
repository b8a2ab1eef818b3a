-- The labels of the workspace as its log tells them: only one that is there is put on a thread, and no two go by one name.
-- No relay took a label before.
create table label (
  label      text primary key not null,   -- the id that its desk gave it
  name       text not null,
  colour     text not null,               -- as #rrggbb
  is_removed integer not null             -- 1 once it was taken out of the workspace
) strict, without rowid;
