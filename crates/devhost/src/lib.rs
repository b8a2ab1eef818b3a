//! The loopback browser host of the page, only for tests and work on the page.
