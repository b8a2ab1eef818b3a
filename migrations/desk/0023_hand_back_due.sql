-- Threads that go back to the default app because this desk's agent is done with them: kept until that was settled.
CREATE TABLE hand_back_due (
  thread_id INTEGER NOT NULL PRIMARY KEY REFERENCES thread (thread_id), -- which goes back
  done_ms INTEGER NOT NULL           -- when its agent was done with it, of Meta's clock
) STRICT;
