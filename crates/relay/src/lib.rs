//! The relay: verifies webhooks, keeps one ordered log per account, streams it to desks, judges team commands.
