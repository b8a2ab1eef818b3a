//! Page tokens: which desk has one, boxes from an admin's desk for the others, and proofs for calls.
//!
//! A token lives in the key stores of desks. Of each the relay knows a fingerprint, by account and desk.
//!
//! **Registering.** When a desk has connected an account, and whenever it has got another token for it, it shows the token
//! once ([`crate::routes::TOKEN`], [`TokenShown`]). The relay asks Meta what it is worth (`debug_token`), and keeps the
//! fingerprint only of a living Page token of our own app for this very account. The token itself is forgotten with the
//! answer. A dead token is reported with the command `report_token` (`alive: false`), which marks every desk that has the
//! same one; registering a new one ends that.
//!
//! **One reconnect heals all desks.** An admin's desk, after it has connected an account or when somebody is enrolled
//! (`desk_enrolled` and `role_set` in the workspace log say so):
//! 1. reads [`crate::routes::TOKEN_DESKS`]: every desk with a role on the account, its public key, and how its token stands;
//! 2. seals a [`BoxedToken`] for each that has none or a dead one and for which no box waits, and leaves them with
//!    [`crate::routes::BOXES`].
//!
//! The other desk hears [`crate::stream::StreamEvent::BoxWaiting`], at once or when it connects, and takes the box
//! ([`crate::routes::TAKE_BOX`]), **once**: the relay deletes it with that answer. The desk opens it, checks that account
//! and desk in it are its own, checks the token with Meta like a pasted one, saves it, and registers it. A box that nobody
//! takes is deleted after [`BOX_LIFE_MS`]; so is one whose desk is cut off or loses the account. The relay cannot open a box.
//!
//! **Proofs.** Where the app requires its secret's proof (docs/meta.md 1.2), a desk asks [`crate::routes::PROOF`] for one
//! before it calls Graph. It gets Meta's timed form for a token that is registered for an account it has a role on, made at
//! the relay's own time, and good for five minutes; so one proof serves all calls of these minutes. There are
//! [`PROOFS_AT_ONCE`] at once and one more every [`PROOF_EVERY_MS`]; beyond that the relay answers `rate_limited`. While the
//! relay is away there are no proofs, and calls wait.

use std::fmt;

use baton_messenger::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::enrol::Role;
use crate::ids::{AgentId, DeskId};
use crate::sealed::Sealed;

/// How long a box waits for its desk, milliseconds.
pub const BOX_LIFE_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// How many proofs a desk gets at once.
pub const PROOFS_AT_ONCE: u32 = 20;
/// After how long a desk may have one more proof, milliseconds.
pub const PROOF_EVERY_MS: i64 = 10_000;

/// A Page token in a message. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(String);

impl PageToken {
    /// Wraps a token.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(token)
    }

    /// The token itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is written as Meta's tokens are. What is written otherwise is never signed: the same secret signs
    /// webhooks.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let is_one_of_its = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        !self.0.is_empty() && self.0.len() <= MAX_TOKEN_BYTES && self.0.bytes().all(is_one_of_its)
    }
}

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(…)")
    }
}

/// Longer than any token of Meta, bytes.
pub const MAX_TOKEN_BYTES: usize = 1024;

/// Shows a token to the relay, to be registered or to be proven. It is not kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenShown {
    /// The token.
    pub token: PageToken,
}

/// A token was registered: what Meta says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRegistered {
    /// When it ends, milliseconds UTC; none when it has no end of its own.
    pub expires_ms: Option<i64>,
    /// When Meta stops giving data for it unless the person logs in again, milliseconds UTC.
    pub data_access_expires_ms: Option<i64>,
    /// The rights it carries on this account.
    pub scopes: Vec<String>,
}

/// How a desk's token for an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TokenStanding {
    /// It registered one, and nobody reported it dead.
    Alive,
    /// The one it registered was reported dead.
    Dead,
    /// It never registered one.
    Missing,
}

/// One desk with a role on an account, for its admins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenDesk {
    /// The desk.
    pub desk: DeskId,
    /// What the machine is called.
    pub desk_name: String,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// The agent's role on the account.
    pub role: Role,
    /// The desk's X25519 public key, base64.
    pub public_key: String,
    /// How its token stands.
    pub token: TokenStanding,
    /// True while a box for it waits here.
    pub box_waiting: bool,
}

impl TokenDesk {
    /// True for a desk that somebody should seal a token for.
    #[must_use]
    pub fn needs_box(&self) -> bool {
        self.token != TokenStanding::Alive && !self.box_waiting
    }
}

/// The desks with a role on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenDesks {
    /// Oldest enrolment first.
    pub desks: Vec<TokenDesk>,
}

/// What an admin's desk seals for another desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxedToken {
    /// The account it is for.
    pub account: AccountId,
    /// The desk it is for.
    pub desk: DeskId,
    /// The Page token.
    pub token: PageToken,
}

/// Leaves boxes for desks of an account. Needs an admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxesLeft {
    /// One for each desk; a newer one takes the place of an older.
    pub boxes: Vec<DeskBox>,
}

/// A box for one desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskBox {
    /// The desk.
    pub desk: DeskId,
    /// The public key it was sealed for; the relay takes no box for another key than the desk's.
    pub public_key: String,
    /// [`BoxedToken`], sealed.
    pub sealed: Sealed,
}

/// What became of the boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxesKept {
    /// Desks whose box waits now.
    pub kept: Vec<DeskId>,
    /// Desks that get none: cut off, without a role on the account, or with another key.
    pub refused: Vec<DeskId>,
}

/// A box as its desk takes it, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxTaken {
    /// [`BoxedToken`], sealed for this desk.
    pub sealed: Sealed,
    /// The admin whose desk left it.
    pub from: AgentId,
    /// When it was left, milliseconds UTC of the relay.
    pub left_at_ms: i64,
}

/// Meta's timed proof for one token (docs/meta.md 1.2): both go along with each call.
#[derive(Clone, Serialize, Deserialize)]
pub struct TimedProof {
    /// `appsecret_proof`.
    pub proof: String,
    /// `appsecret_time`, unix seconds of Meta.
    pub time: i64,
}

impl fmt::Debug for TimedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimedProof").field("time", &self.time).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_token_is_well_formed() {
        for good in ["EAAB", "EAAFIXTUREpageTokenOne", "a-b_c0"] {
            assert!(PageToken::new(good.to_owned()).is_well_formed(), "{good}");
        }
        let long = "a".repeat(MAX_TOKEN_BYTES + 1);
        for bad in ["", "{}", "a b", "a|1", "a\n", "ä", "a\0", "a.b", "a+b", "a/b", "a=", long.as_str()] {
            assert!(!PageToken::new(bad.to_owned()).is_well_formed(), "{bad}");
        }
    }

    #[test]
    fn no_debug_output_shows_a_token_or_a_proof() {
        let shown = TokenShown { token: PageToken::new("EAAsecret".to_owned()) };
        let proof = TimedProof { proof: "65a3secret".to_owned(), time: 1 };
        assert!(!format!("{shown:?} {proof:?}").contains("secret"));
    }
}
