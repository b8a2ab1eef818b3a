//! People and their desks: what an admin's desk sees and changes, and what every desk confirms once something is gone.
//!
//! **Who may what.** Each call is judged by the roles of its moment. Whoever administers an account sees who works there, and
//! gives, changes and ends roles on it; on another account nothing of that is seen or changed. What is whole, a person on all
//! accounts and a desk of theirs, is for whoever administers every account that the person works on: cutting a desk off, and
//! inviting another desk of the same person. Who administers a part ends the role there. A name is changed by an admin of any
//! account of the person. An account keeps an admin who has a desk.
//!
//! **Invites.** An admin's invite is good for what its maker may still give when it is used: it ends with the maker's role, and
//! with the maker's last desk. The secret is in the answer that makes it, and nowhere else.
//!
//! **What is owed.** A desk that may no longer read an account, and one that is told to erase a customer, holds it until it
//! has removed it. It asks what it owes ([`crate::routes::OWED`]) whenever its stream opens and whenever it removed
//! something, and confirms what is gone ([`crate::routes::GONE`]). A desk that was cut off is refused everything but one call:
//! that nothing is left on it ([`crate::routes::WIPED`]).

use std::fmt;

use baton_messenger::id::{AccountId, CustomerId};
use serde::{Deserialize, Serialize};

use crate::enrol::Role;
use crate::ids::{AgentId, DeskId, InviteId};

/// The shortest time that an invite is good for, milliseconds.
pub const INVITE_LEAST_MS: i64 = 60 * 60 * 1000;
/// How long an invite is good for unless somebody says otherwise, milliseconds.
pub const INVITE_USUAL_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// The longest time, milliseconds.
pub const INVITE_MOST_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How many invites are made with one call at most.
pub const MOST_INVITES: usize = 500;
/// The longest name of an agent, in characters.
pub const NAME_CHARS: usize = 100;

/// Why a name is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// There is nothing in it.
    #[error("the name is empty")]
    Empty,
    /// It is longer than [`NAME_CHARS`].
    #[error("the name is longer than {} characters", NAME_CHARS)]
    Long,
    /// It has a character that is none to read: a line break, a control character.
    #[error("the name has a character that cannot be shown")]
    Unreadable,
}

/// A name of an agent as it is kept: without space around it.
///
/// # Errors
/// [`NameFault`].
pub fn name_of_agent(written: &str) -> Result<&str, NameFault> {
    let name = written.trim();
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    if name.chars().count() > NAME_CHARS {
        return Err(NameFault::Long);
    }
    if name.chars().any(|letter| letter.is_control() || letter == char::REPLACEMENT_CHARACTER) {
        return Err(NameFault::Unreadable);
    }
    Ok(name)
}

/// A role on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOn {
    /// The account.
    pub account: AccountId,
    /// The role there.
    pub role: Role,
}

/// A role that an invite would replace. A role belongs to the person and not to the desk: it changes on all their desks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChange {
    /// The account.
    pub account: AccountId,
    /// The role that the person has.
    pub from: Role,
    /// The role that they would have.
    pub to: Role,
}

/// Everybody whom the asking admin sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// By name.
    pub people: Vec<Person>,
    /// Invites that were not used and have not ended, newest first.
    pub invites: Vec<OpenInvite>,
}

/// A person of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person.
    pub agent: AgentId,
    /// The name.
    pub name: String,
    /// Roles on accounts that the asker administers, by account.
    pub roles: Vec<RoleOn>,
    /// True when the asker administers every account that the person works on.
    pub wholly: bool,
    /// The person's desks, oldest first.
    pub desks: Vec<PersonDesk>,
}

/// A desk of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDesk {
    /// The desk.
    pub desk: DeskId,
    /// What the machine is called.
    pub name: String,
    /// When it was enrolled, milliseconds UTC of the relay.
    pub enrolled_at_ms: i64,
    /// When it was last connected, milliseconds UTC of the relay; none when it never was, as far as the relay knows.
    pub seen_at_ms: Option<i64>,
    /// True while it is connected.
    pub connected: bool,
    /// When it was cut off, milliseconds UTC of the relay.
    pub revoked_at_ms: Option<i64>,
    /// When it said that nothing is left on it, milliseconds UTC of the relay.
    pub wiped_at_ms: Option<i64>,
    /// Accounts that the asker administers, that the desk may no longer read, and that it has not confirmed to have removed.
    pub still_holds: Vec<AccountId>,
    /// How many erased customers of accounts that the asker administers it has not confirmed.
    pub erasures: u32,
}

/// An invite that somebody may still use. Never the secret. Who sees it may take it back, as far as it is for accounts that they
/// administer: what it gives on others stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvite {
    /// The invite.
    pub invite: InviteId,
    /// The person whose further desk it lets in; none for a new person.
    pub agent: Option<AgentId>,
    /// The person's name.
    pub name: String,
    /// What it gives on accounts that the asker administers.
    pub roles: Vec<RoleOn>,
    /// Who made it; none for whoever operates the relay.
    pub made_by: Option<AgentId>,
    /// When, milliseconds UTC of the relay; none when that is not known.
    pub made_at_ms: Option<i64>,
    /// When it ends, milliseconds UTC of the relay.
    pub expires_at_ms: i64,
}

/// Makes invites, all of them or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitesAsked {
    /// At most [`MOST_INVITES`].
    pub invites: Vec<InviteAsked>,
}

/// One invite to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAsked {
    /// The person whose further desk it is for; none for a new person.
    pub agent: Option<AgentId>,
    /// The name of a new person; of a known one it says nothing.
    pub name: String,
    /// Roles on accounts that the asker administers. A new person needs one; a known one keeps what they have without any.
    pub roles: Vec<RoleOn>,
    /// How long it is good for, milliseconds, from [`INVITE_LEAST_MS`] to [`INVITE_MOST_MS`].
    pub valid_ms: i64,
    /// True to replace roles that a known person has. Without it an invite that would is refused.
    #[serde(default)]
    pub change_roles: bool,
}

/// Invites that were made, in the order in which they were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitesMade {
    /// The invites.
    pub invites: Vec<InviteMade>,
}

/// An invite that was made, with its secret: this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteMade {
    /// The invite.
    pub invite: InviteId,
    /// What lets a desk in.
    pub secret: String,
    /// The person's name.
    pub name: String,
    /// When it ends, milliseconds UTC of the relay.
    pub expires_at_ms: i64,
}

impl fmt::Debug for InviteMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InviteMade").field("invite", &self.invite).finish_non_exhaustive()
    }
}

/// Gives, changes or ends a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAsked {
    /// Where.
    pub account: AccountId,
    /// Which; none ends it.
    pub role: Option<Role>,
}

/// Gives a person another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameAsked {
    /// The name.
    pub name: String,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// False when nothing needed to change.
    pub changed: bool,
}

/// What a desk has to remove and did not confirm, or what it confirms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removals {
    /// Erased customers.
    pub erasures: Vec<ErasureAt>,
    /// Accounts that it may not read any more.
    pub accounts: Vec<AccountId>,
}

impl Removals {
    /// True when there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.erasures.is_empty() && self.accounts.is_empty()
    }
}

/// The erasure of a customer, by the fact that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureAt {
    /// The account.
    pub account: AccountId,
    /// The seq of the fact.
    pub seq: u64,
}

/// How the last erasure of a customer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureStanding {
    /// The customer.
    pub customer: CustomerId,
    /// The seq of the fact.
    pub seq: u64,
    /// When, milliseconds UTC of Meta as far as the relay knew it.
    pub at_ms: i64,
    /// Who did it; none for whoever operates the relay.
    pub by: Option<AgentId>,
    /// Desks that have not confirmed it, oldest first.
    pub waiting: Vec<DeskWaiting>,
}

/// A desk that has not confirmed that something is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskWaiting {
    /// The desk.
    pub desk: DeskId,
    /// What the machine is called.
    pub name: String,
    /// Its agent's name.
    pub agent_name: String,
    /// When it was last connected, milliseconds UTC of the relay.
    pub seen_at_ms: Option<i64>,
    /// True while it is connected.
    pub connected: bool,
    /// True once it was cut off.
    pub is_revoked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_with_something_in_it() {
        assert_eq!(name_of_agent("  Ines Kremer "), Ok("Ines Kremer"));
        assert_eq!(name_of_agent("O'Neil, Zoë \"Zo\" 🫖"), Ok("O'Neil, Zoë \"Zo\" 🫖"));
        assert_eq!(name_of_agent(" \t"), Err(NameFault::Empty));
        assert_eq!(name_of_agent("Ines\nKremer"), Err(NameFault::Unreadable));
        assert_eq!(name_of_agent("In\u{fffd}s"), Err(NameFault::Unreadable));
        assert_eq!(name_of_agent(&"é".repeat(NAME_CHARS)).map(|name| name.chars().count()), Ok(NAME_CHARS));
        assert_eq!(name_of_agent(&"é".repeat(NAME_CHARS + 1)), Err(NameFault::Long));
    }

    #[test]
    fn no_debug_output_shows_an_invite() {
        let made = InviteMade {
            invite: InviteId::new(),
            secret: "inv_secret".to_owned(),
            name: "Ines".to_owned(),
            expires_at_ms: 1,
        };
        assert!(!format!("{:?}", InvitesMade { invites: vec![made] }).contains("inv_secret"));
    }
}
