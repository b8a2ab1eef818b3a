-- What the files of a draft that was handed over are called, which stayed on the desk of whoever wrote it.
ALTER TABLE handed_draft ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
