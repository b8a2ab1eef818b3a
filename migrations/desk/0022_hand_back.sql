-- Whether a thread goes back to the default app when an agent is done with it.
ALTER TABLE account ADD COLUMN hand_back INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN hand_back_seq INTEGER NOT NULL DEFAULT 0;
