-- A customer who is kept away may be spam too. `thread.active` is 2 for the threads of those who are kept away, so that they
-- stand in a list of their own and count in no other.
ALTER TABLE customer ADD COLUMN spam INTEGER NOT NULL DEFAULT 0;
