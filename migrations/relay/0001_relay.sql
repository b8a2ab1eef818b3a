-- The relay's tables. Times are milliseconds UTC. Ids of ours are UUIDs as text, Meta's ids are text as Meta
-- wrote them. `log`, `entry`, `quarantine`, `unsent`, `command_result` and the people are the truth; `thread`,
-- `reply`, `part` and `account` are folded from entries, in the same transaction that appends them.

-- One log per account, and one called 'workspace'.
create table log (
  log      text primary key not null,     -- an account's id, or 'workspace'
  log_id   text not null,                 -- made at creation and after every restore
  head     integer not null default 0,    -- the highest seq; seqs are 1, 2, 3 … without holes
  chain    text not null default ''       -- the chain of the entry at the head
) strict, without rowid;

-- The records of all logs.
create table entry (
  log      text not null references log (log),
  seq      integer not null,              -- its place in the log
  at_ms    integer not null,              -- when it was appended
  kind     text not null,                 -- meta, team, audit, redacted
  key      text not null,                 -- makes a repeat recognisable
  about    text not null default '',      -- of a meta entry: the kind of event
  mid      text,                          -- of a meta entry: the message it is, or is about
  body     text not null,                 -- JSON; a tombstone after a redaction
  chain    text not null,                 -- hash over the chain before, kind, key and time
  primary key (log, seq)
) strict;
create unique index entry_by_key on entry (log, kind, key);
create index entry_by_mid on entry (log, mid) where mid is not null;

-- Accounts that somebody was invited to.
create table account (
  account         text primary key not null references log (log),
  platform        text not null,                            -- messenger, instagram
  name            text not null default '',                 -- as Meta gives it; empty until it was connected
  page            text not null default '',                 -- the Page an Instagram account is linked to
  app             text not null default '',                 -- our app, as the token named it
  routing         text not null default 'unknown',          -- on, off, hop_v2, unknown
  default_app     text,                                     -- the default app of the routing, where it is known
  human_agent     text not null default 'not_approved',     -- not_approved, approved, refused
  waiting         text not null default 'relay',            -- relay, send
  token_alive     integer,                                  -- 1 while Meta accepts the Page token; null: nobody said
  fields          text not null default '[]',               -- webhook fields that Meta confirmed, JSON
  connected_at_ms integer,                                  -- since when webhooks go into the log
  last_webhook_ms integer                                   -- when the last webhook arrived
) strict, without rowid;

-- The newest entry of each fact about an account.
create table account_fact (
  account  text not null references account (account),
  slot     text not null,                 -- the fact's name; for apps with the app's id
  seq      integer not null,
  primary key (account, slot)
) strict, without rowid;

-- The team's state of a thread.
create table thread (
  account        text not null references account (account),
  customer       text not null,
  version        integer not null default 0,  -- seq of the last assignment or status entry
  assignee       text,                        -- the agent
  status         text not null,               -- JSON of the status
  word_seq       integer not null default 0,  -- seq of the last word
  word_desk      text,                        -- the desk whose word that was; null for others' words
  other_word_seq integer not null default 0,  -- seq of the last word that is not of word_desk
  primary key (account, customer)
) strict, without rowid;

-- Replies of which a part was granted.
create table reply (
  reply    text primary key not null,
  account  text not null,
  customer text not null,
  desk     text not null,
  version  integer not null               -- the thread's version after the reply's own claim
) strict, without rowid;

-- Parts that were granted.
create table part (
  part            text primary key not null,
  account         text not null,
  customer        text not null,
  reply           text not null references reply (reply),
  place           integer not null,       -- its place in the reply, from 0
  agent           text not null,
  desk            text not null,
  granted_seq     integer not null,       -- seq of its grant
  granted_run     text not null,          -- the run of the relay in which it was granted
  granted_boot_ms integer not null,       -- the boot clock then
  settlement      text,                   -- JSON of how it ended
  mid             text,                   -- the message it became
  is_open         integer not null        -- 1 until it ended; unknown counts as not ended
) strict, without rowid;
create index part_open on part (account, customer) where is_open = 1;
create index part_of_reply on part (reply);
create index part_by_mid on part (account, mid) where mid is not null;

-- First results of commands, returned to a repeat.
create table command_result (
  desk        text not null,
  command_id  text not null,
  asked       text not null,              -- hash of the request: another request under the same id is refused
  is_conflict integer not null,           -- 1: body is a conflict, 0: it is an acceptance
  body        text not null,
  at_ms       integer not null,
  primary key (desk, command_id)
) strict, without rowid;

-- Signed webhooks that belong into no log yet.
create table quarantine (
  arrival  integer primary key autoincrement,
  at_ms    integer not null,
  why      text not null,                 -- unreadable, unknown_account, dashboard_test
  account  text not null default '',      -- where it will go
  key      text not null,                 -- the event's key, or the hash of an unreadable body
  about    text not null default '',
  mid      text,
  body     blob not null                  -- the stored event as JSON, or the unreadable bytes
) strict;
create unique index quarantine_by_key on quarantine (account, key);
create index quarantine_by_mid on quarantine (account, mid) where mid is not null;

-- Messages that were taken back; one that arrives afterwards is stored redacted.
create table unsent (
  account  text not null,
  mid      text not null,
  at_ms    integer not null,
  primary key (account, mid)
) strict, without rowid;

-- People.
create table agent (
  agent    text primary key not null,
  name     text not null
) strict, without rowid;

create table role (
  agent    text not null references agent (agent),
  account  text not null references account (account),
  role     text not null,                 -- agent, supervisor, admin
  primary key (agent, account)
) strict, without rowid;

create table desk (
  desk           text primary key not null,
  agent          text not null references agent (agent),
  name           text not null,           -- what the machine is called
  public_key     text not null,           -- X25519, base64
  token_hash     text not null unique,    -- SHA-256 of the bearer token
  enrolled_at_ms integer not null,
  revoked_at_ms  integer
) strict, without rowid;

create table invite (
  invite_hash   text primary key not null,  -- SHA-256 of the invite
  agent         text,                       -- an agent that exists; null makes a new one
  agent_name    text not null,
  expires_at_ms integer not null,
  used_at_ms    integer
) strict, without rowid;

create table invite_account (
  invite_hash text not null references invite (invite_hash),
  account     text not null references account (account),
  role        text not null,
  primary key (invite_hash, account)
) strict, without rowid;

-- Up to where an agent has read a thread. Not an entry.
create table read_mark (
  agent    text not null references agent (agent),
  account  text not null references account (account),
  customer text not null,
  read_seq integer not null,
  primary key (agent, account, customer)
) strict, without rowid;
