-- Page tokens. None stands here: fingerprints of those that desks have, boxes that only their desk can open, and logins
-- on their way. Rows go when their desk is cut off or loses the account.

-- What each desk last registered for an account.
create table page_token (
  account  text not null references account (account),
  desk     text not null references desk (desk),
  print    text not null,                 -- SHA-256 of the token
  is_alive integer not null,              -- 0 once a desk with this token reported that Meta refuses it
  since_ms integer not null,              -- when it was registered
  primary key (account, desk)
) strict, without rowid;
create index page_token_by_print on page_token (print);

-- Boxes from admins' desks.
create table token_box (
  account    text not null references account (account),
  desk       text not null references desk (desk),  -- who opens it
  left_by    text not null references agent (agent),
  sealed     text not null,               -- base64
  left_at_ms integer not null,
  ends_at_ms integer not null,
  primary key (account, desk)
) strict, without rowid;

-- Logins that desks began.
create table login (
  login          text primary key not null,
  desk           text not null references desk (desk),
  state_hash     text not null unique,    -- SHA-256 of the state that travels through the browser
  public_key     text not null,           -- the desk's, when it began
  ends_at_ms     integer not null,
  returned_at_ms integer,                 -- when Meta sent the browser back; a state is good for one return
  standing       text                     -- JSON of how it ended, with the box; null while it waits
) strict, without rowid;
create index login_of_desk on login (desk);
