-- What Meta sends our app of the account's platform at all, as the relay found out with the app's own token. What it is for
-- stands in docs/schema.sql.
ALTER TABLE account ADD COLUMN app_subscribed INTEGER;
ALTER TABLE account ADD COLUMN app_fields TEXT;
ALTER TABLE account ADD COLUMN app_subscribed_seq INTEGER NOT NULL DEFAULT 0;
