-- How threads are given out, what the relay knows of each thread for that, and drafts for when somebody falls out.

-- All rules that ever held, so that a reaction counts by those of its moment.
create table queue_set (
  account  text not null references account (account),
  seq      integer not null,              -- of the fact
  rules    text not null,                 -- JSON
  primary key (account, seq)
) strict, without rowid;

alter table account add column queue_last text;  -- the agent who got a thread by the rules last

-- Whether the customer waits for a person of ours is folded from the thread's entries. A thread without `turn` is folded anew
-- from its log: those of before this migration at the next start, all of an account when it is routed otherwise.
alter table thread add column turn text;                                  -- JSON of the fold
alter table thread add column stands text not null default '';            -- open, waiting, asleep, done, blocked; '': not folded
alter table thread add column waits_ms integer;                           -- since when the customer waits; null while nobody does
alter table thread add column word_ms integer;                            -- when the customer last wrote
alter table thread add column wakes_ms integer;                           -- of one that is asleep: until when
alter table thread add column is_reopened integer not null default 0;     -- 1 until it is decided whether its assignee keeps it
create index thread_at_work on thread (account) where stands in ('open', 'asleep');
create index thread_of_agent on thread (account, assignee) where assignee is not null and stands <> 'done';
create index thread_unfolded on thread (account) where turn is null;

-- The newest draft of each agent per thread, as their desks told it. Nobody reads it; it becomes an entry when the thread is
-- taken from its assignee, and goes with that, with an erasure, and with the account.
create table draft (
  account  text not null references account (account),
  customer text not null,
  agent    text not null references agent (agent),
  text     text not null,
  at_ms    integer not null,
  primary key (account, customer, agent)
) strict, without rowid;
