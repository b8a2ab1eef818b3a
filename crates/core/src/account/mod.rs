//! Accounts of this desk: checking a Page token, connecting a Page or the Instagram account behind it.

mod check;
mod connect;
mod meta_words;
mod token_words;

pub use check::{CheckedAccount, ConnectError, check_token, subscribe, subscribe_page};
pub(crate) use check::{in_order, needed_rights};
