-- How far each log was told, so that a new start repeats nothing and loses nothing.
CREATE TABLE alert_log (
  log TEXT NOT NULL PRIMARY KEY,
  log_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which ends of time this desk's agent was told of.
CREATE TABLE alert_end (
  thread_id INTEGER NOT NULL REFERENCES thread (thread_id),
  ends TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  PRIMARY KEY (thread_id, ends)
) STRICT, WITHOUT ROWID;
