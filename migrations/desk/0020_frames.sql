-- What stands around the text of a draft and of a reply: the message that it answers, and the answers that it offers.
CREATE TABLE draft_frame (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- where it is written
  answers TEXT,                      -- the mid of the message that it answers
  offers TEXT NOT NULL               -- JSON: titles of the quick replies that it offers
) STRICT;
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
