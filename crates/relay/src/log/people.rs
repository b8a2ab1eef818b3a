//! What the log keeps about people beyond what each call needs: who works where, their desks, invites, and what desks may
//! still hold.
//!
//! Whatever the implementation, it promises:
//!
//! - An act is judged by the roles of its moment, in the transaction that carries it out; what is asked for together happens
//!   together or not at all.
//! - Nothing of an account is told to, or changed by, whoever does not administer it.
//! - A desk stays listed with what it may hold until it confirmed that it is gone.

use async_trait::async_trait;
use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::enrol::Role;
use baton_protocol::people::{ErasureStanding, People, Removals, RoleOn};
use baton_protocol::{AgentId, DeskId, InviteId};

use super::{LogError, Read};
use crate::people::NewInvite;
use crate::secret::Hash;
use crate::team::Objection;

/// What an admin's desk asks for.
#[derive(Clone, Debug)]
pub enum AdminAct {
    /// Keeps invites.
    Invite(Vec<NewInvite>),
    /// Takes an invite back, as far as it is for accounts that the asker administers.
    TakeBack(InviteId),
    /// Sets or ends a role.
    SetRole(AgentId, AccountId, Option<Role>),
    /// Gives an agent another name.
    Rename(AgentId, String),
    /// Cuts a desk off.
    Revoke(DeskId),
}

/// What becomes of what an admin's desk asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged<T> {
    /// It is so.
    Done(T),
    /// It is not for this admin.
    Not(Objection),
    /// The desk was cut off.
    Revoked,
}

/// The part of the log that is about people.
#[async_trait]
pub trait PeopleStore {
    /// Everybody whom the desk's agent administers. Which desks are connected, and since when those are gone that were a moment
    /// ago, is not known here.
    async fn people(&self, desk: DeskId) -> Result<Judged<People>, LogError>;

    /// Carries out what an admin's desk asks for; false when nothing needed to change.
    async fn administer(&self, desk: DeskId, act: AdminAct) -> Result<Judged<bool>, LogError>;

    /// How the last erasure of a customer stands, for an admin of the account; none when there was none.
    async fn erasure(
        &self,
        desk: DeskId,
        account: &AccountId,
        customer: &CustomerId,
    ) -> Result<Judged<Option<ErasureStanding>>, LogError>;

    /// The roles of an agent, by account; for whoever may hear of them.
    async fn roles_of(&self, agent: AgentId) -> Result<Vec<RoleOn>, LogError>;

    /// What a desk has to remove and did not confirm.
    async fn owed(&self, desk: DeskId) -> Result<Read<Removals>, LogError>;

    /// A desk confirms that this is gone. What it does not owe is passed over.
    async fn gone(&self, desk: DeskId, gone: Removals) -> Result<Read<()>, LogError>;

    /// The desk behind this token, which was cut off, says that nothing is left on it. False when it was not cut off, none when
    /// nobody has this token.
    async fn wiped(&self, token: &Hash) -> Result<Option<bool>, LogError>;

    /// Keeps when desks were last connected, milliseconds UTC.
    async fn seen(&self, seen: Vec<(DeskId, i64)>) -> Result<(), LogError>;
}
