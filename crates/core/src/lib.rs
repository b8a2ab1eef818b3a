//! The desk without a window: store, sync, outbox, control, team.
