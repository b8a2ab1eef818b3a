//! Accounts of this desk: checking a Page token, connecting a Page or the Instagram account behind it.

mod check;
mod connect;
mod late_right;
mod meta_words;
mod token_words;

pub use check::{CheckedAccount, ConnectError, check_token, subscribe, subscribe_page};
pub(crate) use check::{in_order, needed_rights};
pub(crate) use late_right::COUNTS_MS as LATE_REFUSAL_COUNTS_MS;
pub use late_right::LateRight;
