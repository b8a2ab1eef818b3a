-- What desks found out about an account when they asked Meta again.
alter table account add column is_subscribed integer not null default 1;  -- 0 once Meta sends nothing of it any more
alter table account add column names_given integer;                       -- 1: Meta gives customers' names; null: nobody said
