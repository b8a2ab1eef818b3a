-- When what folds go by changes, all folds of an account are made anew. That is one count on the account, so that no webhook
-- waits while the rows of all its threads are written; each thread says of which count its fold is.
alter table account add column turns integer not null default 0;     -- the count
alter table thread add column turn_of integer not null default 0;    -- of which count `turn` is; one that is not the account's is none
create index thread_by_turn on thread (account, turn_of);
