//! People, builders and whole parts in one process, for the tests that cross parts.
