-- Apps that were seen at an account and that nobody named stand in `app` too, without a name and with seq 0. What it is for
-- stands in docs/schema.sql.
INSERT INTO app (account, app, name, answers_count, seq)
  SELECT DISTINCT t.account, a.value, '', 0, 0
  FROM owner_event e JOIN thread t USING (thread_id),
    json_each(json_array(e.act ->> '$.app', e.act ->> '$.by', e.act ->> '$.from', e.act ->> '$.to',
      e.act ->> '$.seen.app')) a
  WHERE json_valid(e.act) AND a.value IS NOT NULL
  ON CONFLICT DO NOTHING;
