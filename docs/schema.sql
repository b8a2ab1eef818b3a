-- The desk's SQLite file, every table and column explained. A test compares this page with what the migrations make.
--
-- own: must survive a rebuild; nothing else holds it.   derived: made from entries, and can be made again.
-- Times are integers in milliseconds UTC: of Meta where a message or control is concerned, of the relay for when it
-- appended, of the desk's wall clock in own tables. A seq is a place in a log of the relay. Ids of ours are UUIDs as text.
-- No column holds a token or another secret. The file's `user_version` is 1 when it was looked through for old copies after
-- the last removal, else 0 (docs/decisions/0005).

-- raw_entry: own. Every entry of every log as the relay sent it. Derived tables can be made anew from it. An unsend
-- or an erasure puts a tombstone in place of the bytes.
CREATE TABLE raw_entry (
  log TEXT NOT NULL,            -- the account's id, or 'workspace'
  kind TEXT NOT NULL,           -- meta, team, audit, redacted, unknown
  key TEXT NOT NULL,            -- unique within log and kind
  seq INTEGER,                  -- place in the log; none after a resync, until it is read again
  at_ms INTEGER NOT NULL,       -- when the relay appended it, of the relay's clock
  chain TEXT NOT NULL,          -- the relay's chain at this entry
  mid TEXT,                     -- the message it carries or is about, so that an unsend finds it
  customer TEXT,                -- the customer it is about, so that an erasure finds it
  applied INTEGER NOT NULL,     -- version of apply that understood it; 0 when none has yet
  body TEXT NOT NULL,           -- the bytes, or a tombstone
  PRIMARY KEY (log, kind, key)
) STRICT;
CREATE UNIQUE INDEX raw_entry_by_seq ON raw_entry (log, seq) WHERE seq IS NOT NULL;
CREATE INDEX raw_entry_by_mid ON raw_entry (log, mid) WHERE mid IS NOT NULL;
CREATE INDEX raw_entry_audit ON raw_entry (log, customer) WHERE kind = 'audit';
CREATE INDEX raw_entry_by_customer ON raw_entry (log, customer, seq) WHERE customer IS NOT NULL;
CREATE INDEX raw_entry_not_applied ON raw_entry (log, key) WHERE applied = 0;
CREATE INDEX raw_entry_unknown ON raw_entry (log, customer) WHERE applied = 0 AND kind = 'meta';

-- log_identity: own. Which log the ranges of `cursor_range` belong to. Another id at the relay means resync.
CREATE TABLE log_identity (
  log TEXT NOT NULL PRIMARY KEY, -- the account's id, or 'workspace'
  log_id TEXT NOT NULL,          -- which log the ranges belong to
  chain TEXT NOT NULL            -- chain at the highest seq held; empty when nothing is held
) STRICT;

-- cursor_range: own. Which seqs of each log are held. A gap between two ranges is a hole that gets filled.
CREATE TABLE cursor_range (
  log TEXT NOT NULL REFERENCES log_identity (log) ON DELETE CASCADE, -- whose range
  first INTEGER NOT NULL,        -- first seq held
  last INTEGER NOT NULL,         -- last seq held
  PRIMARY KEY (log, first)
) STRICT, WITHOUT ROWID;

-- reply: own. What an agent sent with one press, and what the agent had seen of the thread then.
CREATE TABLE reply (
  reply TEXT NOT NULL PRIMARY KEY,   -- our id
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- where it goes
  agent TEXT NOT NULL,               -- who pressed send
  created_ms INTEGER NOT NULL,       -- when, of the desk's wall clock
  version_seen INTEGER NOT NULL,     -- the thread's version as seen
  word_seq_seen INTEGER NOT NULL,    -- seq of the last word as seen
  claim INTEGER NOT NULL,            -- 1 when the grant assigns the thread too
  take_first INTEGER NOT NULL,       -- 1 when control is taken before
  despite_unknown INTEGER NOT NULL,  -- 1 when the agent was shown another's unknown part
  leaves TEXT NOT NULL,              -- as what it was shown that it leaves: plain, human_agent
  after_sent TEXT                    -- done: the thread is set done once it was sent; missed: it was not
) STRICT;
CREATE INDEX reply_by_thread ON reply (thread_id, created_ms, reply);
CREATE INDEX reply_to_finish ON reply (thread_id, created_ms) WHERE after_sent = 'done';

-- outbox_part: own. One Send API call each. Never removed while it may still reach the customer; moved by compare-
-- and-set.
CREATE TABLE outbox_part (
  key TEXT NOT NULL PRIMARY KEY,     -- stable; the first id the part had
  part TEXT NOT NULL UNIQUE,         -- the id it goes by now; another after a grant that was not used
  reply TEXT NOT NULL REFERENCES reply (reply), -- its reply
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- where it goes
  idx INTEGER NOT NULL,              -- place in the reply, from 0
  of INTEGER NOT NULL,               -- how many parts the reply has
  text TEXT NOT NULL,                -- what is sent; empty once it was unsent
  state TEXT NOT NULL                -- where it stands
    CHECK (state IN ('held','queued','sending','sent','refused','unknown','abandoned','draft')),
  detail TEXT,                       -- JSON beside the state: what it waits for, what Meta said, why it came back
  tag TEXT,                          -- JSON: evidence of the human-agent tag
  grant_boot_ms INTEGER,             -- boot clock before its grant was asked for
  mid TEXT,                          -- the message, once Meta has it
  attempts INTEGER NOT NULL,         -- how often a Graph call began
  created_ms INTEGER NOT NULL,       -- of the desk's wall clock
  updated_ms INTEGER NOT NULL,       -- last change of state, of the desk's wall clock
  pressed_ms INTEGER NOT NULL DEFAULT 0, -- when it was pressed, of Meta's clock
  untold INTEGER NOT NULL DEFAULT 0, -- 1 until the agent was told how it ended
  file TEXT                          -- the file that is sent instead of a text, as own_file_use.id; none once it went back or was unsent
) STRICT;
CREATE INDEX outbox_part_by_thread ON outbox_part (thread_id, created_ms, idx);
CREATE INDEX outbox_part_by_reply ON outbox_part (reply, idx);
CREATE INDEX outbox_part_open ON outbox_part (thread_id, state, created_ms, reply, idx);
CREATE INDEX outbox_part_by_state ON outbox_part (state, created_ms, reply, idx);
CREATE INDEX outbox_part_by_mid ON outbox_part (mid) WHERE mid IS NOT NULL;
CREATE INDEX outbox_part_untold ON outbox_part (created_ms) WHERE untold = 1;
CREATE INDEX outbox_part_by_file ON outbox_part (file) WHERE file IS NOT NULL;
CREATE TRIGGER outbox_part_removed AFTER DELETE ON outbox_part WHEN old.file IS NOT NULL BEGIN
  DELETE FROM own_file_use WHERE id = old.file AND drafted = 0;
END;

-- outbox_former: own. Ids that a part went by before: an echo with any of them is the part's.
CREATE TABLE outbox_former (
  part TEXT NOT NULL PRIMARY KEY,    -- an id that a part went by before
  key TEXT NOT NULL REFERENCES outbox_part (key) ON DELETE CASCADE -- the part
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_former_by_key ON outbox_former (key);

-- own_file: own. A file that an agent adds to replies; it lies in files/<hash>, with its small picture beside it. On the
-- disk before it has a row. One that nobody uses is marked, removed, and then its row goes.
CREATE TABLE own_file (
  file TEXT NOT NULL PRIMARY KEY,    -- SHA-256 of the content, hexadecimal: its name in the folder
  mime TEXT NOT NULL,                -- what its bytes are; whatever is not known is application/octet-stream
  bytes INTEGER NOT NULL,            -- its size
  width INTEGER,                     -- of a picture that decodes, in pixels as it is shown
  height INTEGER,                    -- likewise
  moving INTEGER NOT NULL,           -- 1 for a picture of several frames
  thumb_mime TEXT,                   -- what the small picture is, if there is one
  thumb_bytes INTEGER NOT NULL,      -- its size; 0 without one
  added_ms INTEGER NOT NULL,         -- when it was first added, of the desk's wall clock
  unused INTEGER NOT NULL DEFAULT 0  -- 1 when nobody uses it any more
) STRICT;
CREATE INDEX own_file_unused ON own_file (file) WHERE unused = 1;

-- own_file_use: own. A file as one draft or one part has it. It goes from the draft to the part and back.
CREATE TABLE own_file_use (
  id TEXT NOT NULL PRIMARY KEY,      -- our id
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- where it is to go
  file TEXT NOT NULL REFERENCES own_file (file), -- its bytes
  name TEXT NOT NULL,                -- its real name
  place INTEGER NOT NULL,            -- order in which files were added to the thread; kept for ever
  drafted INTEGER NOT NULL           -- 1 while it is in the draft; else a part of the outbox names it
) STRICT;
CREATE INDEX own_file_use_of_thread ON own_file_use (thread_id, place);
CREATE INDEX own_file_use_of_file ON own_file_use (file);
CREATE TRIGGER own_file_let_go AFTER DELETE ON own_file_use BEGIN
  UPDATE own_file SET unused = 1
  WHERE file = old.file AND NOT EXISTS (SELECT 1 FROM own_file_use u WHERE u.file = old.file);
END;

-- upload: own. Files that Meta has and can send again by their ids.
CREATE TABLE upload (
  account TEXT NOT NULL,             -- whose upload it is
  what TEXT NOT NULL,                -- hash of content, kind and the name it travelled under
  attachment TEXT NOT NULL,          -- Meta's id
  until_ms INTEGER NOT NULL,         -- until when it lives, of Meta's clock
  PRIMARY KEY (account, what)
) STRICT, WITHOUT ROWID;

-- draft: own. What is written and not sent, one per thread.
CREATE TABLE draft (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  text TEXT NOT NULL,                -- the whole text
  reason TEXT,                       -- JSON: why it came back from the outbox, when it did
  updated_ms INTEGER NOT NULL        -- of the desk's wall clock
) STRICT;

-- note_draft: own. A private note that is written and not added, one per thread; apart from the draft of a reply, so that
-- neither becomes the other.
CREATE TABLE note_draft (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  text TEXT NOT NULL,                -- the whole text
  supervisors_only INTEGER NOT NULL, -- 1 when only supervisors and admins are to see it
  reason TEXT,                       -- JSON: why a note came back into it, when one did
  untold TEXT,                       -- the note that came back, until the agent was told
  updated_ms INTEGER NOT NULL        -- of the desk's wall clock
) STRICT;

-- hand_back_due: own. Threads that go back to the default app because this desk's agent is done with them, until that was
-- settled.
CREATE TABLE hand_back_due (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- which goes back
  done_ms INTEGER NOT NULL           -- when its agent was done with it, of Meta's clock
) STRICT;

-- handed_draft_done: own. Up to which draft that was handed over this desk's agent used or put aside, or whoever works on the
-- thread did, as the log tells, by thread.
CREATE TABLE handed_draft_done (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- the thread
  seq INTEGER NOT NULL               -- up to which handed draft
) STRICT;

-- draft_told: own. Of which drafts the relay was told, for when this desk's agent falls out. A row stands from before the relay
-- hears of a draft until it heard that there is none any more.
CREATE TABLE draft_told (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  digest TEXT NOT NULL               -- SHA-256 of what the relay has, in hexadecimal; empty while that is not known
) STRICT;

-- reply_pending_told: own. In which threads the team was told that replies wait on this desk, until it heard that none do.
CREATE TABLE reply_pending_told (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where replies of this desk wait
  told INTEGER NOT NULL              -- 1 once the relay took it; 0 while that is not known
) STRICT;

-- alert_log: own. How far this desk's agent was told of what each log brings, so that a new start repeats nothing and a short
-- cut loses nothing.
CREATE TABLE alert_log (
  log TEXT NOT NULL PRIMARY KEY,     -- the account's id
  log_id TEXT NOT NULL,              -- which log that counts for
  seq INTEGER NOT NULL,              -- everything up to here was told, or was not to be
  wall_ms INTEGER NOT NULL           -- when the stream was last heard, of the desk's wall clock
) STRICT, WITHOUT ROWID;

-- alert_end: own. Which ends of time this desk's agent was told of, until they are over.
CREATE TABLE alert_end (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- the thread
  ends TEXT NOT NULL,                -- what ends: window, late_window, control
  until_ms INTEGER NOT NULL,         -- when, of Meta's clock; another moment is another end
  stage INTEGER NOT NULL,            -- how near it was when it was last told: 1 far, 2 near
  PRIMARY KEY (thread_id, ends)
) STRICT, WITHOUT ROWID;

-- draft_frame: own. What stands around a draft's text.
CREATE TABLE draft_frame (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  answers TEXT,                      -- the mid of the message that it answers
  offers TEXT NOT NULL               -- JSON: titles of the quick replies that it offers
) STRICT;

-- reply_frame: own. What stood around it when it was sent: the reply's first part carries what is answered, its last one
-- what is offered.
CREATE TABLE reply_frame (
  reply TEXT NOT NULL PRIMARY KEY REFERENCES reply (reply) ON DELETE CASCADE, -- the reply
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- where it goes
  answers TEXT,                      -- the mid of the message that it answers
  offers TEXT NOT NULL               -- JSON: titles of the quick replies that it offers
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_frame_by_thread ON reply_frame (thread_id);

-- What was offered goes with the words it was offered with.
CREATE TRIGGER reply_words_went AFTER UPDATE OF text ON outbox_part WHEN new.text = '' AND old.text <> '' BEGIN
  DELETE FROM reply_frame WHERE reply = new.reply;
END;

-- own_canned_reply: own. Canned replies that this desk's agent keeps for itself.
CREATE TABLE own_canned_reply (
  name TEXT NOT NULL PRIMARY KEY,    -- short name after the slash
  text TEXT NOT NULL                 -- what is put into the composer
) STRICT, WITHOUT ROWID;

-- saved_view: own. Lists that this desk's agent keeps under names.
CREATE TABLE saved_view (
  id TEXT NOT NULL PRIMARY KEY,      -- our id
  place INTEGER NOT NULL,            -- order in which they were made
  name TEXT NOT NULL,                -- what the agent calls it
  view TEXT NOT NULL,                -- which threads, as the window calls it
  account TEXT,                      -- only of this account
  platform TEXT,                     -- only of this channel: messenger or instagram
  label TEXT,                        -- only with this label
  sort TEXT NOT NULL                 -- in which order, as the window calls it
) STRICT, WITHOUT ROWID;

-- command_queue: own. Commands for the relay that must not be lost, until it answered.
CREATE TABLE command_queue (
  place INTEGER PRIMARY KEY AUTOINCREMENT, -- order
  command_id TEXT NOT NULL UNIQUE,   -- repeats return the first result
  log TEXT NOT NULL,                 -- to which log
  request TEXT NOT NULL,             -- the command as JSON
  created_ms INTEGER NOT NULL,       -- of the desk's wall clock
  attempts INTEGER NOT NULL          -- how often it was tried
) STRICT;
CREATE INDEX command_queue_labels ON command_queue (log, request ->> '$.command.customer')
  WHERE request ->> '$.command.do' = 'set_label';

-- setting: own. Small values of this desk: theme, Meta's time as it was last learned, and the like. Never a secret.
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,    -- chosen by whoever sets it
  value TEXT NOT NULL                -- small JSON
) STRICT;

-- media: own. Files of the vault, each once, whatever messages it came with.
CREATE TABLE media (
  media TEXT NOT NULL PRIMARY KEY,   -- SHA-256 of the content, hexadecimal: the name of its file in the vault
  mime TEXT NOT NULL,                -- what its bytes are, as far as Baton shows it; whatever else is application/octet-stream
  bytes INTEGER NOT NULL,            -- its size
  width INTEGER,                     -- of a picture that can be shown, in pixels as it is shown
  height INTEGER,                    -- the same
  moving INTEGER NOT NULL,           -- 1 for a picture of more than one frame
  thumb_mime TEXT,                   -- MIME type of the small picture beside it; none when there is none
  thumb_bytes INTEGER NOT NULL,      -- its size; 0 when there is none
  said_ms INTEGER NOT NULL,          -- when the newest message that has it was said; in some old rows, when it was fetched
  unused INTEGER NOT NULL DEFAULT 0  -- 1 once no message needs it: the files go, then the row
) STRICT;
CREATE INDEX media_oldest ON media (said_ms);
CREATE INDEX media_unused ON media (media) WHERE unused = 1;

-- media_tally: derived. What the files that messages need come to, so that nobody adds up the table after every file. The
-- triggers keep it right, whichever statement brings, marks or removes a row.
CREATE TABLE media_tally (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1), -- there is one row
  bytes INTEGER NOT NULL             -- sizes of the files and of their small pictures
) STRICT;
CREATE TRIGGER media_tally_came AFTER INSERT ON media WHEN new.unused = 0 BEGIN
  INSERT INTO media_tally (only, bytes) VALUES (1, new.bytes + new.thumb_bytes)
    ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER media_tally_changed AFTER UPDATE OF bytes, thumb_bytes, unused ON media BEGIN
  UPDATE media_tally SET bytes = bytes
    + CASE new.unused WHEN 0 THEN new.bytes + new.thumb_bytes ELSE 0 END
    - CASE old.unused WHEN 0 THEN old.bytes + old.thumb_bytes ELSE 0 END;
END;
CREATE TRIGGER media_tally_went AFTER DELETE ON media WHEN old.unused = 0 BEGIN
  UPDATE media_tally SET bytes = bytes - (old.bytes + old.thumb_bytes);
END;

-- media_use: own. Which medium of which message is which file, and what became of fetching those that are not here.
CREATE TABLE media_use (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- the thread
  key TEXT NOT NULL,                 -- the message, as message.key
  place TEXT NOT NULL,               -- which medium of it: a.<attachment>, c.<attachment>.<card>, s (story), r (ad or link)
  state TEXT NOT NULL CHECK (state IN ('here', 'dead', 'large', 'forbidden', 'later', 'given_up')), -- here; link died; too large; no public address; tried in vain; went to make room
  media TEXT REFERENCES media (media), -- the file
  name TEXT,                         -- its name, as it came with the file
  address TEXT NOT NULL,             -- hash of the address that was asked, so that another one is asked anew
  tries INTEGER NOT NULL,            -- how often it was tried in vain
  again_ms INTEGER NOT NULL,         -- not before when it is tried again, of the desk's wall clock
  bytes INTEGER,                     -- of one that was given up: how large it was, with its small picture
  PRIMARY KEY (thread_id, key, place),
  CHECK ((state = 'here') = (media IS NOT NULL)),
  CHECK ((state = 'given_up') = (bytes IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX media_use_of_file ON media_use (media) WHERE media IS NOT NULL;
CREATE INDEX media_use_later ON media_use (again_ms) WHERE state = 'later';
CREATE INDEX media_use_given_up ON media_use (thread_id, key) WHERE state = 'given_up';

-- Who removes the last use of a file marks the file.
CREATE TRIGGER media_use_removed AFTER DELETE ON media_use WHEN old.media IS NOT NULL BEGIN
  UPDATE media SET unused = 1
  WHERE media = old.media AND NOT EXISTS (SELECT 1 FROM media_use u WHERE u.media = old.media);
END;

-- familiar: own. Customers whose pictures are shown at once, because an agent at this desk chose to see one.
CREATE TABLE familiar (
  account TEXT NOT NULL,             -- whose customer
  customer TEXT NOT NULL,            -- the customer
  since_ms INTEGER NOT NULL,         -- of the desk's wall clock
  PRIMARY KEY (account, customer)
) STRICT, WITHOUT ROWID;

-- enrolment: own. What this desk is. The desk's token is not here; it lies in the key store of the system.
CREATE TABLE enrolment (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1), -- one row
  relay TEXT NOT NULL,               -- the relay's address
  desk TEXT NOT NULL,                -- this desk
  agent TEXT NOT NULL,               -- its agent
  agent_name TEXT NOT NULL,          -- the agent's name
  workspace TEXT NOT NULL,           -- the workspace's name
  our_app TEXT                       -- our Meta app, once the relay said it
) STRICT;

-- access: own. Which accounts the relay lets this desk read, and as what.
CREATE TABLE access (
  account TEXT NOT NULL PRIMARY KEY, -- an account this desk may read
  platform TEXT NOT NULL,            -- messenger or instagram
  name TEXT NOT NULL,                -- its name at the relay; empty until it was connected
  role TEXT NOT NULL,                -- agent, supervisor, admin
  connected INTEGER NOT NULL         -- 1 once its webhooks go into its log
) STRICT;

-- page_token: own. What this desk knows of its Page tokens, which lie in the key store of the system.
CREATE TABLE page_token (
  account TEXT NOT NULL PRIMARY KEY, -- the account it serves
  generation INTEGER NOT NULL,       -- counts the tokens that this desk has had for it
  kept_ms INTEGER NOT NULL,          -- since when it is here, of Meta's clock
  registered INTEGER NOT NULL,       -- 1 once the relay knows it
  dead INTEGER NOT NULL,             -- 1 once Meta refused it
  checked_ms INTEGER,                -- when Meta was last asked what it is worth, of Meta's clock
  expires_ms INTEGER,                -- when it ends, as Meta said then; none without an end
  data_access_expires_ms INTEGER,    -- when Meta stops giving data for it, as it said then
  scopes TEXT                        -- JSON: the rights it carries, as Meta said then
) STRICT;

-- read_mark: own. Up to where this desk's agent has read. The relay keeps the marks; this is the copy that counts
-- unread.
CREATE TABLE read_mark (
  account TEXT NOT NULL,             -- the account
  customer TEXT NOT NULL,            -- the thread's customer
  read_seq INTEGER NOT NULL,         -- everything of the thread up to this seq was read by this desk's agent
  PRIMARY KEY (account, customer)
) STRICT, WITHOUT ROWID;

-- account_check: own. When this desk last read the settings of an account from Meta.
CREATE TABLE account_check (
  account TEXT NOT NULL PRIMARY KEY, -- the account
  checked_ms INTEGER NOT NULL        -- when, of Meta's clock
) STRICT;

-- history_pass: own. How far this desk is with reading the history of an account from Meta, while it is the steward.
CREATE TABLE history_pass (
  account TEXT NOT NULL PRIMARY KEY, -- the account
  begun_ms INTEGER NOT NULL,         -- when the pass began, of Meta's clock
  since_ms INTEGER,                  -- threads that did not change since are left out; none when all are read
  is_listed INTEGER NOT NULL,        -- 1 once all its threads are known
  messages INTEGER NOT NULL          -- how many messages it found
) STRICT;

-- history_thread: own. The threads of that pass.
CREATE TABLE history_thread (
  account TEXT NOT NULL REFERENCES history_pass (account) ON DELETE CASCADE, -- the account
  conversation TEXT NOT NULL,        -- Graph's id of the thread
  customer TEXT,                     -- its customer, where the listing names one
  name TEXT,                         -- the customer's name, where the listing gives it
  updated_ms INTEGER NOT NULL,       -- when it last changed, of Meta's clock
  is_done INTEGER NOT NULL,          -- 1 once it was read
  aside INTEGER NOT NULL DEFAULT 0,  -- 1 once it is set aside because Meta fails to give it, 2 once it was tried in vain again
  is_carried INTEGER NOT NULL DEFAULT 0, -- 1 for one that an earlier pass left out: it is read to its end
  PRIMARY KEY (account, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_thread_next ON history_thread (account, updated_ms DESC, conversation) WHERE is_done = 0;

-- account: derived. One row per account of which an entry is here. Each field carries the seq of the fact it came
-- from; the highest wins.
CREATE TABLE account (
  account TEXT NOT NULL PRIMARY KEY, -- Meta's id
  platform TEXT,                     -- messenger or instagram
  name TEXT,                         -- as Meta gives it
  page TEXT,                         -- the Page it is linked to; itself on Messenger
  our_app TEXT,                      -- our Meta app
  fields TEXT,                       -- JSON: webhook fields that Meta confirmed
  connected_ms INTEGER,              -- when it was last connected, of the relay
  connected_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  removed_seq INTEGER NOT NULL DEFAULT 0,   -- seq of its removal
  routing TEXT NOT NULL DEFAULT 'unknown',  -- on, off, hop_v2, unknown
  default_app TEXT,                  -- who gets a customer who writes while nobody holds the thread
  routing_seq INTEGER NOT NULL DEFAULT 0,   -- seq of that fact
  default_app_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  human_agent TEXT NOT NULL DEFAULT 'not_approved', -- not_approved, approved, refused
  human_agent_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  waiting_rule TEXT NOT NULL DEFAULT 'relay', -- relay or send
  waiting_seq INTEGER NOT NULL DEFAULT 0,   -- seq of that fact
  token_alive INTEGER,               -- 1 while Meta accepts the Page token, as the team knows it
  token_seq INTEGER NOT NULL DEFAULT 0,     -- seq of that fact
  last_event_ms INTEGER,             -- when the relay received the newest webhook this desk holds
  policy TEXT,                       -- what Meta did to it last: warning, block, unblock, other
  policy_reason TEXT,                -- Meta's reason
  policy_ms INTEGER NOT NULL DEFAULT 0, -- when
  policy_key TEXT NOT NULL DEFAULT '', -- key of the entry, for order within a millisecond
  subscribed INTEGER NOT NULL DEFAULT 1, -- 0 once Meta sends nothing of it any more
  fields_seq INTEGER NOT NULL DEFAULT 0, -- seq of the fact that subscribed and fields are from
  names_given INTEGER,               -- 1 when Meta gives customers' names, 0 when it refuses; none when nobody knows
  names_seq INTEGER NOT NULL DEFAULT 0,  -- seq of that fact
  history_paused INTEGER NOT NULL DEFAULT 0, -- 1 while reading its history from Meta is paused
  history_paused_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  history_through_ms INTEGER,        -- what had changed before it is in the log, as far as Meta gives it
  app_subscribed INTEGER,            -- 1 while Meta sends our app anything of the platform, 0 when nothing; none when nobody said
  app_fields TEXT,                   -- JSON: the app's webhook fields of that platform
  app_subscribed_seq INTEGER NOT NULL DEFAULT 0, -- seq of the fact that both are from
  hand_back INTEGER NOT NULL DEFAULT 0, -- 1 where a thread goes back to the default app when an agent is done with it
  hand_back_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  history_unread TEXT                -- JSON: threads that the pass through then left out, because Meta failed to give them
) STRICT;

-- connection: derived. Each time that the account was connected. A message since the first of them after the last removal
-- should have come by a webhook.
CREATE TABLE connection (
  account TEXT NOT NULL,             -- the account
  seq INTEGER NOT NULL,              -- seq of the fact
  at_ms INTEGER NOT NULL,            -- when the relay appended it
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

-- app: derived. Apps that were seen at an account, and what they are called. One that nobody named has seq 0 and no name.
CREATE TABLE app (
  account TEXT NOT NULL,             -- where it is known under this name
  app TEXT NOT NULL,                 -- Meta's id
  name TEXT NOT NULL,                -- its name
  answers_count INTEGER NOT NULL,    -- 1 when its answers stop the waiting time on an unmanaged account
  seq INTEGER NOT NULL,              -- seq of the fact
  PRIMARY KEY (account, app)
) STRICT, WITHOUT ROWID;

-- app_role: derived. Which part each app has in the old handover protocol.
CREATE TABLE app_role (
  account TEXT NOT NULL,             -- where it has this part
  app TEXT NOT NULL,                 -- Meta's id
  role TEXT,                         -- primary_receiver or secondary_receiver; none when it has neither
  at_ms INTEGER NOT NULL,            -- when Meta said so; -1 while it is only guessed from a refusal
  key TEXT NOT NULL,                 -- key of the entry, for order within a millisecond
  PRIMARY KEY (account, app)
) STRICT, WITHOUT ROWID;

-- agent: derived. The people of the workspace.
CREATE TABLE agent (
  agent TEXT NOT NULL PRIMARY KEY,   -- our id
  name TEXT NOT NULL,                -- the current name
  seq INTEGER NOT NULL               -- seq of the fact
) STRICT, WITHOUT ROWID;

-- agent_role: derived. Who may do what where, as the workspace log tells it.
CREATE TABLE agent_role (
  agent TEXT NOT NULL,               -- who
  account TEXT NOT NULL,             -- where
  role TEXT,                         -- agent, supervisor, admin; none when it ended
  seq INTEGER NOT NULL,              -- seq of the fact
  PRIMARY KEY (agent, account)
) STRICT, WITHOUT ROWID;

-- desk: derived. Enrolled desks, as the workspace log tells it.
CREATE TABLE desk (
  desk TEXT NOT NULL PRIMARY KEY,    -- our id
  agent TEXT,                        -- whose
  name TEXT,                         -- what the machine is called
  enrolled_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  revoked_seq INTEGER NOT NULL DEFAULT 0   -- seq of the cut; 0 while it may read
) STRICT, WITHOUT ROWID;

-- canned_reply: derived. Canned replies that the team shares, as the workspace log tells it.
CREATE TABLE canned_reply (
  name TEXT NOT NULL PRIMARY KEY,    -- short name after the slash
  text TEXT,                         -- none when it was removed
  seq INTEGER NOT NULL               -- seq of the fact
) STRICT, WITHOUT ROWID;

-- customer: derived. Names and blocks. Shown is the first of: written by an agent, given by Graph, found in history.
CREATE TABLE customer (
  account TEXT NOT NULL,             -- whose customer
  customer TEXT NOT NULL,            -- PSID or IGSID
  hand_name TEXT,                    -- a name that an agent wrote
  hand_seq INTEGER NOT NULL DEFAULT 0,  -- seq of that fact
  meta_name TEXT,                    -- the name that Graph gave, as a desk told
  meta_seq INTEGER NOT NULL DEFAULT 0,  -- seq of that fact
  audit_name TEXT,                   -- the name that a page of history gave
  audit_ms INTEGER NOT NULL DEFAULT 0,  -- when that page was read
  blocked INTEGER NOT NULL DEFAULT 0,   -- 1 while blocked
  blocked_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  erased_seq INTEGER NOT NULL DEFAULT 0,  -- seq of the erasure
  spam INTEGER NOT NULL DEFAULT 0,      -- 1 when a blocked one's thread went among Meta's spam too
  PRIMARY KEY (account, customer)
) STRICT, WITHOUT ROWID;

-- thread: derived. One row per account and customer: exactly one, for ever. `sort_ms` is ascending for the order
-- "needs a reply first": for a thread that needs a reply the moment since when the customer waits, 4000000000000000 less where
-- it is urgent, 4000000000000000 more once its windows are shut, urgent or not, for the others 9000000000000000 minus
-- `last_at_ms`, so that the urgent come first, then the longest wait, then those who wait and cannot be answered any more, and
-- then the newest activity. `version`,
-- which claims are checked against, is the greater of `assignee_seq` and `status_seq`.
CREATE TABLE thread (
  thread_id INTEGER PRIMARY KEY AUTOINCREMENT, -- this desk's number for it; stable while the file lives
  account TEXT NOT NULL,             -- the account
  customer TEXT NOT NULL,            -- the customer
  -- of the team's facts
  assignee TEXT,                     -- who works on it
  assignee_seq INTEGER NOT NULL DEFAULT 0, -- seq of that fact
  status TEXT NOT NULL DEFAULT '{"status":"open"}', -- as last set, JSON
  status_seq INTEGER NOT NULL DEFAULT 0,   -- seq of that fact
  urgent INTEGER NOT NULL DEFAULT 0, -- 1 for urgent
  urgent_seq INTEGER NOT NULL DEFAULT 0,   -- seq of that fact
  -- of Meta's facts, computed anew whenever the thread is touched
  last_at_ms INTEGER NOT NULL DEFAULT 0,   -- time of its newest message or reaction
  preview_by TEXT NOT NULL DEFAULT 'system', -- author of the newest message
  preview_agent TEXT,                -- the agent, when the author is one of ours
  preview_app TEXT,                  -- the app, when the author is one
  preview TEXT NOT NULL DEFAULT '',  -- its first line
  preview_kind TEXT NOT NULL DEFAULT 'message', -- what it is: words, a picture, a reaction, …; see PreviewKind
  last_opening_ms INTEGER,           -- the customer's last act that opens the 24-hour window
  first_unanswered_ms INTEGER,       -- the customer's first message after a person last answered
  last_person_ms INTEGER,            -- when a person last answered
  acted_ms INTEGER,                  -- the customer's newest reaction or other act without a message that opens the window
  inbound_seq INTEGER NOT NULL DEFAULT 0,  -- seq of the newest inbound message
  word_seq INTEGER NOT NULL DEFAULT 0,     -- seq of the last word: a message, or a settlement that says sent
  delivered_ms INTEGER NOT NULL DEFAULT 0, -- newest watermark: everything sent up to here reached the customer
  seen_ms INTEGER NOT NULL DEFAULT 0,      -- newest watermark: everything sent up to here was seen
  owner TEXT NOT NULL DEFAULT '{"owner":{"owner":"unknown"},"since_ms":null,"until_ms":null,"by":"nothing_known","note":null,"came_ms":null,"lapsed_from":null}', -- who holds it after the last evidence, JSON
  -- of both
  active INTEGER NOT NULL DEFAULT 1, -- its shelf: 1 active, 0 done, 2 its customer is blocked, 3 asleep
  waiting_since_ms INTEGER,          -- since when the customer waits for a person
  needs_reply INTEGER NOT NULL DEFAULT 0,  -- 1 when a person should answer
  unread INTEGER NOT NULL DEFAULT 0, -- the customer's messages that this desk's agent has not read; at most 100
  sort_ms INTEGER NOT NULL DEFAULT 0, -- place in the order "needs a reply first": see docs/schema.sql
  asleep_until_ms INTEGER,           -- until when it sleeps, by Meta's time; none unless its status is a sleep
  woke INTEGER NOT NULL DEFAULT 0,   -- 1 once that time has come and its figures were computed for a thread awake
  shut INTEGER NOT NULL DEFAULT 0,   -- 1 when at the last look no window was open that `last_opening_ms` opened
  reopened INTEGER NOT NULL DEFAULT 0, -- 1 when the customer wrote since `status` was set, and no other app has kept it from us since
  ends_ms INTEGER,                   -- of a thread that needs a reply, what of window, late window and control ends next after the last look
  ended_ms INTEGER,                  -- and which of them had ended last by then; far ahead asks for a look
  ending INTEGER NOT NULL DEFAULT 0, -- 1 when at the last look `ends_ms` was near
  breach_ms INTEGER AS ( -- place in the order of the board: what ends next first, then who can get no reply any more, then the rest
    CASE WHEN needs_reply = 0 THEN 9000000000000000 - last_at_ms WHEN ends_ms IS NOT NULL THEN ends_ms
    ELSE 4000000000000000 + coalesce(waiting_since_ms, last_at_ms) END) VIRTUAL,
  awaits INTEGER AS ( -- 1 when its status says that we wait for the customer
    reopened = 0 AND status ->> '$.status' = 'waiting_on_customer') VIRTUAL,
  UNIQUE (account, customer)
) STRICT;
CREATE INDEX thread_newest ON thread (active, last_at_ms DESC, thread_id DESC);
CREATE INDEX thread_newest_of_agent ON thread (active, assignee, last_at_ms DESC, thread_id DESC);
CREATE INDEX thread_newest_of_account ON thread (active, account, last_at_ms DESC, thread_id DESC);
CREATE INDEX thread_newest_of_both ON thread (active, account, assignee, last_at_ms DESC, thread_id DESC);
CREATE INDEX thread_waiting ON thread (active, sort_ms, thread_id);
CREATE INDEX thread_waiting_of_agent ON thread (active, assignee, sort_ms, thread_id);
CREATE INDEX thread_waiting_of_account ON thread (active, account, sort_ms, thread_id);
CREATE INDEX thread_waiting_of_both ON thread (active, account, assignee, sort_ms, thread_id);
CREATE INDEX thread_asleep ON thread (woke, asleep_until_ms) WHERE asleep_until_ms IS NOT NULL;
CREATE INDEX thread_shutting ON thread (account, shut, last_opening_ms)
  WHERE needs_reply = 1 AND last_opening_ms IS NOT NULL;
CREATE INDEX thread_snoozed ON thread (active, asleep_until_ms, thread_id) WHERE active = 3;
CREATE INDEX thread_ending ON thread (ending, ends_ms, thread_id) WHERE ends_ms IS NOT NULL;
CREATE INDEX thread_ended ON thread (ended_ms) WHERE ended_ms IS NOT NULL;
CREATE INDEX thread_breach ON thread (breach_ms, thread_id, account, awaits) WHERE active = 1;
CREATE INDEX thread_breach_of_agent ON thread (assignee, breach_ms, thread_id, account, awaits) WHERE active = 1;

-- list_count: derived. How many threads each list holds, kept by triggers on `thread`, so that no list is ever
-- counted.
CREATE TABLE list_count (
  account TEXT NOT NULL,             -- the account
  assignee TEXT NOT NULL,            -- the agent; empty for nobody
  active INTEGER NOT NULL,           -- their shelf, as `thread.active`
  needs_reply INTEGER NOT NULL,      -- 1 when a person should answer
  shut INTEGER NOT NULL,             -- 1 when none can any more, as `thread.shut` says
  ending INTEGER NOT NULL,           -- 1 when their time ends soon, as `thread.ending` says
  threads INTEGER NOT NULL,          -- how many such threads there are
  PRIMARY KEY (account, assignee, active, needs_reply, shut, ending)
) STRICT, WITHOUT ROWID;

-- Keep list_count true.
CREATE TRIGGER thread_counted AFTER INSERT ON thread BEGIN
  INSERT INTO list_count (account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER thread_recounted AFTER UPDATE OF assignee, active, needs_reply, shut, ending ON thread
WHEN old.assignee IS NOT new.assignee OR old.active <> new.active OR old.needs_reply <> new.needs_reply
  OR old.shut <> new.shut OR old.ending <> new.ending BEGIN
  UPDATE list_count SET threads = threads - 1
  WHERE account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
  INSERT INTO list_count (account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER thread_uncounted AFTER DELETE ON thread BEGIN
  UPDATE list_count SET threads = threads - 1
  WHERE account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
END;

-- message: derived. What was said, and what stands in a thread like something said. When several entries tell of one
-- message, the one with the greatest (rank, told_ms, told_key) gives the content.
CREATE TABLE message (
  message_id INTEGER PRIMARY KEY AUTOINCREMENT, -- this desk's number for it
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  key TEXT NOT NULL,                 -- the mid, or the entry's key where there is no mid
  mid TEXT,                          -- Meta's id
  at_ms INTEGER NOT NULL,            -- when it was said
  tie INTEGER NOT NULL,              -- order within one second of a page of history
  kind TEXT NOT NULL,                -- message, postback, happened (by the customer), notice, unknown
  inbound INTEGER NOT NULL,          -- 1 when the customer said it
  text TEXT,                         -- as first said; none for pure media and after an unsend
  app TEXT,                          -- in an echo: the app that sent it
  part TEXT,                         -- in an echo: the part it came from, as its metadata says
  heard TEXT,                        -- messaging or standby; none in history
  rank INTEGER NOT NULL,             -- what told of it: -1 an edit, 0 a tombstone, 1 an audit, 2 a button's webhook, 3 a webhook
  told_ms INTEGER NOT NULL,          -- for an audit, when it was read; the newest tells
  told_key TEXT NOT NULL,            -- key of the entry that told of it
  seq INTEGER,                       -- seq of the first entry that told of it; none after a resync
  opens INTEGER NOT NULL,            -- 1 when it opens the 24-hour window
  word INTEGER NOT NULL,             -- 1 for a word: what an agent must have seen before answering
  person INTEGER NOT NULL,           -- 1 when a person of ours or in Meta's inbox said it, or only history tells of it
  receipt INTEGER NOT NULL,          -- 0 none, 1 delivered, 2 seen: what a receipt says of this very message
  unsent INTEGER NOT NULL,           -- 1 when it was taken back
  found_late INTEGER NOT NULL,       -- 1 when an audit told of it and it was new then
  reply_to TEXT,                     -- the mid it answers
  extra TEXT,                        -- JSON: what was pressed, ad or link, story, and what happened without a word
  UNIQUE (thread_id, key)
) STRICT;
CREATE INDEX message_in_order ON message (thread_id, at_ms, tie, key);
CREATE INDEX message_inbound ON message (thread_id, at_ms) WHERE inbound = 1 AND word = 1;
CREATE INDEX message_inbound_by_seq ON message (thread_id, seq) WHERE inbound = 1 AND word = 1;
CREATE INDEX message_opening ON message (thread_id, at_ms) WHERE opens = 1;
CREATE INDEX message_of_person ON message (thread_id, at_ms) WHERE person = 1;
CREATE INDEX message_word ON message (thread_id, seq) WHERE word = 1;
CREATE INDEX message_seen ON message (thread_id, receipt, at_ms) WHERE receipt > 0;
CREATE INDEX message_of_app ON message (thread_id, app, at_ms) WHERE inbound = 0;
CREATE INDEX message_by_part ON message (part) WHERE part IS NOT NULL;
CREATE INDEX message_of_audit ON message (at_ms, thread_id) WHERE rank = 1;

-- What is taken back or erased loses its files in the same transaction, whichever statement does it.
CREATE TRIGGER message_taken_back AFTER UPDATE OF unsent ON message WHEN new.unsent = 1 BEGIN
  DELETE FROM media_use WHERE thread_id = new.thread_id AND key = new.key;
END;
CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
  DELETE FROM media_use WHERE thread_id = old.thread_id AND key = old.key;
END;

-- attachment: derived. Files, shares, places, cards and templates of messages.
CREATE TABLE attachment (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE, -- its message
  idx INTEGER NOT NULL,              -- its place, from 0
  kind TEXT NOT NULL,                -- Meta's word for it
  url TEXT,                          -- where it lies; expires
  title TEXT,                        -- its title or file name
  payload TEXT,                      -- JSON as it came
  PRIMARY KEY (message_id, idx)
) STRICT, WITHOUT ROWID;

-- reaction: derived. The newest reaction of each person on each message.
CREATE TABLE reaction (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- the message; may not be known yet
  actor TEXT NOT NULL,               -- who: the customer's or the account's id
  at_ms INTEGER NOT NULL,            -- when
  key TEXT NOT NULL,                 -- the entry's key, for order within a millisecond
  emoji TEXT,                        -- the character; none when it was taken away
  on_seq INTEGER NOT NULL DEFAULT 0, -- seq of the last entry that set one, also once it was taken away; 0 where none is known
  on_ms INTEGER NOT NULL DEFAULT 0,  -- when that was, of Meta
  PRIMARY KEY (thread_id, mid, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX reaction_newest ON reaction (thread_id, at_ms) WHERE emoji IS NOT NULL;

-- message_edit: derived. Edits; the one with the greatest number is shown.
CREATE TABLE message_edit (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- the message; may not be known yet
  num INTEGER NOT NULL,              -- which edit
  at_ms INTEGER NOT NULL,            -- when
  text TEXT NOT NULL,                -- the text after it
  PRIMARY KEY (thread_id, mid, num)
) STRICT, WITHOUT ROWID;

-- receipt: derived. Receipts that name a message, which may come before it.
CREATE TABLE receipt (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- the message; may not be known yet
  grade INTEGER NOT NULL,            -- 1 delivered, 2 seen
  PRIMARY KEY (thread_id, mid)
) STRICT, WITHOUT ROWID;

-- unsent: derived. Messages that were taken back, so that one that comes later is stored without its content.
CREATE TABLE unsent (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- the message that was taken back; may come later
  PRIMARY KEY (thread_id, mid)
) STRICT, WITHOUT ROWID;

-- audited: derived. Threads whose history somebody read from Meta.
CREATE TABLE audited (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- the thread
  read_ms INTEGER NOT NULL,          -- when it was last read to its end, of Meta's clock
  is_whole INTEGER NOT NULL,         -- 1 when Meta once gave all of it
  is_withheld INTEGER NOT NULL       -- 1 when it had older messages that Meta did not give
) STRICT;

-- withheld: derived. Messages in the middle of a thread that Meta names and does not give. One of them that is in `message`,
-- `unsent` or `erased` is not missing.
CREATE TABLE withheld (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- the message
  at_ms INTEGER NOT NULL,            -- when it was said, of Meta, to the second; or when the next newer one was
  seq INTEGER NOT NULL,              -- seq of the newest page that named it
  PRIMARY KEY (thread_id, mid)
) STRICT, WITHOUT ROWID;

-- erased: derived. Messages that were erased with their customer, so that none of them comes back by a later page of
-- history. Nothing else of them is kept.
CREATE TABLE erased (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  mid TEXT NOT NULL,                 -- a message that was erased with its customer; never shown again
  PRIMARY KEY (thread_id, mid)
) STRICT, WITHOUT ROWID;

-- owner_event: derived. Evidence about control of a thread in order of Meta's time, each with who holds the thread
-- after it.
CREATE TABLE owner_event (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  at_ms INTEGER NOT NULL,            -- when, of Meta
  rank INTEGER NOT NULL,             -- place among acts of the same millisecond
  tie TEXT NOT NULL,                 -- key of the entry it came in
  act TEXT NOT NULL,                 -- JSON: what happened
  learned INTEGER NOT NULL,          -- 1 when it is a team fact, which a resync drops
  after TEXT,                        -- JSON: who holds the thread after it; none until it was folded
  shown INTEGER NOT NULL,            -- 1 when it makes a line of the timeline
  PRIMARY KEY (thread_id, at_ms, rank, tie)
) STRICT, WITHOUT ROWID;
CREATE INDEX owner_event_shown ON owner_event (thread_id, at_ms, rank, tie) WHERE shown = 1;
CREATE INDEX owner_event_not_folded ON owner_event (thread_id, at_ms, rank, tie) WHERE after IS NULL;
CREATE INDEX owner_event_learned ON owner_event (thread_id) WHERE learned = 1;

-- team_event: derived. What the team did, for the timeline.
CREATE TABLE team_event (
  account TEXT NOT NULL,             -- the log
  seq INTEGER NOT NULL,              -- its place in the log
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- the thread it is about
  at_ms INTEGER NOT NULL,            -- when the relay appended it
  fact TEXT NOT NULL,                -- its name
  body TEXT NOT NULL,                -- the fact as JSON
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_event_by_thread ON team_event (thread_id, at_ms, seq);

-- team_part: derived. Parts of all desks as the log tells them: who sends, what, how it ended.
CREATE TABLE team_part (
  part TEXT NOT NULL PRIMARY KEY,    -- the part
  account TEXT NOT NULL,             -- the log
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  granted_seq INTEGER,               -- seq of its grant; none while only its end is known
  granted_ms INTEGER,                -- when it was granted, of the relay
  reply TEXT,                        -- its reply
  idx INTEGER,                       -- place in the reply
  of INTEGER,                        -- how many parts the reply has
  agent TEXT,                        -- who sends
  desk TEXT,                         -- from which desk
  text TEXT,                         -- what is sent; none once it was unsent
  tag TEXT,                          -- JSON: evidence of the human-agent tag
  unchecked INTEGER NOT NULL,        -- 1 when the relay was not asked before
  settled_seq INTEGER,               -- seq of the settlement that counts
  settled_rank INTEGER,              -- its rank
  settlement TEXT,                   -- JSON: how it ended
  mid TEXT,                          -- the message, when it was sent
  file TEXT                          -- which kind of file is sent instead of a text: image, video, audio, file
) STRICT, WITHOUT ROWID;
CREATE INDEX team_part_open ON team_part (thread_id, granted_seq)
  WHERE settled_rank IS NULL OR settled_rank <= 1;
CREATE INDEX team_part_left ON team_part (account, settled_rank, granted_ms)
  WHERE settled_rank IS NULL OR settled_rank <= 1;
CREATE INDEX team_part_sent ON team_part (thread_id, settled_seq) WHERE settled_rank = 4;
CREATE INDEX team_part_by_mid ON team_part (mid) WHERE mid IS NOT NULL;
CREATE INDEX team_part_by_account ON team_part (account);
CREATE INDEX team_part_by_thread ON team_part (thread_id);
CREATE INDEX team_part_tagged ON team_part (account, granted_seq) WHERE tag IS NOT NULL;

-- queue_set: derived. The rules by which an account's threads are given out, each since which fact they hold.
CREATE TABLE queue_set (
  account TEXT NOT NULL,             -- the log
  seq INTEGER NOT NULL,              -- seq of the fact
  rules TEXT NOT NULL,               -- JSON: the rules from there on
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

-- reply_pending: derived. On which desks replies wait, as they said last.
CREATE TABLE reply_pending (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- where it goes
  desk TEXT NOT NULL,                -- on which desk it waits
  agent TEXT NOT NULL,               -- whose desk that is
  parts INTEGER NOT NULL,            -- how many parts wait; 0 when none do any more
  at_ms INTEGER NOT NULL,            -- when the relay heard of it
  seq INTEGER NOT NULL,              -- seq of the fact
  PRIMARY KEY (thread_id, desk)
) STRICT, WITHOUT ROWID;

-- handed_draft: derived. Drafts of agents from whom a thread was taken, for whoever goes on there.
CREATE TABLE handed_draft (
  account TEXT NOT NULL,             -- the log
  seq INTEGER NOT NULL,              -- seq of the fact
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- the thread that was taken from them
  at_ms INTEGER NOT NULL,            -- when the relay appended it
  from_agent TEXT NOT NULL,          -- whose draft it is
  text TEXT,                         -- the draft; none where only files were in it, and once the customer was erased
  files TEXT NOT NULL DEFAULT '[]',  -- JSON: what its files are called, which stayed on that agent's desk
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX handed_draft_by_thread ON handed_draft (thread_id, seq);

-- note: derived. Private notes. A removed one keeps its row, so that it does not come back.
CREATE TABLE note (
  note TEXT NOT NULL PRIMARY KEY,    -- our id
  account TEXT NOT NULL,             -- the log
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- its thread
  at_ms INTEGER NOT NULL,            -- when the relay appended it
  by TEXT,                           -- the agent who wrote it
  text TEXT,                         -- its text; none once it was taken away or erased, or while only its removal is known
  mentions TEXT,                     -- JSON: who is meant
  supervisors_only INTEGER NOT NULL, -- 1 when only supervisors, admins and its author are shown it
  seq INTEGER NOT NULL,              -- seq of the fact; 0 while only its removal is known
  removed_seq INTEGER NOT NULL       -- seq of its removal; 0 while it stands
) STRICT, WITHOUT ROWID;
CREATE INDEX note_by_thread ON note (thread_id, at_ms, note);

-- mention: derived. Who is mentioned in which thread, by the newest note of another that stands, whoever of the team it is.
CREATE TABLE mention (
  agent TEXT NOT NULL,               -- who is meant
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- in which thread
  account TEXT NOT NULL,             -- of which account
  at_ms INTEGER NOT NULL,            -- when the newest note that mentions them was appended, of the relay
  seq INTEGER NOT NULL,              -- seq of that note
  open INTEGER NOT NULL,             -- 1 until this desk's agent has read up to there; says nothing of other agents
  listed INTEGER NOT NULL,           -- 1 while it stands in the view: it is open, or the thread was not done since
  PRIMARY KEY (agent, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_newest ON mention (agent, listed, at_ms DESC, thread_id DESC);
CREATE INDEX mention_newest_of_account ON mention (agent, listed, account, at_ms DESC, thread_id DESC);
CREATE INDEX mention_by_thread ON mention (thread_id);

-- mention_count: derived. How many threads of the view Mentions there are, kept by triggers on `mention`.
CREATE TABLE mention_count (
  agent TEXT NOT NULL,               -- who is meant
  account TEXT NOT NULL,             -- the account
  open INTEGER NOT NULL,             -- as `mention.open`
  threads INTEGER NOT NULL,          -- how many such threads are listed
  PRIMARY KEY (agent, account, open)
) STRICT, WITHOUT ROWID;

-- Keep mention_count true.
CREATE TRIGGER mention_counted AFTER INSERT ON mention WHEN new.listed = 1 BEGIN
  INSERT INTO mention_count (agent, account, open, threads) VALUES (new.agent, new.account, new.open, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER mention_recounted AFTER UPDATE OF open, listed ON mention
WHEN old.open <> new.open OR old.listed <> new.listed BEGIN
  UPDATE mention_count SET threads = threads - old.listed
  WHERE agent = old.agent AND account = old.account AND open = old.open;
  INSERT INTO mention_count (agent, account, open, threads)
  VALUES (new.agent, new.account, new.open, new.listed)
  ON CONFLICT DO UPDATE SET threads = threads + new.listed;
END;
CREATE TRIGGER mention_uncounted AFTER DELETE ON mention WHEN old.listed = 1 BEGIN
  UPDATE mention_count SET threads = threads - 1
  WHERE agent = old.agent AND account = old.account AND open = old.open;
END;

-- label: derived. The labels of the workspace.
CREATE TABLE label (
  label TEXT NOT NULL PRIMARY KEY,   -- our id
  name TEXT NOT NULL,                -- its name
  colour TEXT NOT NULL,              -- as #rrggbb
  seq INTEGER NOT NULL,              -- seq of the fact, in the workspace log
  removed INTEGER NOT NULL DEFAULT 0 -- 1 once it was taken out of the workspace
) STRICT, WITHOUT ROWID;

-- thread_label: derived. Which threads carry which labels. How each thread stands is copied here, by triggers, so that the
-- lists of one label come from indexes of their own.
CREATE TABLE thread_label (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id), -- the thread
  label TEXT NOT NULL,               -- the label
  is_on INTEGER NOT NULL,            -- 1 while it is on
  seq INTEGER NOT NULL,              -- seq of the fact
  account TEXT NOT NULL DEFAULT '',  -- the thread's account
  assignee TEXT,                     -- as `thread.assignee`
  active INTEGER NOT NULL DEFAULT 1, -- as `thread.active`
  needs_reply INTEGER NOT NULL DEFAULT 0, -- as `thread.needs_reply`
  shut INTEGER NOT NULL DEFAULT 0,   -- as `thread.shut`
  ending INTEGER NOT NULL DEFAULT 0, -- as `thread.ending`
  sort_ms INTEGER NOT NULL DEFAULT 0, -- as `thread.sort_ms`
  last_at_ms INTEGER NOT NULL DEFAULT 0, -- as `thread.last_at_ms`
  PRIMARY KEY (thread_id, label)
) STRICT, WITHOUT ROWID;

CREATE INDEX thread_label_on ON thread_label (label, thread_id) WHERE is_on = 1;
CREATE INDEX thread_label_waiting ON thread_label (label, account, active, sort_ms, thread_id, assignee) WHERE is_on = 1;
CREATE INDEX thread_label_newest ON thread_label (label, account, active, last_at_ms DESC, thread_id DESC, assignee) WHERE is_on = 1;

-- label_count: derived. How many threads of each list carry a label, kept by triggers on `thread_label`.
CREATE TABLE label_count (
  label TEXT NOT NULL,               -- the label
  account TEXT NOT NULL,             -- the account
  assignee TEXT NOT NULL,            -- the agent; empty for nobody
  active INTEGER NOT NULL,           -- their shelf, as `thread.active`
  needs_reply INTEGER NOT NULL,      -- 1 when a person should answer
  shut INTEGER NOT NULL,             -- 1 when none can any more, as `thread.shut` says
  ending INTEGER NOT NULL,           -- 1 when their time ends soon, as `thread.ending` says
  threads INTEGER NOT NULL,          -- how many such threads carry it
  PRIMARY KEY (label, account, assignee, active, needs_reply, shut, ending)
) STRICT, WITHOUT ROWID;

-- Keep thread_label and label_count true.
CREATE TRIGGER thread_relabelled
AFTER UPDATE OF assignee, active, needs_reply, shut, ending, sort_ms, last_at_ms ON thread
WHEN old.assignee IS NOT new.assignee OR old.active <> new.active OR old.needs_reply <> new.needs_reply
  OR old.shut <> new.shut OR old.ending <> new.ending OR old.sort_ms <> new.sort_ms
  OR old.last_at_ms <> new.last_at_ms BEGIN
  UPDATE thread_label SET assignee = new.assignee, active = new.active, needs_reply = new.needs_reply,
    shut = new.shut, ending = new.ending, sort_ms = new.sort_ms, last_at_ms = new.last_at_ms
  WHERE thread_id = new.thread_id;
END;
CREATE TRIGGER label_counted AFTER INSERT ON thread_label WHEN new.is_on = 1 BEGIN
  INSERT INTO label_count (label, account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.label, new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, 1)
  ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER label_recounted AFTER UPDATE OF is_on, assignee, active, needs_reply, shut, ending ON thread_label
WHEN old.is_on <> new.is_on OR old.assignee IS NOT new.assignee OR old.active <> new.active
  OR old.needs_reply <> new.needs_reply OR old.shut <> new.shut OR old.ending <> new.ending BEGIN
  UPDATE label_count SET threads = threads - old.is_on
  WHERE label = old.label AND account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
  INSERT INTO label_count (label, account, assignee, active, needs_reply, shut, ending, threads)
  VALUES (new.label, new.account, coalesce(new.assignee, ''), new.active, new.needs_reply, new.shut, new.ending, new.is_on)
  ON CONFLICT DO UPDATE SET threads = threads + new.is_on;
END;
CREATE TRIGGER label_uncounted AFTER DELETE ON thread_label WHEN old.is_on = 1 BEGIN
  UPDATE label_count SET threads = threads - 1
  WHERE label = old.label AND account = old.account AND assignee = coalesce(old.assignee, '')
    AND active = old.active AND needs_reply = old.needs_reply AND shut = old.shut AND ending = old.ending;
END;

-- search_doc: derived. Which message a document of `search` is.
CREATE TABLE search_doc (
  docid INTEGER NOT NULL PRIMARY KEY, -- milliseconds << 20 | tie, so that the index is ordered by time
  message_id INTEGER NOT NULL UNIQUE REFERENCES message (message_id) ON DELETE CASCADE, -- the message
  scope TEXT NOT NULL                -- its scope as it stands in the index, to take it out again
) STRICT;
-- An index of other words is renamed to search_aside and search_doc_aside and taken apart in slices.
-- search: derived. The words of messages, contentless: the core writes tokens and makes snippets. What is deleted is
-- removed from its pages (the option secure-delete), not only marked.
CREATE VIRTUAL TABLE search USING fts5 (
  words,                             -- tokens that the core wrote
  scope,                             -- tokens for thread, account, who said it, kind of content
  content = '',
  columnsize = 0,
  tokenize = 'ascii',
  prefix = '1 2 3 4 5'
);

-- name_doc: derived. Whose names are in `name_search`.
CREATE TABLE name_doc (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- whose customer it is
  words TEXT NOT NULL                -- the words as they stand in the index, to take them out again
) STRICT;
-- name_search: derived. Customers by all names that are known of them, contentless.
CREATE VIRTUAL TABLE name_search USING fts5 (
  words,                             -- tokens of all names of a customer
  content = '',
  columnsize = 0,
  tokenize = 'ascii',
  prefix = '1 2 3'
);
