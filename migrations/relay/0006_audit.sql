-- Customers' messages that a page of history told of as words before any webhook did: a webhook that comes later is not
-- a second word.
create table told_by_audit (
  account  text not null,
  mid      text not null,
  seq      integer not null,              -- of the page's entry
  primary key (account, mid)
) strict, without rowid;

alter table account add column history_paused integer not null default 0;  -- 1 while reading the history is paused
alter table account add column history_through_ms integer;  -- what had changed before it is in the log, as far as Meta gives it
