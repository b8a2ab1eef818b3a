//! Page tokens by Meta's own login, without a token that anybody copies.
//!
//! ```text
//! desk ── begin ──▶ relay        the relay makes a state: single use, ten minutes, bound to this desk and its key
//! desk ── opens the browser at the dialog ──▶ Meta ──▶ the person says yes or no
//! Meta ── /login/return?code&state ──▶ relay: code → the person's token → a long one → the Pages with their tokens
//! relay ── `login_ended` on the stream ──▶ desk ── take ──▶ the box, once; only this desk opens it
//! ```
//!
//! What the desk does:
//! 1. [`crate::routes::LOGINS`] with [`LoginRequest`]; it opens [`LoginBegun::url`] in the person's browser.
//! 2. It waits for [`crate::stream::StreamEvent::LoginEnded`]. Without a stream it asks [`crate::routes::TAKE_LOGIN`] every
//!    few seconds, which answers [`LoginStanding::Waiting`] until something happened.
//! 3. [`crate::routes::TAKE_LOGIN`] answers [`LoginStanding::Ready`] with the box **once**: the relay deletes it with that
//!    answer. A desk that loses the answer begins anew. It opens the box as [`LoginTokens`].
//! 4. It connects each account that it is invited to, as with a pasted token: checks the token, subscribes the Page, saves
//!    the token, sends `connect_account`, and registers the token ([`crate::token`]).
//!
//! The relay keeps no token: it holds the box until it is taken, ten minutes at most after the login began. Beginning a
//! login ends an earlier one of the same desk.

use baton_messenger::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::ids::LoginId;
use crate::sealed::Sealed;
use crate::token::PageToken;

/// How long a login may take, from its beginning until its box is taken, milliseconds.
pub const LOGIN_LIFE_MS: i64 = 10 * 60 * 1000;

/// Begins a login.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRequest {
    /// True to have Meta ask again for rights that the person declined before; without it Meta does not mention them.
    #[serde(default)]
    pub ask_again: bool,
}

/// A login that waits for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginBegun {
    /// The login.
    pub login: LoginId,
    /// Where the browser goes. It holds the state, which is a secret: it belongs into no log.
    pub url: String,
    /// When the login ends by itself, milliseconds UTC of the relay.
    pub expires_at_ms: i64,
}

/// How a login stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum LoginStanding {
    /// The person has not come back from Meta yet.
    Waiting,
    /// The box, this once.
    Ready {
        /// [`LoginTokens`], sealed for the desk that began.
        sealed: Sealed,
    },
    /// There will be no box. Told once; afterwards the login does not exist.
    Failed {
        /// Why.
        reason: LoginFailure,
        /// What happened, for people.
        message: String,
        /// What they can do.
        action: String,
    },
}

/// Why a login brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LoginFailure {
    /// The person did not agree.
    Denied,
    /// Nobody came back in time.
    Expired,
    /// Meta refused to exchange what it gave.
    Refused,
    /// Meta could not be reached.
    MetaAway,
    /// The person agreed, and chose no Page.
    NoPages,
    /// A fault of the relay.
    Internal,
    /// A reason of a newer version.
    #[serde(other)]
    Unknown,
}

/// What a login's box holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoginTokens {
    /// The login it came from; a box of another login is not for this waiting.
    pub login: LoginId,
    /// All Pages that the person chose, also those that cannot be used and those nobody here was invited to, so that the
    /// window can say why.
    pub pages: Vec<GrantedPage>,
}

/// A Page that the person chose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GrantedPage {
    /// The Page.
    pub page: AccountId,
    /// Its name at Meta.
    pub name: String,
    /// The Instagram account linked to it.
    pub instagram: Option<GrantedInstagram>,
    /// Whether the person may read and send messages there (docs/meta.md 1.4).
    pub can_message: bool,
    /// Whether the person may subscribe webhooks there (docs/meta.md 1.4).
    pub can_subscribe: bool,
    /// Accounts of this desk that the token serves: the Page, its Instagram account, both or none.
    pub serves: Vec<AccountId>,
    /// The token; none when it would serve no account of this desk.
    pub token: Option<PageToken>,
}

/// An Instagram account behind a Page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedInstagram {
    /// Its id, the account of its webhooks.
    pub account: AccountId,
    /// Its user name.
    pub username: Option<String>,
}
