//! Accounts of this desk: checking a Page token, connecting a Page, names of customers.

mod check;

pub use check::{CheckedPage, ConnectError, check_token, subscribe};
