-- People and desks as admins see and change them; what each desk may hold, until it says that it is gone.

-- When a desk was last connected, and when it said, cut off, that nothing is left on it.
alter table desk add column seen_at_ms integer;
alter table desk add column wiped_at_ms integer;

-- An invite has a name that is no secret, and whoever made it: it is good as long as that admin may make it.
alter table invite add column invite text;                              -- our id
alter table invite add column made_by text;                             -- the admin; null for the operator
alter table invite add column made_at_ms integer not null default 0;    -- 0: not known
alter table invite add column changes_roles integer not null default 0; -- 1: another role there replaces the one that an agent has
update invite set invite = lower(hex(randomblob(16)));
create unique index invite_by_id on invite (invite);
create index invite_account_of on invite_account (account);

-- What a desk may hold: an account that it may read, or could, until it confirmed that everything of it is gone. A desk that
-- holds one owes each erasure after since_seq.
create table held (
  desk       text not null references desk (desk),
  account    text not null references account (account),
  since_seq  integer not null,              -- the head of the account's log when the desk was let in
  lost_at_ms integer,                       -- when it lost the right; null while it has it
  primary key (desk, account)
) strict, without rowid;

insert into held (desk, account, since_seq, lost_at_ms)
select desk.desk, role.account, 0, desk.revoked_at_ms from desk join role on role.agent = desk.agent;

-- Erasures of customers that a desk confirmed, by the seq of the fact.
create table erasure_done (
  desk     text not null references desk (desk),
  account  text not null,
  seq      integer not null,
  primary key (desk, account, seq)
) strict, without rowid;
