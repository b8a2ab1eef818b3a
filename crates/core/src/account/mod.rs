//! Accounts of this desk: checking a Page token, connecting a Page or the Instagram account behind it.

mod check;
mod connect;
mod meta_words;
mod token_words;

pub(crate) use check::in_order;
pub use check::{CheckedAccount, ConnectError, check_token, subscribe, subscribe_page};
